import type { Account, AccountStore } from '../accounts/account.ts'
import { unknownSubject } from '../accounts/subject.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Factors } from '../factors/factors.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { KnownDevices } from '../throttling/known-devices.ts'
import type { Reservation, Throttle, ThrottleFailure } from '../throttling/throttle.ts'
import type { AskOldSystem } from './ask-old-system.ts'
import type { FindCredentials, StoredCredentials } from './factor-store.ts'

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
  readonly clientId: string
}

/** An account whose password matched `passwordHash`, and the epoch that was read before both. */
export type Authenticated = {
  readonly account: Account
  readonly passwordHash: string
  /** Whether it was imported, and this is the first log-in with it. */
  readonly isImported: boolean
  /** What the account can prove beside the password. */
  readonly factors: Factors
  readonly epoch: number
  /** The token of the known device that the attempt was counted on; undefined where it was counted on the identifier. */
  readonly knownDevice: string | undefined
}

/** `threshold`: the attempt was one failure too many, and the owner of the identifier, if there is one, should hear of it. */
type Attempted = Partial<Reservation>

export type AuthenticationFailure =
  | ThrottleFailure
  | (Attempted & { readonly reason: 'unknown_user' })
  | (Attempted & { readonly reason: 'wrong_password'; readonly sub: string })
  | (Attempted & { readonly reason: 'user_disabled'; readonly sub: string })

export type Authenticate = (credentials: Credentials) => Promise<Result<Authenticated, AuthenticationFailure>>

type Dependencies = {
  readonly accounts: Pick<AccountStore, 'findSubject' | 'findAccount'>
  readonly findCredentials: FindCredentials
  readonly sessions: Pick<SessionStore, 'readEpoch'>
  readonly hasher: Pick<PasswordHasher, 'verify' | 'decoy'>
  readonly throttle: Pick<Throttle, 'reserveOnAddress' | 'reserveOnAccount'>
  readonly knownDevices: Pick<KnownDevices, 'reserve' | 'forget'>
  /** Absent unless accounts come from another system. */
  readonly askOldSystem?: AskOldSystem | undefined
}

/**
 * Checks an identifier and a password. An attempt is counted before the hash, so that parallel guesses are counted too,
 * and on the address first, so that what an address is refused for never locks an account. An attempt that is admitted
 * computes one hash, or two if it is imported and the password was not sent in NFC; an unknown identifier makes the same
 * calls, against keys that do not exist. Only where accounts come from another system is that one asked too.
 */
export function createAuthenticate(dependencies: Dependencies): Authenticate {
  const { accounts, hasher, throttle } = dependencies
  return async (credentials) => {
    const { username, password, sent, address } = credentials
    const [onAddress, found] = await allSettledThenThrow([
      throttle.reserveOnAddress(address),
      accounts.findSubject(username),
    ])
    if (!onAddress.ok) return onAddress
    const counted = await countAttempt(credentials, found ?? unknownSubject, dependencies)
    if (!counted.ok) return counted
    const { knownDevice, threshold } = counted.value
    const known = await findOwner(found ?? unknownSubject, counted.value.epoch, dependencies)
    const { account, password: kept, factors, sub, epoch } = await migrate(known, credentials, dependencies)
    const passwordHash = kept?.hash
    const matches = await hasher.verify(password, passwordHash ?? hasher.decoy, sent)
    if (!account) return fail({ reason: 'unknown_user', threshold })
    if (passwordHash === undefined || !matches) return fail({ reason: 'wrong_password', sub, threshold })
    // Last: nobody learns of it without the password, and even then the response is the same.
    if (account.disabled) return fail({ reason: 'user_disabled', sub, threshold })
    return succeed({ account, passwordHash, isImported: kept?.isImported === true, factors, epoch, knownDevice })
  }
}

/** Whose password is asked for: nobody's, where there is no account. The epoch was read before the others. */
type Owner = StoredCredentials & {
  readonly sub: string
  readonly epoch: number
  readonly account: Account | undefined
}

async function findOwner(sub: string, epoch: number, { accounts, findCredentials }: Dependencies): Promise<Owner> {
  const [account, stored] = await allSettledThenThrow([accounts.findAccount(sub), findCredentials(sub)])
  return { ...stored, sub, epoch, account }
}

/**
 * The owner after the old system was asked, which may know someone who is unknown here, or still have the password of an
 * account that a recovery has brought. From then on it is an account like any other: its hash must match.
 */
async function migrate(owner: Owner, credentials: Credentials, dependencies: Dependencies): Promise<Owner> {
  const { askOldSystem, accounts, sessions } = dependencies
  const mayMigrate = !owner.account || owner.password?.isInOldSystem
  if (!mayMigrate || !(await askOldSystem?.(credentials))) return owner
  const sub = await accounts.findSubject(credentials.username)
  return sub === undefined ? owner : findOwner(sub, await sessions.readEpoch(sub), dependencies)
}

type Counted = Pick<Authenticated, 'epoch' | 'knownDevice'> & Reservation

/**
 * Counts the attempt on the device if the subject has it and nothing has ended the account's sessions since, else on the
 * identifier. The epoch is read before account and password: what ends sessions from here on raises it, and the log-in
 * will see that.
 */
async function countAttempt(
  { username, deviceToken }: Credentials,
  sub: string,
  { throttle, sessions, knownDevices }: Dependencies,
): Promise<Result<Counted, ThrottleFailure>> {
  const countOnAccount = () => throttle.reserveOnAccount({ identifier: username })
  if (deviceToken === undefined) {
    const [reserved, epoch] = await allSettledThenThrow([countOnAccount(), sessions.readEpoch(sub)])
    return reserved.ok ? succeed({ epoch, knownDevice: undefined, ...reserved.value }) : reserved
  }
  const [rememberedIn, epoch] = await allSettledThenThrow([
    knownDevices.reserve(deviceToken, sub),
    sessions.readEpoch(sub),
  ])
  if (rememberedIn === epoch) return succeed({ epoch, knownDevice: deviceToken, threshold: undefined })
  const [reserved] = await allSettledThenThrow([
    countOnAccount(),
    rememberedIn !== undefined && knownDevices.forget(deviceToken, sub, epoch),
  ])
  return reserved.ok ? succeed({ epoch, knownDevice: undefined, ...reserved.value }) : reserved
}
