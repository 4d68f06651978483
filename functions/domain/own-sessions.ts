import type { Clock } from './clock.ts'
import { isSessionId } from './refresh-token.ts'
import { byAge, checkAlive, type Session, type SessionLimits, type SessionStore } from './session.ts'
import type { UserStore } from './user.ts'

/** What a subject may see and do of its own sessions. */
export type OwnSessions = {
  /** Those that are alive, the latest log-in first. */
  readonly list: (sub: string) => Promise<readonly Session[]>
  /** False where it is not one of the subject's. */
  readonly end: (sub: string, id: string) => Promise<boolean>
  readonly endAll: (sub: string) => Promise<void>
}

export type OwnSessionsDependencies = {
  readonly sessions: Pick<SessionStore, 'listSessions' | 'deleteSession' | 'deleteSessions'>
  readonly users: Pick<UserStore, 'findUser' | 'raiseEpoch'>
  readonly clock: Clock
  readonly limits: SessionLimits
}

export function createOwnSessions({ sessions, users, clock, limits }: OwnSessionsDependencies): OwnSessions {
  return {
    list: async (sub) => {
      const all = await sessions.listSessions(sub)
      const [any] = all
      const user = any && (await users.findUser(any.username))
      return all.filter((session) => checkAlive(session, user, clock(), limits).ok).toSorted(byAge)
    },
    end: async (sub, id) => isSessionId(id) && sessions.deleteSession(sub, id),
    endAll: async (sub) => {
      const [any] = await sessions.listSessions(sub)
      // Marked first, in one write: should deleting stop half-way, or a log-in be on its way, they are over all the same.
      if (any) await users.raiseEpoch(any.username, sub)
      await sessions.deleteSessions(sub)
    },
  }
}
