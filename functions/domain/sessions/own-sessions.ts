import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { deleteEndedSessions, endSessions } from './end-sessions.ts'
import type { SessionCaller } from './live-session.ts'
import { isSessionId } from './refresh-token.ts'
import { byAge, isExpired, managesAccount, type Session, type SessionLimits, type SessionStore } from './session.ts'
import type { SsoSession } from './sso-session.ts'

type AskingFailure = { readonly reason: 'session_ended' | 'third_party' }

/** What a subject may see and do of its own sessions, as long as the session that asks is alive. */
export type OwnSessions<Asking = SessionCaller> = {
  /** Those that are alive, the latest log-in first. */
  readonly list: (asking: Asking) => Promise<Result<readonly Session[], AskingFailure>>
  readonly end: (
    asking: Asking,
    id: string,
  ) => Promise<Result<void, AskingFailure | { readonly reason: 'unknown_session' }>>
  readonly endAll: (asking: Asking) => Promise<Result<void, AskingFailure>>
}

/** What there is of a subject: its epoch, and the sessions that are alive. */
type Own = { readonly epoch: number; readonly alive: readonly Session[] }

/** Whether the session that asks is alive, and may. */
type MayAsk<Asking> = (asking: Asking, own: Own) => Result<unknown, AskingFailure>

type Dependencies<Asking> = {
  readonly sessions: Pick<SessionStore, 'raiseEpoch' | 'listSessions' | 'deleteSession'>
  readonly clock: Clock
  readonly limits: SessionLimits
  readonly mayAsk: MayAsk<Asking>
}

export function createOwnSessions<Asking extends { readonly sub: string }>({
  sessions,
  clock,
  limits,
  mayAsk,
}: Dependencies<Asking>): OwnSessions<Asking> {
  // What disables or deletes an account raises its epoch, so the account itself need not be read. The sessions of API keys
  // are not listed: each key is, elsewhere.
  const list: OwnSessions<Asking>['list'] = async (asking) => {
    const { epoch, sessions: listed } = await sessions.listSessions(asking.sub)
    const alive = listed
      .filter((session) => session.epoch === epoch && !isExpired(session, clock(), limits))
      .toSorted(byAge)
    const asked = mayAsk(asking, { epoch, alive })
    return asked.ok ? succeed(alive.filter(({ id }) => isSessionId(id))) : asked
  }
  return {
    list,
    end: async (asking, id) => {
      const asked = await list(asking)
      if (!asked.ok) return asked
      const isEnded = isSessionId(id) && (await sessions.deleteSession(asking.sub, id))
      return isEnded ? succeed(undefined) : fail({ reason: 'unknown_session' })
    },
    endAll: async (asking) => {
      const asked = await list(asking)
      if (asked.ok) return succeed(await endSessions(sessions, asking.sub))
      if (asked.failure.reason === 'third_party') return asked
      // The session that asks may have ended in a first try, which failed before it had deleted all.
      await deleteEndedSessions(sessions, asking.sub)
      return asked
    },
  }
}

/** The session of a client asks. */
export const asClient: MayAsk<SessionCaller> = ({ sid }, { alive }) => {
  const own = alive.find(({ id }) => id === sid)
  if (!own) return fail({ reason: 'session_ended' })
  return managesAccount(own) ? succeed(own) : fail({ reason: 'third_party' })
}

/** The session of a browser asks, which was found by its cookie. */
export const asBrowser: MayAsk<SsoSession> = (sso, { epoch }) =>
  sso.epoch === epoch ? succeed(sso) : fail({ reason: 'session_ended' })

/** To the second it would tell a thief when the owner's client refreshes, and so when to present a stolen token. */
export const toHour = (time: number): number => Math.floor(time / 3600) * 3600
