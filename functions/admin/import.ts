import type { ImportAccount, ImportOptions, ImportOutcome } from '../domain/accounts/import-account.ts'
import { allSettledThenThrow } from '../domain/all-settled-then-throw.ts'
import type { Result } from '../domain/result.ts'
import { readForeignAccount } from './request.ts'
import { type AdminFailure, describeFailure, type ImportReport } from './response.ts'

// As many as the SDK client opens connections.
const atOnce = 50

type One = { readonly username: string | null; readonly outcome: Result<ImportOutcome, AdminFailure> }

/** Imports the users of a batch one by one: a refused one does not keep the others out. */
export async function importBatch(
  users: readonly unknown[],
  options: ImportOptions,
  importAccount: ImportAccount,
  scopes: readonly string[],
): Promise<ImportReport> {
  const all: One[] = []
  while (all.length < users.length) {
    const some = users.slice(all.length, all.length + atOnce)
    all.push(...(await allSettledThenThrow(some.map((user) => importOne(user, options, importAccount)))))
  }
  const outcomes = all.map(({ outcome }) => outcome)
  return {
    ...reportOf(outcomes, scopes),
    ...(options.dryRun && { usernames: all.map(({ username }) => username) }),
  }
}

async function importOne(user: unknown, options: ImportOptions, importAccount: ImportAccount): Promise<One> {
  const foreign = readForeignAccount(user)
  if (!foreign.ok) return { username: null, outcome: foreign }
  return { username: foreign.value.username, outcome: await importAccount(foreign.value, options) }
}

function reportOf(outcomes: readonly Result<ImportOutcome, AdminFailure>[], scopes: readonly string[]): ImportReport {
  const indexesOf = (wanted: ImportOutcome) =>
    outcomes.flatMap((outcome, index) => (outcome.ok && outcome.value === wanted ? [index] : []))
  const refused = outcomes.flatMap((outcome, index) =>
    outcome.ok ? [] : [{ index, error_description: describeFailure(outcome.failure, scopes).error_description }],
  )
  const created = indexesOf('created').length
  return { created, updated: indexesOf('updated'), existing: indexesOf('unchanged'), refused }
}
