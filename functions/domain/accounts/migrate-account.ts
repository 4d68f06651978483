import type { PasswordStore } from '../passwords/password-store.ts'
import { type Result, succeed } from '../result.ts'
import type { Account, AccountStore } from './account.ts'
import { type AccountRequest, type AddDependencies, type Added, putAccount } from './add-account.ts'

/** Someone whose password the old system has confirmed. `verified`: it also says that the name is their own address. */
type ConfirmedPassword = Omit<AccountRequest, 'scope'> & { readonly verified: boolean }

/** `isNew` is false where a recovery had brought the account before. */
type Migrated = Result<{ readonly sub: string; readonly isNew: boolean }, { readonly reason: 'username_taken' }>

export type MigrateAccount = (confirmed: ConfirmedPassword) => Promise<Migrated>

type Dependencies = AddDependencies & {
  readonly accounts: Pick<AccountStore, 'findSubject'>
  readonly passwords: Pick<PasswordStore, 'setMigratedHash'>
}

/**
 * Creates the account of someone whose password the old system has confirmed. Where a recovery has brought the account
 * already, the password becomes that account's, unless it has another by now.
 */
export function createMigrateAccount({ hasher, passwords, ...adding }: Dependencies): MigrateAccount {
  return async ({ username: identifier, password, verified }) => {
    const hash = await hasher.hash(password)
    const request = { identifiers: [identifier], emailVerified: false, scope: [] }
    const added = await putAccount(request, { passwordHash: hash }, adding)
    if (added.ok) return succeed({ sub: added.value.sub, isNew: true })
    const sub = await adding.accounts.findSubject(identifier)
    const isSet = sub !== undefined && (await passwords.setMigratedHash({ identifier, sub, hash, verified }))
    return isSet ? succeed({ sub, isNew: false }) : added
  }
}

/** `identifiers` are canonical; one of them is `username`, and one the address that the owner has verified. */
type Forgotten = Pick<Account, 'identifiers'> & { readonly username: string }

/** Creates the account of someone who has forgotten the password. Fails if any of the identifiers is taken. */
export type MigrateForRecovery = (forgotten: Forgotten) => Promise<Added>

/**
 * Creates accounts whose owners get a new password by mail. Anyone can ask for that mail, so until one is set, the old
 * system is still asked about the password.
 */
export function createMigrateForRecovery(adding: Omit<AddDependencies, 'hasher'>): MigrateForRecovery {
  return ({ username, identifiers }) =>
    putAccount({ identifiers, emailVerified: true, scope: [] }, { oldUsername: username }, adding)
}
