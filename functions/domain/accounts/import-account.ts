import type { Clock } from '../clock.ts'
import type { HashFailure } from '../passwords/hashing/hash-part.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { Account, AccountStore, NewAccountFailure } from './account.ts'
import { isPersonal } from './subject.ts'

/** An account of another system. `username` is a canonical identifier; without `passwordHash` it has no password. */
export type ForeignAccount = {
  readonly username: string
  readonly passwordHash: string | undefined
  readonly scope: readonly string[]
  readonly disabled: boolean
  readonly sub: string | undefined
}

/**
 * `restore` allows the `sub` of a deleted account: the administrator states that it is the same person.
 * `allowPersonalSub` allows a `sub` with an `@`, which stays in the table after the account is deleted.
 */
export type ImportOptions = { readonly restore: boolean; readonly allowPersonalSub: boolean }

export type ImportFailure = NewAccountFailure | HashFailure | { readonly reason: 'unknown_scope' | 'personal_subject' }

export type ImportAccount = (account: ForeignAccount, options: ImportOptions) => Promise<Result<Account, ImportFailure>>

type Dependencies = {
  readonly accounts: Pick<AccountStore, 'putNewAccount'>
  readonly hasher: Pick<PasswordHasher, 'prepareImport'>
  readonly scopes: readonly string[]
  readonly clock: Clock
  readonly newId: () => string
}

/**
 * Imports an account with the hash that it has. Existing accounts are left unchanged, so an import can be run again from
 * the start. The password is not checked against the policy, because nobody knows it.
 */
export function createImportAccount({ accounts, hasher, scopes, clock, newId }: Dependencies): ImportAccount {
  return async ({ username, passwordHash, scope, disabled, sub }, { restore, allowPersonalSub }) => {
    if (!scope.every((token) => scopes.includes(token))) return fail({ reason: 'unknown_scope' })
    if (sub !== undefined && isPersonal(sub) && !allowPersonalSub) return fail({ reason: 'personal_subject' })
    const prepared = passwordHash === undefined ? succeed(undefined) : await hasher.prepareImport(passwordHash)
    if (!prepared.ok) return prepared
    const account = {
      sub: sub ?? newId(),
      identifiers: [username],
      scope,
      disabled,
      createdAt: Math.floor(clock()),
    }
    const put = await accounts.putNewAccount({
      account,
      ...(prepared.value !== undefined && { passwordHash: prepared.value }),
      subject: sub === undefined ? 'new' : restore ? 'restored' : 'imported',
    })
    return put.ok ? succeed(account) : put
  }
}
