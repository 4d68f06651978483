import type { Account, AccountStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import { acrOf } from '../authentication.ts'
import type { Clock } from '../clock.ts'
import { countOf } from '../factors/factors.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { fail, type Result, succeed } from '../result.ts'
import {
  createFindLiveSession,
  type LiveSession,
  type LiveSessionFailure,
  type SessionCaller,
} from '../sessions/live-session.ts'
import { checkAlive, type SessionLimits, type SessionStore } from '../sessions/session.ts'
import type { Throttle, ThrottleFailure } from '../throttling/throttle.ts'
import type { FindCredentials } from './factor-store.ts'
import type { FactorRules } from './next-step.ts'

/**
 * A caller and the current password as claimed. `sent` is that before NFC, which only an imported hash is compared with;
 * `address` is the source of the request.
 */
export type OwnerClaim = SessionCaller & {
  readonly current: Password
  readonly sent?: string | undefined
  readonly address: string
}

/** A caller who knows the password of the account. `passwordHash` is what it matched. */
type Owner = LiveSession & { readonly account: Account; readonly passwordHash: string }

export type OwnerFailure =
  | LiveSessionFailure
  | ThrottleFailure
  | { readonly reason: 'wrong_password' }
  /** The log-in was by the password alone, and by now more is asked for. */
  | { readonly reason: 'factor_needed' }

/** `check` comes before the attempt is counted, so that what it refuses costs none. */
export type VerifyOwner = <Refusal = never>(
  claim: OwnerClaim,
  check?: (account: Account) => Result<unknown, Refusal>,
) => Promise<Result<Owner, OwnerFailure | Refusal>>

type Dependencies = {
  readonly sessions: Pick<SessionStore, 'findSession' | 'readEpoch'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly findCredentials: FindCredentials
  readonly factorRules: Pick<FactorRules, 'policy'>
  readonly throttle: Throttle
  readonly hasher: Pick<PasswordHasher, 'verify' | 'decoy'>
  readonly clock: Clock
  readonly limits: SessionLimits
}

/**
 * Verifies that a caller, whose session is alive, knows the password, and has proved a factor where a log-in would ask for
 * one: a session from before the factor changes nothing (REQ-169). Wrong passwords are counted on the subject, so that nobody who
 * guesses at the log-in can keep the owner from it.
 */
export function createVerifyOwner(dependencies: Dependencies): VerifyOwner {
  const { accounts, findCredentials, factorRules, throttle, hasher, clock, limits } = dependencies
  const findLiveSession = createFindLiveSession(dependencies)
  return async (claim, check) => {
    const { sub, current, sent, address } = claim
    const live = await findLiveSession(claim)
    if (!live.ok) return live
    const [found, credentials] = await allSettledThenThrow([accounts.findAccount(sub), findCredentials(sub)])
    const { session } = live.value
    const account = checkAlive(session, found, clock(), limits)
    if (!account.ok) return account
    const isAsked = countOf(credentials.factors) > 0 || factorRules.policy === 'required'
    if (isAsked && acrOf(session.amr) !== 'mfa') return fail({ reason: 'factor_needed' })
    const checked = check?.(account.value)
    if (checked?.ok === false) return checked

    const onAddress = await throttle.reserveOnAddress(address)
    if (!onAddress.ok) return onAddress
    const onAccount = await throttle.reserveOnAccount({ sub })
    if (!onAccount.ok) return onAccount
    const passwordHash = credentials.password?.hash
    const matches = await hasher.verify(current, passwordHash ?? hasher.decoy, sent)
    if (passwordHash === undefined || !matches) return fail({ reason: 'wrong_password' })
    await throttle.clear({ sub })
    return succeed({ ...live.value, account: account.value, passwordHash })
  }
}
