import type { Clock } from '../clock.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { checkNewPassword, type PasswordPolicy, type PasswordRefusal } from '../passwords/password-policy.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { User, UserStore } from './account.ts'

/** `username` is canonical, `scope` already among those that the service grants. */
type NewAccount = {
  readonly username: string
  readonly password: Password
  readonly scope: readonly string[]
}

export type AccountFailure = PasswordRefusal | { readonly reason: 'username_taken' }

export type CreateAccount = (account: NewAccount) => Promise<Result<User, AccountFailure>>

export type AccountDependencies = {
  readonly users: Pick<UserStore, 'putNewUser'>
  readonly hasher: PasswordHasher
  readonly policy: PasswordPolicy
  readonly clock: Clock
  readonly newId: () => string
}

/** Creates accounts. The store's one conditional write decides who gets a name, however many ask at once. */
export function createCreateAccount({ users, hasher, policy, clock, newId }: AccountDependencies): CreateAccount {
  return async ({ username, password, scope }) => {
    const checked = checkNewPassword(policy, password, username)
    if (!checked.ok) return checked
    const passwordHash = await hasher.hash(password)
    const user: User = { sub: newId(), username, passwordHash, scope, disabled: false, createdAt: clock(), epoch: 0 }
    return (await users.putNewUser(user)) ? succeed(user) : fail({ reason: 'username_taken' })
  }
}
