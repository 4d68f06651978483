import type { Account, AccountStore } from '../accounts/account.ts'
import { unknownSubject } from '../accounts/subject.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import type { PasswordStore } from '../passwords/password-store.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { Throttle, ThrottleFailure } from '../throttling/throttle.ts'

/** `username` is a canonical identifier, `address` the source that attempts are counted under. */
type Credentials = { readonly username: string; readonly password: Password; readonly address: string }

/** An account whose password matched `passwordHash`, and the epoch that was read before both. */
export type Authenticated = { readonly account: Account; readonly passwordHash: string; readonly epoch: number }

export type AuthenticationFailure =
  | ThrottleFailure
  | { readonly reason: 'unknown_user' }
  | { readonly reason: 'wrong_password'; readonly sub: string }
  | { readonly reason: 'user_disabled'; readonly sub: string }

export type Authenticate = (credentials: Credentials) => Promise<Result<Authenticated, AuthenticationFailure>>

type Dependencies = {
  readonly accounts: Pick<AccountStore, 'findSubject' | 'findAccount'>
  readonly passwords: Pick<PasswordStore, 'findHash'>
  readonly sessions: Pick<SessionStore, 'readEpoch'>
  readonly hasher: Pick<PasswordHasher, 'verify' | 'decoy'>
  readonly throttle: Pick<Throttle, 'reserveOnAddress' | 'reserveOnAccount'>
}

/**
 * Checks an identifier and a password. An attempt is counted before the hash, so that parallel guesses are counted too,
 * and on the address first, so that what an address is refused for never locks an account. An attempt that is admitted
 * computes exactly one hash; an unknown identifier makes the same calls, against keys that do not exist.
 */
export function createAuthenticate(dependencies: Dependencies): Authenticate {
  const { accounts, passwords, sessions, hasher, throttle } = dependencies
  return async ({ username, password, address }) => {
    const [onAddress, found] = await allSettledThenThrow([
      throttle.reserveOnAddress(address),
      accounts.findSubject(username),
    ])
    if (!onAddress.ok) return onAddress
    const sub = found ?? unknownSubject
    // The epoch before account and password: whatever ends sessions from here on raises it, and the log-in will see that.
    const [onAccount, epoch] = await allSettledThenThrow([
      throttle.reserveOnAccount({ identifier: username }),
      sessions.readEpoch(sub),
    ])
    if (!onAccount.ok) return onAccount
    const [account, passwordHash] = await allSettledThenThrow([accounts.findAccount(sub), passwords.findHash(sub)])
    const matches = await hasher.verify(password, passwordHash ?? hasher.decoy)
    if (!account) return fail({ reason: 'unknown_user' })
    if (passwordHash === undefined || !matches) return fail({ reason: 'wrong_password', sub })
    // Last: nobody learns of it without the password, and even then the response is the same.
    if (account.disabled) return fail({ reason: 'user_disabled', sub })
    return succeed({ account, passwordHash, epoch })
  }
}
