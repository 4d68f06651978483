import type { Clock } from '../clock.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { checkNewPassword, type PasswordPolicy, type PasswordRefusal } from '../passwords/password-policy.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { Account, AccountStore } from './account.ts'

/** `username` is a canonical identifier, `scope` within the scopes of the service. */
type AccountRequest = {
  readonly username: string
  readonly password: Password
  readonly scope: readonly string[]
}

export type CreateAccountFailure = PasswordRefusal | { readonly reason: 'username_taken' }

export type CreateAccount = (request: AccountRequest) => Promise<Result<Account, CreateAccountFailure>>

/** Creates an account with a password that is known to be good. */
export type AddAccount = (request: AccountRequest) => Promise<Result<Account, { readonly reason: 'username_taken' }>>

type AddDependencies = {
  readonly accounts: Pick<AccountStore, 'putNewAccount'>
  readonly hasher: Pick<PasswordHasher, 'hash'>
  readonly clock: Clock
  readonly newId: () => string
}

type Dependencies = AddDependencies & { readonly policy: PasswordPolicy }

/** Creates accounts whose passwords are new, so that they must keep to the policy. */
export function createCreateAccount({ policy, ...dependencies }: Dependencies): CreateAccount {
  const addAccount = createAddAccount(dependencies)
  return async (request) => {
    const checked = checkNewPassword(policy, request.password, [request.username])
    return checked.ok ? addAccount(request) : checked
  }
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
