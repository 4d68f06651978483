import type { Account, AccountStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { FindLiveSession, LiveSessionFailure, SessionCaller } from '../sessions/live-session.ts'
import { isFresh } from './enrolment/find-holder.ts'

/** The owner of an account, who has just logged in. `epoch` was read before the account. */
export type FreshOwner = { readonly account: Account; readonly epoch: number }

export type FreshOwnerFailure =
  | LiveSessionFailure
  | { readonly reason: 'user_gone' | 'user_disabled' }
  /** The log-in is too long ago, or was by the password alone while there are factors. */
  | { readonly reason: 'not_fresh' }

export type FindFreshOwner = (caller: SessionCaller) => Promise<Result<FreshOwner, FreshOwnerFailure>>

type Dependencies = {
  readonly findLive: FindLiveSession
  readonly accounts: Pick<AccountStore, 'findAccount'>
  /** Whether the account has a second factor. */
  readonly hasFactor: (sub: string) => Promise<boolean>
  readonly clock: Clock
}

/** Finds the account of a caller with a fresh log-in, for a function that may read no credential. */
export function createFindFreshOwner({ findLive, accounts, hasFactor, clock }: Dependencies): FindFreshOwner {
  return async (caller) => {
    const live = await findLive(caller)
    if (!live.ok) return live
    const { sub } = caller
    const [account, isFactored] = await allSettledThenThrow([accounts.findAccount(sub), hasFactor(sub)])
    if (!account) return fail({ reason: 'user_gone' })
    if (account.disabled) return fail({ reason: 'user_disabled' })
    if (!isFresh(live.value.session, isFactored, clock())) return fail({ reason: 'not_fresh' })
    return succeed({ account, epoch: live.value.epoch })
  }
}
