import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import {
  isExpired,
  managesAccount,
  type Session,
  type SessionEnd,
  type SessionLimits,
  type SessionStore,
} from './session.ts'
import type { SsoSession } from './sso-session.ts'

/** The caller's subject and session, from our authorizer. */
export type SessionCaller = { readonly sub: string; readonly sid: string }

/** A session that is alive, and the epoch of its subject, which is also the session's own. */
export type LiveSession = { readonly session: Session; readonly epoch: number }

/** `third_party`: the session is alive, but only a first-party client may do this. */
export type LiveSessionFailure = SessionEnd | { readonly reason: 'unknown_session' | 'third_party' }

export type FindLiveSession = (caller: SessionCaller) => Promise<Result<LiveSession, LiveSessionFailure>>

type Dependencies = {
  readonly sessions: Pick<SessionStore, 'findSession' | 'readEpoch'>
  readonly clock: Clock
  readonly limits: SessionLimits
}

/**
 * Finds the session of a caller, whose access token is still valid, if it has not ended and may read and change the
 * account. What disables or deletes an account raises its epoch, so the account itself need not be read.
 */
export function createFindLiveSession({ sessions, clock, limits }: Dependencies): FindLiveSession {
  return async ({ sub, sid }) => {
    const [session, epoch] = await allSettledThenThrow([sessions.findSession(sub, sid), sessions.readEpoch(sub)])
    if (!session) return fail({ reason: 'unknown_session' })
    if (!managesAccount(session)) return fail({ reason: 'third_party' })
    if (session.epoch !== epoch) return fail({ reason: 'session_ended' })
    return isExpired(session, clock(), limits) ? fail({ reason: 'session_expired' }) : succeed({ session, epoch })
  }
}

/** The session of a browser as the caller, which was found by its cookie. */
export type BrowserCaller = { readonly sub: string; readonly sso: SsoSession }

/** The session of a browser that is alive, and the epoch of its subject, which is also its own. */
export type LiveSso = { readonly session: SsoSession; readonly epoch: number }

export type FindLiveSso = (sso: SsoSession) => Promise<Result<LiveSso, { readonly reason: 'session_ended' }>>

/** Whether a browser's session, found by its cookie, has been ended with all others of its subject. */
export const createFindLiveSso =
  ({ sessions }: { readonly sessions: Pick<SessionStore, 'readEpoch'> }): FindLiveSso =>
  async (session) => {
    const epoch = await sessions.readEpoch(session.sub)
    return session.epoch === epoch ? succeed({ session, epoch }) : fail({ reason: 'session_ended' })
  }
