import type { Password } from './password.ts'
import type { PasswordHasher } from './password-hash.ts'
import { fail, type Result, succeed } from './result.ts'
import type { User, UserStore } from './user.ts'

type Credentials = { readonly username: string; readonly password: Password }

export type AuthenticationFailure =
  | { readonly reason: 'unknown_user' }
  | { readonly reason: 'wrong_password'; readonly sub: string }
  | { readonly reason: 'user_disabled'; readonly sub: string }

export type Authenticate = (credentials: Credentials) => Promise<Result<User, AuthenticationFailure>>

/** Checks a canonical name and a password. Whatever the outcome, exactly one hash is computed. */
export function createAuthenticate(users: Pick<UserStore, 'findUser'>, hasher: PasswordHasher): Authenticate {
  return async ({ username, password }) => {
    const user = await users.findUser(username)
    // An unknown name costs one hash too, or the time taken would tell who exists.
    const matches = await hasher.verify(password, user?.passwordHash ?? hasher.decoy)
    if (!user) return fail({ reason: 'unknown_user' })
    if (!matches) return fail({ reason: 'wrong_password', sub: user.sub })
    // Judged last: only who knows the password gets as far, and even then the answer is the same.
    if (user.disabled) return fail({ reason: 'user_disabled', sub: user.sub })
    return succeed(user)
  }
}
