import type { Account } from '../domain/accounts/account.ts'
import type { ImportAccount, ImportOptions } from '../domain/accounts/import-account.ts'
import { allSettledThenThrow } from '../domain/all-settled-then-throw.ts'
import type { Result } from '../domain/result.ts'
import { readForeignAccount } from './request.ts'
import { type AdminFailure, describeFailure, type ImportReport } from './response.ts'

// As many as the SDK client opens connections.
const atOnce = 50

/** Imports the users of a batch one by one: a refused one does not keep the others out. */
export async function importBatch(
  users: readonly unknown[],
  options: ImportOptions,
  importAccount: ImportAccount,
  scopes: readonly string[],
): Promise<ImportReport> {
  const outcomes: Result<Account, AdminFailure>[] = []
  while (outcomes.length < users.length) {
    const some = users.slice(outcomes.length, outcomes.length + atOnce)
    outcomes.push(...(await allSettledThenThrow(some.map((user) => importOne(user, options, importAccount)))))
  }
  return reportOf(outcomes, scopes)
}

async function importOne(
  user: unknown,
  options: ImportOptions,
  importAccount: ImportAccount,
): Promise<Result<Account, AdminFailure>> {
  const foreign = readForeignAccount(user)
  return foreign.ok ? importAccount(foreign.value, options) : foreign
}

function reportOf(outcomes: readonly Result<Account, AdminFailure>[], scopes: readonly string[]): ImportReport {
  const failed = outcomes.flatMap((outcome, index) => (outcome.ok ? [] : [{ index, failure: outcome.failure }]))
  const existing = failed.filter(({ failure }) => failure.reason === 'username_taken').map(({ index }) => index)
  const refused = failed
    .filter(({ failure }) => failure.reason !== 'username_taken')
    .map(({ index, failure }) => ({ index, error_description: describeFailure(failure, scopes).error_description }))
  return { created: outcomes.length - failed.length, existing, refused }
}
