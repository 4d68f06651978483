import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { SessionStore } from './session.ts'

/** Ends all sessions of a subject: first the epoch, which also stops what is under way, then what is left of them. */
export async function endSessions(
  sessions: Pick<SessionStore, 'raiseEpoch' | 'listSessions' | 'deleteSession'>,
  sub: string,
): Promise<void> {
  await sessions.raiseEpoch(sub)
  await deleteEndedSessions(sessions, sub)
}

/** Deletes the sessions of earlier epochs. Those of the present epoch stay. */
export async function deleteEndedSessions(
  store: Pick<SessionStore, 'listSessions' | 'deleteSession'>,
  sub: string,
): Promise<void> {
  const { epoch, sessions } = await store.listSessions(sub)
  const ended = sessions.filter((session) => session.epoch < epoch)
  await allSettledThenThrow(ended.map(({ id }) => store.deleteSession(sub, id)))
}
