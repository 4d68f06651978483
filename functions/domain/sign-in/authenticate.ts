import type { User, UserStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { Throttle, ThrottleFailure } from '../throttling/throttle.ts'

/** `address` is where they come from, as it is counted. */
type Credentials = { readonly username: string; readonly password: Password; readonly address: string }

export type AuthenticationFailure =
  | ThrottleFailure
  | { readonly reason: 'unknown_user' }
  | { readonly reason: 'wrong_password'; readonly sub: string }
  | { readonly reason: 'user_disabled'; readonly sub: string }

export type Authenticate = (credentials: Credentials) => Promise<Result<User, AuthenticationFailure>>

type Dependencies = {
  readonly users: Pick<UserStore, 'findUser'>
  readonly hasher: Pick<PasswordHasher, 'verify' | 'decoy'>
  readonly throttle: Pick<Throttle, 'reserveOnAccount' | 'reserveOnAddress'>
}

/**
 * Checks a canonical name and a password. An attempt takes its place before the hash, so that parallel guesses find the
 * door shut; one that is let in computes exactly one hash, whatever its outcome. That it was right is for the caller to
 * record, beside whatever else a right password leads to.
 */
export function createAuthenticate({ users, hasher, throttle }: Dependencies): Authenticate {
  return async ({ username, password, address }) => {
    const account = await throttle.reserveOnAccount(username, address)
    if (!account.ok) return account
    // Side by side, for neither waits for the other's answer; while an account is locked nothing is read at all.
    const [place, user] = await allSettledThenThrow([throttle.reserveOnAddress(address), users.findUser(username)])
    if (!place.ok) return place
    // An unknown name costs one hash too, or the time taken would tell who exists.
    const matches = await hasher.verify(password, user?.passwordHash ?? hasher.decoy)
    if (!user) return fail({ reason: 'unknown_user' })
    if (!matches) return fail({ reason: 'wrong_password', sub: user.sub })
    // Judged last: only who knows the password gets as far, and even then the answer is the same.
    if (user.disabled) return fail({ reason: 'user_disabled', sub: user.sub })
    return succeed(user)
  }
}
