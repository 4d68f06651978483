import type { Account, AccountStore } from '../../accounts/account.ts'
import { allSettledThenThrow } from '../../all-settled-then-throw.ts'
import { type Authentication, acrOf } from '../../authentication.ts'
import type { Clock } from '../../clock.ts'
import { countOf, type Factors } from '../../factors/factors.ts'
import { fail, type Result, succeed } from '../../result.ts'
import type { LiveSessionFailure, SessionCaller } from '../../sessions/live-session.ts'
import type { AuthSessions, OpenAuthSession } from '../auth-session.ts'
import type { FindCredentials } from '../factor-store.ts'
import { type FactorRules, nextStepFor } from '../next-step.ts'

/**
 * Who asks to see or change factors: the session of an access token or of a browser, or a log-in that cannot be completed without
 * enrolling one. Of a log-in, `isTry` says that something is about to be verified, which counts as a step.
 */
export type FactorCaller<Caller = SessionCaller> =
  | ({ readonly kind: 'session' } & Caller)
  | { readonly kind: 'log_in'; readonly authSession: string; readonly isTry: boolean }

/** Someone who may change the factors of this account. `id` is what an enrolment that they begin is bound to. */
export type Holder = {
  readonly id: string
  readonly account: Account
  readonly factors: Factors
  readonly epoch: number
  /** The log-in that waits for a factor. */
  readonly logIn: OpenAuthSession | undefined
}

export type HolderFailure =
  | LiveSessionFailure
  | { readonly reason: 'user_gone' | 'user_disabled' | 'unknown_auth_session' | 'unexpected_step' }
  /** The log-in is too long ago, or was by the password alone while there are factors. */
  | { readonly reason: 'not_fresh' }

export type FindHolder<Caller = SessionCaller> = (
  caller: FactorCaller<Caller>,
) => Promise<Result<Holder, HolderFailure>>

/** What a holder's session says of the log-in that it began with. */
type Began = Authentication & { readonly id: string; readonly sub: string }

type Dependencies<Caller> = {
  /** Finds the session of the caller, of a client or of a browser, if it is alive. */
  readonly findLive: (
    caller: Caller,
  ) => Promise<Result<{ readonly session: Began; readonly epoch: number }, LiveSessionFailure>>
  readonly authSessions: Pick<AuthSessions, 'find' | 'countStep'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly findCredentials: FindCredentials
  readonly factorRules: FactorRules
  readonly clock: Clock
}

/** For how many seconds a log-in is fresh. */
export const freshness = 600

/** Finds who may change factors (REQ-175): with a fresh log-in, by a factor where there is one. */
export function createFindHolder<Caller = SessionCaller>(dependencies: Dependencies<Caller>): FindHolder<Caller> {
  const { findLive, authSessions, accounts, findCredentials, factorRules, clock } = dependencies
  const read = async (sub: string) => {
    const [account, { factors }] = await allSettledThenThrow([accounts.findAccount(sub), findCredentials(sub)])
    if (!account) return fail({ reason: 'user_gone' } as const)
    return account.disabled ? fail({ reason: 'user_disabled' } as const) : succeed({ account, factors })
  }
  const findBySession = async (caller: Caller): Promise<Result<Holder, HolderFailure>> => {
    const live = await findLive(caller)
    if (!live.ok) return live
    const { session, epoch } = live.value
    const owner = await read(session.sub)
    if (!owner.ok) return owner
    if (!isFresh(session, countOf(owner.value.factors) > 0, clock())) return fail({ reason: 'not_fresh' })
    return succeed({ ...owner.value, epoch, id: session.id, logIn: undefined })
  }
  const findByLogIn = async (token: string, isTry: boolean): Promise<Result<Holder, HolderFailure>> => {
    const logIn = await (isTry ? authSessions.countStep(token) : authSessions.find(token))
    if (!logIn) return fail({ reason: 'unknown_auth_session' })
    if (!logIn.account) return fail({ reason: 'unexpected_step' })
    const { sub, epoch } = logIn.account
    const owner = await read(sub)
    if (!owner.ok) return owner
    const { account, factors } = owner.value
    const isAsked = nextStepFor(account, factors, logIn.proved, factorRules).kind === 'enrol'
    return isAsked ? succeed({ account, factors, epoch, id: logIn.id, logIn }) : fail({ reason: 'unexpected_step' })
  }
  return (caller) => (caller.kind === 'session' ? findBySession(caller) : findByLogIn(caller.authSession, caller.isTry))
}

/** Whether a log-in is fresh; by a factor where its account has one. */
export const isFresh = ({ authTime, amr }: Authentication, hasFactor: boolean, now: number): boolean =>
  now - authTime <= freshness && (!hasFactor || acrOf(amr) === 'mfa')
