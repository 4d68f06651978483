import { fail, type Result, succeed } from '../result.ts'
import { isCompactJws } from '../tokens/jws.ts'
import { readRefreshToken, sessionIdOf } from './refresh-token.ts'
import type { Session, SessionStore } from './session.ts'

/** `clientId` is undefined where the request does not name it. */
export type RevokeRequest = { readonly token: string; readonly clientId: string | undefined }

export type RevokeFailure =
  | { readonly reason: 'unsupported_token_type' }
  | { readonly reason: 'wrong_client'; readonly session: Session }

/** The session that ended; undefined where there was none. */
export type Revoke = (request: RevokeRequest) => Promise<Result<Session | undefined, RevokeFailure>>

/**
 * Ends the session of a refresh token (RFC 7009 section 2.1). An older token of the session ends it too: its holder wants
 * to log out, and a thief would not ask for that.
 */
export function createRevoke(sessions: Pick<SessionStore, 'findSession' | 'deleteSession'>): Revoke {
  return async ({ token, clientId }) => {
    if (isCompactJws(token)) return fail({ reason: 'unsupported_token_type' })
    const read = readRefreshToken(token)
    const session = read && (await sessions.findSession(read.subject, sessionIdOf(read.family)))
    if (!session) return succeed(undefined)
    if (clientId !== undefined && clientId !== session.clientId) return fail({ reason: 'wrong_client', session })
    await sessions.deleteSession(session.sub, session.id)
    return succeed(session)
  }
}
