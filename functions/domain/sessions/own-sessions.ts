import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { deleteEndedSessions, endSessions } from './end-sessions.ts'
import { isSessionId } from './refresh-token.ts'
import { byAge, isExpired, isFirstParty, type Session, type SessionLimits, type SessionStore } from './session.ts'

/** The subject and the session that ask. */
type Asking = { readonly sub: string; readonly sid: string }

type AskingFailure = { readonly reason: 'session_ended' | 'third_party' }

/** What a subject may see and do of its own sessions, as long as the session that asks is alive. */
export type OwnSessions = {
  /** Those that are alive, the latest log-in first. */
  readonly list: (asking: Asking) => Promise<Result<readonly Session[], AskingFailure>>
  readonly end: (
    asking: Asking,
    id: string,
  ) => Promise<Result<void, AskingFailure | { readonly reason: 'unknown_session' }>>
  readonly endAll: (asking: Asking) => Promise<Result<void, AskingFailure>>
}

type Dependencies = {
  readonly sessions: Pick<SessionStore, 'raiseEpoch' | 'listSessions' | 'deleteSession'>
  readonly clock: Clock
  readonly limits: SessionLimits
}

export function createOwnSessions({ sessions, clock, limits }: Dependencies): OwnSessions {
  // What disables or deletes an account raises its epoch, so the account itself need not be read.
  const list: OwnSessions['list'] = async ({ sub, sid }) => {
    const listed = await sessions.listSessions(sub)
    const alive = listed.sessions
      .filter((session) => session.epoch === listed.epoch && !isExpired(session, clock(), limits))
      .toSorted(byAge)
    const own = alive.find(({ id }) => id === sid)
    if (!own) return fail({ reason: 'session_ended' })
    return isFirstParty(own) ? succeed(alive) : fail({ reason: 'third_party' })
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
