import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import { type SessionStore, ssoOf } from './session.ts'
import type { SsoSession, SsoSessions } from './sso-session.ts'

/** Ends the session of a browser, and those of clients that it has signed in, but for the offline ones. */
export type EndSso = (session: Pick<SsoSession, 'id' | 'sub'>) => Promise<void>

type Dependencies = {
  readonly sso: Pick<SsoSessions, 'end'>
  readonly sessions: Pick<SessionStore, 'listSessions' | 'deleteSession'>
}

/**
 * First the browser's session, so that no refresh and no code of it succeeds any more, then what is left of its clients'. One
 * that begins meanwhile has been asked for before, and ends at its first refresh.
 */
export const createEndSso =
  ({ sso, sessions }: Dependencies): EndSso =>
  async ({ id, sub }) => {
    await sso.end(id)
    const listed = await sessions.listSessions(sub)
    const ended = listed.sessions.filter((session) => ssoOf(session) === id)
    await allSettledThenThrow(ended.map((session) => sessions.deleteSession(sub, session.id)))
  }
