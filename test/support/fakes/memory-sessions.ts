import type { Session, SessionStore } from '../../../functions/domain/sessions/session.ts'

/** Sessions in memory, for tests that want many of them or to choose the order of events. Held to the same contract. */
export function createMemorySessions(): SessionStore {
  const kept = new Map<string, Session>()
  const keyOf = (sub: string, id: string) => JSON.stringify([sub, id])
  const ofSubject = (sub: string) => [...kept.values()].filter((session) => session.sub === sub)
  return {
    findSession: async (sub, id) => kept.get(keyOf(sub, id)),
    listSessions: async (sub) => ofSubject(sub),
    putNewSession: async (session) => {
      const there = kept.get(keyOf(session.sub, session.id))
      if (there && there.secretHash !== session.secretHash) throw new Error('There is such a session.')
      kept.set(keyOf(session.sub, session.id), session)
    },
    rotateSession: async (next, secretHash) => {
      const key = keyOf(next.sub, next.id)
      if (kept.get(key)?.secretHash === secretHash) kept.set(key, next)
      return kept.get(key)
    },
    deleteSession: async (sub, id) => kept.delete(keyOf(sub, id)),
    deleteSessions: async (sub) => {
      for (const { id } of ofSubject(sub)) kept.delete(keyOf(sub, id))
    },
  }
}
