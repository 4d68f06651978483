import type { Clock } from '../clock.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { Account, AccountStore } from './account.ts'

/** `username` is a canonical identifier, `scope` within the scopes of the service. */
export type AccountRequest = {
  readonly username: string
  readonly password: Password
  readonly scope: readonly string[]
}

/** Creates an account with a password that is not checked any more. */
export type AddAccount = (request: AccountRequest) => Promise<Result<Account, { readonly reason: 'username_taken' }>>

export type AddDependencies = {
  readonly accounts: Pick<AccountStore, 'putNewAccount'>
  readonly hasher: Pick<PasswordHasher, 'hash'>
  readonly clock: Clock
  readonly newId: () => string
}

/** Adds accounts. One transaction of the store decides who gets an identifier, however many ask at once. */
export function createAddAccount({ accounts, hasher, clock, newId }: AddDependencies): AddAccount {
  return async ({ username, password, scope }) => {
    const passwordHash = await hasher.hash(password)
    const account = {
      sub: newId(),
      identifiers: [username],
      emailVerified: false,
      scope,
      disabled: false,
      createdAt: Math.floor(clock()),
    }
    const put = await accounts.putNewAccount({ account, passwordHash, subject: 'new' })
    if (put.ok) return succeed(account)
    // Anything else would mean that 128 random bits were not new.
    if (put.failure.reason !== 'username_taken') throw new Error('A new subject was already in use.')
    return fail({ reason: 'username_taken' })
  }
}
