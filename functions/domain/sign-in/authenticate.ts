import type { Account, AccountStore } from '../accounts/account.ts'
import { unknownSubject } from '../accounts/subject.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import type { PasswordStore } from '../passwords/password-store.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { KnownDevices } from '../throttling/known-devices.ts'
import type { Throttle, ThrottleFailure } from '../throttling/throttle.ts'

/**
 * `username` is a canonical identifier, `address` the source that attempts are counted under, `deviceToken` what the client
 * says it was given by an earlier log-in. `sent` is the password before NFC, which only an imported hash is compared with.
 */
export type Credentials = {
  readonly username: string
  readonly password: Password
  readonly sent?: string | undefined
  readonly address: string
  readonly deviceToken?: string | undefined
}

/** An account whose password matched `passwordHash`, and the epoch that was read before both. */
export type Authenticated = {
  readonly account: Account
  readonly passwordHash: string
  readonly epoch: number
  /** The token of the known device that the attempt was counted on; undefined where it was counted on the identifier. */
  readonly knownDevice: string | undefined
}

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
  readonly knownDevices: Pick<KnownDevices, 'reserve'>
}

/**
 * Checks an identifier and a password. An attempt is counted before the hash, so that parallel guesses are counted too,
 * and on the address first, so that what an address is refused for never locks an account. An attempt that is admitted
 * computes one hash, or two if it is imported and the password was not sent in NFC; an unknown identifier makes the same calls, against keys that do not exist.
 */
export function createAuthenticate(dependencies: Dependencies): Authenticate {
  const { accounts, passwords, sessions, hasher, throttle } = dependencies
  return async (credentials) => {
    const { username, password, sent, address } = credentials
    const [onAddress, found] = await allSettledThenThrow([
      throttle.reserveOnAddress(address),
      accounts.findSubject(username),
    ])
    if (!onAddress.ok) return onAddress
    const sub = found ?? unknownSubject
    // The epoch before account and password: whatever ends sessions from here on raises it, and the log-in will see that.
    const [counted, epoch] = await allSettledThenThrow([
      countAttempt(credentials, sub, dependencies),
      sessions.readEpoch(sub),
    ])
    if (!counted.ok) return counted
    const [account, passwordHash] = await allSettledThenThrow([accounts.findAccount(sub), passwords.findHash(sub)])
    const matches = await hasher.verify(password, passwordHash ?? hasher.decoy, sent)
    if (!account) return fail({ reason: 'unknown_user' })
    if (passwordHash === undefined || !matches) return fail({ reason: 'wrong_password', sub })
    // Last: nobody learns of it without the password, and even then the response is the same.
    if (account.disabled) return fail({ reason: 'user_disabled', sub })
    return succeed({ account, passwordHash, epoch, knownDevice: counted.value })
  }
}

/** Counts the attempt on the device if the subject has it, else on the identifier. Returns the token of the device. */
async function countAttempt(
  { username, deviceToken }: Credentials,
  sub: string,
  { throttle, knownDevices }: Dependencies,
): Promise<Result<string | undefined, ThrottleFailure>> {
  if (deviceToken !== undefined && (await knownDevices.reserve(deviceToken, sub))) return succeed(deviceToken)
  const reserved = await throttle.reserveOnAccount({ identifier: username })
  return reserved.ok ? succeed(undefined) : reserved
}
