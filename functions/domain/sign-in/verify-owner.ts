import type { Account, AccountStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import type { PasswordStore } from '../passwords/password-store.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { LiveSession, LiveSessionFailure, SessionCaller } from '../sessions/live-session.ts'
import type { Throttle, ThrottleFailure } from '../throttling/throttle.ts'

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

export type OwnerFailure = LiveSessionFailure | ThrottleFailure | { readonly reason: 'wrong_password' }

/** `check` comes before the attempt is counted, so that what it refuses costs none. */
export type VerifyOwner<Caller = SessionCaller, Live = LiveSession> = <Refusal = never>(
  claim: OwnerClaim<Caller>,
  check?: (account: Account) => Result<unknown, Refusal>,
) => Promise<Result<Owner<Live>, OwnerFailure | Refusal>>

type Dependencies<Caller, Live> = {
  /** Finds the session of the caller, of a client or of a browser, if it is alive. */
  readonly findLive: (caller: Caller) => Promise<Result<Live, LiveSessionFailure>>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly passwords: Pick<PasswordStore, 'findHash'>
  readonly throttle: Throttle
  readonly hasher: Pick<PasswordHasher, 'verify' | 'decoy'>
}

/**
 * Verifies that a caller, whose session is alive, knows the password. Wrong ones are counted on the subject, so that nobody
 * who guesses at the log-in can keep the owner from it.
 */
export function createVerifyOwner<Caller extends { readonly sub: string }, Live extends object>(
  dependencies: Dependencies<Caller, Live>,
): VerifyOwner<Caller, Live> {
  const { findLive, accounts, passwords, throttle, hasher } = dependencies
  return async (claim, check) => {
    const { sub, current, sent, address } = claim
    const live = await findLive(claim)
    if (!live.ok) return live
    const [account, passwordHash] = await allSettledThenThrow([accounts.findAccount(sub), passwords.findHash(sub)])
    if (!account) return fail({ reason: 'user_gone' })
    if (account.disabled) return fail({ reason: 'user_disabled' })
    const checked = check?.(account)
    if (checked?.ok === false) return checked

    const onAddress = await throttle.reserveOnAddress(address)
    if (!onAddress.ok) return onAddress
    const onAccount = await throttle.reserveOnAccount({ sub })
    if (!onAccount.ok) return onAccount
    const matches = await hasher.verify(current, passwordHash ?? hasher.decoy, sent)
    if (passwordHash === undefined || !matches) return fail({ reason: 'wrong_password' })
    await throttle.clear({ sub })
    return succeed({ ...live.value, account, passwordHash })
  }
}
