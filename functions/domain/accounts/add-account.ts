import type { Clock } from '../clock.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { Account, AccountStore, NewAccount } from './account.ts'

/** `username` is a canonical identifier, `scope` within the scopes of the service. */
export type AccountRequest = {
  readonly username: string
  readonly password: Password
  readonly scope: readonly string[]
}

export type Added = Result<Account, { readonly reason: 'username_taken' }>

/** Creates an account with a password that is not checked any more. */
export type AddAccount = (request: AccountRequest) => Promise<Added>

export type AddDependencies = {
  readonly accounts: Pick<AccountStore, 'putNewAccount'>
  readonly hasher: Pick<PasswordHasher, 'hash'>
  readonly clock: Clock
  readonly newId: () => string
}

/** Adds accounts. One transaction of the store decides who gets an identifier, however many ask at once. */
export function createAddAccount({ hasher, ...dependencies }: AddDependencies): AddAccount {
  return async ({ username, password, scope }) => {
    const passwordHash = await hasher.hash(password)
    return putAccount({ identifiers: [username], emailVerified: false, scope }, { passwordHash }, dependencies)
  }
}

/** Puts an account with a subject of our own, and with its password or the way to it. */
export async function putAccount(
  request: Pick<Account, 'identifiers' | 'emailVerified' | 'scope'>,
  password: Pick<NewAccount, 'passwordHash' | 'oldUsername'>,
  { accounts, clock, newId }: Omit<AddDependencies, 'hasher'>,
): Promise<Added> {
  const account = { sub: newId(), ...request, disabled: false, createdAt: Math.floor(clock()) }
  const stored = await accounts.putNewAccount({ account, ...password, subject: 'new' })
  if (stored.ok) return succeed(account)
  // Anything else would mean that 128 random bits were not new.
  if (stored.failure.reason !== 'username_taken') throw new Error('A new subject was already in use.')
  return fail({ reason: 'username_taken' })
}
