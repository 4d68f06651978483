import { fail, type Result, succeed } from '../result.ts'
import { isCompactJws } from '../tokens/jws.ts'
import { readRefreshToken, sessionIdOf } from './refresh-token.ts'
import type { Session, SessionStore } from './session.ts'

/** `clientId` is what the request says; undefined where it says nothing. */
export type RevokeRequest = { readonly token: string; readonly clientId: string | undefined }

export type RevokeFailure =
  | { readonly reason: 'unsupported_token_type' }
  | { readonly reason: 'wrong_client'; readonly session: Session }

/** Gives the session that ended; undefined where the token led to none. */
export type Revoke = (request: RevokeRequest) => Promise<Result<Session | undefined, RevokeFailure>>

/**
 * Ends the session of a refresh token (RFC 7009 section 2.1). An older one of the session ends it too: whoever had it
 * wants out, and the one to fear, a thief, would not ask for that.
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
