import type { Clock } from '../clock.ts'
import type { HashFailure } from '../passwords/hashing/hash-part.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { PasswordStore } from '../passwords/password-store.ts'
import { fail, type Result, succeed } from '../result.ts'
import { deleteEndedSessions } from '../sessions/end-sessions.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { AccountStore, NewAccountFailure } from './account.ts'
import { isPersonal } from './subject.ts'

/**
 * An account of another system. `username` is a canonical identifier, `email` a canonical address: the username itself, or
 * beside a name. `emailVerified` is about the address. Without `passwordHash` it has no password.
 */
export type ForeignAccount = {
  readonly username: string
  readonly email?: string | undefined
  readonly emailVerified?: boolean
  readonly passwordHash: string | undefined
  readonly scope: readonly string[]
  readonly groups?: readonly string[]
  readonly disabled: boolean
  readonly sub: string | undefined
}

/**
 * `restore` allows the `sub` of a deleted account: the administrator states that it is the same person.
 * `allowPersonalSub` allows a `sub` with an `@`, which stays in the table after the account is deleted.
 * `update` replaces the password of an imported account that has not logged in here yet, and nothing else of it;
 * only a hash that says so, such as Django's `!`, takes the password away.
 * `dryRun` only says what would be done: it reads and writes nothing.
 */
export type ImportOptions = {
  readonly restore: boolean
  readonly allowPersonalSub: boolean
  readonly update: boolean
  readonly dryRun: boolean
}

/** What became of an account, or would have become of it. */
export type ImportOutcome = 'created' | 'updated' | 'unchanged'

export type ImportFailure =
  | { readonly reason: Exclude<NewAccountFailure['reason'], 'username_taken'> }
  | HashFailure
  | { readonly reason: 'unknown_scope' | 'personal_subject' | 'other_subject' | 'address_taken' }

export type ImportAccount = (
  account: ForeignAccount,
  options: ImportOptions,
) => Promise<Result<ImportOutcome, ImportFailure>>

type Dependencies = {
  readonly accounts: Pick<AccountStore, 'findSubject' | 'findAccount' | 'isSubjectDeleted' | 'putNewAccount'>
  readonly passwords: Pick<PasswordStore, 'findPassword' | 'replaceImported'>
  readonly sessions: Pick<SessionStore, 'listSessions' | 'deleteSession'>
  readonly hasher: Pick<PasswordHasher, 'prepareImport'>
  readonly scopes: readonly string[]
  readonly clock: Clock
  readonly newId: () => string
}

/**
 * Imports an account with the hash that it has. Existing accounts are left unchanged, except for what `update` allows, so an
 * import can be run again from the start. The password is not checked against the policy, because nobody knows it.
 */
export function createImportAccount(dependencies: Dependencies): ImportAccount {
  const { hasher, scopes, accounts } = dependencies
  return async (foreign, options) => {
    const { passwordHash, scope, sub } = foreign
    if (!scope.every((token) => scopes.includes(token))) return fail({ reason: 'unknown_scope' })
    if (sub !== undefined && isPersonal(sub) && !options.allowPersonalSub) return fail({ reason: 'personal_subject' })
    const prepared = passwordHash === undefined ? succeed(undefined) : await hasher.prepareImport(passwordHash)
    if (!prepared.ok) return prepared
    const account = { ...foreign, passwordHash: prepared.value }
    const create = options.dryRun ? wouldCreate : createAccount
    const created = await create(account, options, dependencies)
    if (created.ok) return succeed('created')
    if (created.failure.reason !== 'username_taken') return fail({ reason: created.failure.reason })
    // The name is new, so it is the address that another account has.
    const isAddress = foreign.email !== undefined && (await accounts.findSubject(foreign.username)) === undefined
    if (isAddress) return fail({ reason: 'address_taken' })
    if (!options.update) return succeed('unchanged')
    // A dump that was made without hashes must not take passwords away.
    const update = passwordHash ? updatePassword : keepPassword
    return update(account, options, dependencies)
  }
}

const identifiersOf = ({ username, email }: ForeignAccount): readonly string[] =>
  email === undefined || email === username ? [username] : [username, email]

type Step<T> = (account: ForeignAccount, options: ImportOptions, dependencies: Dependencies) => Promise<T>

const createAccount: Step<Result<void, NewAccountFailure>> = async (foreign, { restore }, dependencies) => {
  const { passwordHash, scope, groups = [], disabled, sub, emailVerified = false } = foreign
  const { accounts, clock, newId } = dependencies
  return accounts.putNewAccount({
    account: {
      sub: sub ?? newId(),
      identifiers: identifiersOf(foreign),
      emailVerified,
      scope,
      ...(groups.length > 0 && { groups }),
      disabled,
      createdAt: Math.floor(clock()),
    },
    ...(passwordHash !== undefined && { passwordHash }),
    isImported: true,
    subject: sub === undefined ? 'new' : restore ? 'restored' : 'imported',
  })
}

/** What `createAccount` would give, read one after the other: it is only a forecast. */
const wouldCreate: Step<Result<void, NewAccountFailure>> = async (foreign, { restore }, { accounts }) => {
  const { sub } = foreign
  for (const identifier of identifiersOf(foreign))
    if ((await accounts.findSubject(identifier)) !== undefined) return fail({ reason: 'username_taken' })
  if (sub === undefined) return succeed(undefined)
  if (await accounts.findAccount(sub)) return fail({ reason: 'subject_taken' })
  if (!restore && (await accounts.isSubjectDeleted(sub))) return fail({ reason: 'subject_deleted' })
  return succeed(undefined)
}

const keepPassword: Step<Result<ImportOutcome, ImportFailure>> = async (foreign, _options, { accounts }) => {
  const sub = await accounts.findSubject(foreign.username)
  return isOther(foreign, sub) ? fail({ reason: 'other_subject' }) : succeed('unchanged')
}

const updatePassword: Step<Result<ImportOutcome, ImportFailure>> = async (foreign, { dryRun }, dependencies) => {
  const { username: identifier, passwordHash: hash } = foreign
  const { accounts, passwords, sessions } = dependencies
  const sub = await accounts.findSubject(identifier)
  if (sub === undefined) return succeed('unchanged')
  if (isOther(foreign, sub)) return fail({ reason: 'other_subject' })
  const stored = await passwords.findPassword(sub)
  if (!stored?.isImported || stored.hash === hash) return succeed('unchanged')
  if (dryRun) return succeed('updated')
  // A log-in or an administrator changed it since it was read, and theirs is the newer password.
  if (!(await passwords.replaceImported({ identifier, sub, hash }))) return succeed('unchanged')
  await deleteEndedSessions(sessions, sub)
  return succeed('updated')
}

const isOther = (foreign: ForeignAccount, sub: string | undefined): boolean =>
  foreign.sub !== undefined && sub !== undefined && foreign.sub !== sub
