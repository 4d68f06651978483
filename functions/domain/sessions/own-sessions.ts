import type { Clock } from '../clock.ts'
import { isSessionId } from './refresh-token.ts'
import { byAge, checkAlive, type FindAccount, type Session, type SessionLimits, type SessionStore } from './session.ts'

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
  readonly users: {
    readonly findUser: FindAccount
    readonly raiseEpoch: (username: string, sub: string) => Promise<unknown>
  }
  readonly clock: Clock
  readonly limits: SessionLimits
}

export function createOwnSessions({ sessions, users, clock, limits }: OwnSessionsDependencies): OwnSessions {
  return {
    list: async (sub) => {
      const all = await sessions.listSessions(sub)
      const [first] = all
      const account = first && (await users.findUser(first.username))
      return all.filter((session) => checkAlive(session, account, clock(), limits).ok).toSorted(byAge)
    },
    end: async (sub, id) => isSessionId(id) && sessions.deleteSession(sub, id),
    endAll: async (sub) => {
      const [first] = await sessions.listSessions(sub)
      // Marked first, in one write: should deleting stop half-way, or a log-in be on its way, they are over all the same.
      if (first) await users.raiseEpoch(first.username, sub)
      await sessions.deleteSessions(sub)
    },
  }
}
