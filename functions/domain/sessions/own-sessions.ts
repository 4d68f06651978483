import type { Clock } from '../clock.ts'
import { endSessions } from './end-sessions.ts'
import { isSessionId } from './refresh-token.ts'
import { byAge, isExpired, type Session, type SessionLimits, type SessionStore } from './session.ts'

/** What a subject may see and do of its own sessions. */
export type OwnSessions = {
  /** Those that are alive, the latest log-in first. */
  readonly list: (sub: string) => Promise<readonly Session[]>
  /** False where the subject has no such session. */
  readonly end: (sub: string, id: string) => Promise<boolean>
  readonly endAll: (sub: string) => Promise<void>
}

type Dependencies = {
  readonly sessions: Pick<SessionStore, 'raiseEpoch' | 'listSessions' | 'deleteSession'>
  readonly clock: Clock
  readonly limits: SessionLimits
}

export function createOwnSessions({ sessions, clock, limits }: Dependencies): OwnSessions {
  return {
    // What disables or deletes an account raises its epoch, so the account itself need not be read.
    list: async (sub) => {
      const listed = await sessions.listSessions(sub)
      return listed.sessions
        .filter((session) => session.epoch === listed.epoch && !isExpired(session, clock(), limits))
        .toSorted(byAge)
    },
    end: async (sub, id) => isSessionId(id) && sessions.deleteSession(sub, id),
    endAll: (sub) => endSessions(sessions, sub),
  }
}
