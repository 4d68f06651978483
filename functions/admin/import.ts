import type { User } from '../domain/accounts/account.ts'
import type { ImportAccount } from '../domain/accounts/import-account.ts'
import { allSettledThenThrow } from '../domain/all-settled-then-throw.ts'
import type { Result } from '../domain/result.ts'
import { readForeignAccount } from './request.ts'
import { type AdminFailure, describeFailure, type ImportReport } from './response.ts'

// As many as the connections that a client of the SDK opens.
const atOnce = 50

/** Imports the users of a batch, each by itself: one that is refused keeps no other out. */
export async function importBatch(
  users: readonly unknown[],
  importAccount: ImportAccount,
  scopes: readonly string[],
): Promise<ImportReport> {
  const outcomes: Result<User, AdminFailure>[] = []
  while (outcomes.length < users.length) {
    const some = users.slice(outcomes.length, outcomes.length + atOnce)
    outcomes.push(...(await allSettledThenThrow(some.map((user) => importOne(user, importAccount)))))
  }
  return reportOf(outcomes, scopes)
}

async function importOne(user: unknown, importAccount: ImportAccount): Promise<Result<User, AdminFailure>> {
  const foreign = readForeignAccount(user)
  return foreign.ok ? importAccount(foreign.value) : foreign
}

function reportOf(outcomes: readonly Result<User, AdminFailure>[], scopes: readonly string[]): ImportReport {
  const failed = outcomes.flatMap((outcome, index) => (outcome.ok ? [] : [{ index, failure: outcome.failure }]))
  const existing = failed.filter(({ failure }) => failure.reason === 'username_taken').map(({ index }) => index)
  const refused = failed
    .filter(({ failure }) => failure.reason !== 'username_taken')
    .map(({ index, failure }) => ({ index, error_description: describeFailure(failure, scopes).error_description }))
  return { created: outcomes.length - failed.length, existing, refused }
}
