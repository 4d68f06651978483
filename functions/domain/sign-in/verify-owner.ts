import type { Account, AccountStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import { type Authentication, acrOf } from '../authentication.ts'
import { countOf } from '../factors/factors.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { LiveSession, LiveSessionFailure, SessionCaller } from '../sessions/live-session.ts'
import type { Throttle, ThrottleFailure } from '../throttling/throttle.ts'
import type { FindCredentials } from './factor-store.ts'
import type { FactorRules } from './next-step.ts'

/**
 * A caller and the current password as claimed. `sent` is that before NFC, which only an imported hash is compared with;
 * `address` is the source of the request.
 */
export type OwnerClaim<Caller = SessionCaller> = Caller & {
  readonly current: Password
  readonly sent?: string | undefined
  readonly address: string
}

/** A caller who knows the password of the account. `passwordHash` is what it matched. */
export type Owner<Live = LiveSession> = Live & { readonly account: Account; readonly passwordHash: string }

export type OwnerFailure =
  | LiveSessionFailure
  | ThrottleFailure
  | { readonly reason: 'wrong_password' }
  /** The log-in was by the password alone, and by now more is asked for. */
  | { readonly reason: 'factor_needed' }

/** `check` comes before the attempt is counted, so that what it refuses costs none. */
export type VerifyOwner<Caller = SessionCaller, Live = LiveSession> = <Refusal = never>(
  claim: OwnerClaim<Caller>,
  check?: (account: Account) => Result<unknown, Refusal>,
) => Promise<Result<Owner<Live>, OwnerFailure | Refusal>>

/** What a session says of the log-in that it began with. */
type Began = { readonly session: Authentication }

type Dependencies<Caller, Live> = {
  /** Finds the session of the caller, of a client or of a browser, if it is alive. */
  readonly findLive: (caller: Caller) => Promise<Result<Live, LiveSessionFailure>>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly findCredentials: FindCredentials
  readonly factorRules: Pick<FactorRules, 'policy'>
  readonly throttle: Throttle
  readonly hasher: Pick<PasswordHasher, 'verify' | 'decoy'>
}

/**
 * Verifies that a caller, whose session is alive, knows the password, and has proved a factor where a log-in would ask for
 * one: a session from before the factor changes nothing (REQ-169). Wrong passwords are counted on the subject, so that nobody
 * who guesses at the log-in can keep the owner from it.
 */
export function createVerifyOwner<Caller extends { readonly sub: string }, Live extends Began>(
  dependencies: Dependencies<Caller, Live>,
): VerifyOwner<Caller, Live> {
  const { findLive, accounts, findCredentials, factorRules, throttle, hasher } = dependencies
  return async (claim, check) => {
    const { sub, current, sent, address } = claim
    const live = await findLive(claim)
    if (!live.ok) return live
    const [account, { password, factors }] = await allSettledThenThrow([
      accounts.findAccount(sub),
      findCredentials(sub),
    ])
    if (!account) return fail({ reason: 'user_gone' })
    if (account.disabled) return fail({ reason: 'user_disabled' })
    const isAsked = countOf(factors) > 0 || factorRules.policy === 'required'
    if (isAsked && acrOf(live.value.session.amr) !== 'mfa') return fail({ reason: 'factor_needed' })
    const checked = check?.(account)
    if (checked?.ok === false) return checked

    const onAddress = await throttle.reserveOnAddress(address)
    if (!onAddress.ok) return onAddress
    const onAccount = await throttle.reserveOnAccount({ sub })
    if (!onAccount.ok) return onAccount
    const passwordHash = password?.hash
    const matches = await hasher.verify(current, passwordHash ?? hasher.decoy, sent)
    if (passwordHash === undefined || !matches) return fail({ reason: 'wrong_password' })
    await throttle.clear({ sub })
    return succeed({ ...live.value, account, passwordHash })
  }
}
