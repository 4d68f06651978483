import type { ForeignAccount, ImportAccount, ImportOptions, ImportOutcome } from '../domain/accounts/import-account.ts'
import { allSettledThenThrow } from '../domain/all-settled-then-throw.ts'
import type { Result } from '../domain/result.ts'
import { readForeignAccount } from './request.ts'
import { type AdminFailure, describeFailure, type ImportReport } from './response.ts'

// As many as the SDK client opens connections.
const atOnce = 50

type Read = Result<ForeignAccount, AdminFailure>

/** Imports the users of a batch one by one: a refused one does not keep the others out. */
export async function importBatch(
  users: readonly unknown[],
  options: ImportOptions,
  importAccount: ImportAccount,
  scopes: readonly string[],
): Promise<ImportReport> {
  const accounts = users.map(readForeignAccount)
  const importOne = async (account: Read): Promise<Result<ImportOutcome, AdminFailure>> =>
    account.ok ? importAccount(account.value, options) : account
  const outcomes: Result<ImportOutcome, AdminFailure>[] = []
  for (const some of inGroups(accounts)) outcomes.push(...(await allSettledThenThrow(some.map(importOne))))
  return {
    ...reportOf(outcomes, scopes),
    ...(options.dryRun && canonicalOf(accounts)),
  }
}

/** `emails` only where there is one. */
function canonicalOf(accounts: readonly Read[]): Pick<ImportReport, 'usernames' | 'emails'> {
  const usernames = accounts.map((account) => (account.ok ? account.value.username : null))
  const emails = accounts.map((account) => (account.ok ? (account.value.email ?? null) : null))
  return { usernames, ...(emails.some((email) => email !== null) && { emails }) }
}

/** Groups that are imported at once. A name, address or sub that repeats begins another, so that the first line always wins it. */
function* inGroups(accounts: readonly Read[]): Generator<readonly Read[]> {
  let group: Read[] = []
  let taken = new Set<string>()
  for (const account of accounts) {
    const keys = account.ok ? keysOf(account.value) : []
    if (group.length === atOnce || keys.some((key) => taken.has(key))) {
      yield group
      ;[group, taken] = [[], new Set()]
    }
    group.push(account)
    for (const key of keys) taken.add(key)
  }
  yield group
}

const keysOf = ({ username, email, sub }: ForeignAccount): readonly string[] => [
  `identifier ${username}`,
  ...(email === undefined || email === username ? [] : [`identifier ${email}`]),
  ...(sub === undefined ? [] : [`sub ${sub}`]),
]

function reportOf(outcomes: readonly Result<ImportOutcome, AdminFailure>[], scopes: readonly string[]): ImportReport {
  const indexesOf = (wanted: ImportOutcome) =>
    outcomes.flatMap((outcome, index) => (outcome.ok && outcome.value === wanted ? [index] : []))
  const refused = outcomes.flatMap((outcome, index) =>
    outcome.ok ? [] : [{ index, error_description: describeFailure(outcome.failure, scopes).error_description }],
  )
  const created = indexesOf('created').length
  return { created, updated: indexesOf('updated'), existing: indexesOf('unchanged'), refused }
}
