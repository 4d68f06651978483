import type { User, UserStore } from '../accounts/account.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { checkNewPassword, type PasswordPolicy, type PasswordRefusal } from '../passwords/password-policy.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { AttemptStore } from '../throttling/throttle.ts'

export type SetPassword = (
  username: string,
  password: Password,
) => Promise<Result<User, PasswordRefusal | { readonly reason: 'unknown_user' }>>

export type SetPasswordDependencies = {
  readonly users: Pick<UserStore, 'setPassword'>
  readonly sessions: Pick<SessionStore, 'deleteSessions'>
  readonly attempts: Pick<AttemptStore, 'clearAccount'>
  readonly hasher: Pick<PasswordHasher, 'hash'>
  readonly policy: PasswordPolicy
}

/** Gives an account a password without asking for the one before. Its sessions end, and so does a lock of its log-in. */
export function createSetPassword(dependencies: SetPasswordDependencies): SetPassword {
  const { users, sessions, attempts, hasher, policy } = dependencies
  return async (username, password) => {
    const checked = checkNewPassword(policy, password, username)
    if (!checked.ok) return checked
    const user = await users.setPassword(username, await hasher.hash(password))
    if (!user) return fail({ reason: 'unknown_user' })
    await sessions.deleteSessions(user.sub)
    await attempts.clearAccount(username)
    return succeed(user)
  }
}
