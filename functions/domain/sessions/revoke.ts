import { fail, type Result, succeed } from '../result.ts'
import type { VerifyAccessToken } from '../tokens/access-token.ts'
import { isCompactJws } from '../tokens/jws.ts'
import { isKeySessionId } from './key-session.ts'
import { isSessionId, readRefreshToken, sessionIdOf } from './refresh-token.ts'
import type { Session, SessionStore } from './session.ts'

/** `clientId` is undefined where the request does not name it; that of a registered client was authenticated. */
type RevokeRequest = { readonly token: string; readonly clientId: string | undefined }

export type RevokedSession = Pick<Session, 'sub' | 'clientId' | 'id'>

type RevokeFailure = { readonly reason: 'wrong_client' | 'missing_client'; readonly session: RevokedSession }

/** The session that ended; undefined where there was none. */
export type Revoke = (request: RevokeRequest) => Promise<Result<RevokedSession | undefined, RevokeFailure>>

/** Ends the session of a machine, and with it every token that the machine has. False where there was none. */
export type EndMachineSession = (clientId: string, id: string) => Promise<boolean>

/** Ends the session of an API key, and with it every token that was issued for it; the key stays. False where there was none. */
export type EndKeySession = (session: RevokedSession) => Promise<boolean>

type Dependencies = {
  readonly sessions: Pick<SessionStore, 'findSession' | 'deleteSession'>
  readonly endMachineSession: EndMachineSession
  readonly endKeySession: EndKeySession
  /** The clients of log-ins, which need not name themselves. */
  readonly clients: readonly string[]
  /** Verifies all of an access token except its times. */
  readonly verifyAtAnyTime: VerifyAccessToken
}

/**
 * Ends the session of a refresh token or of an access token (RFC 7009 section 2.1). An older refresh token of the session
 * ends it too, and so does an expired access token: its holder wants to log out, and a thief would not ask for that.
 */
export function createRevoke(dependencies: Dependencies): Revoke {
  const { clients, sessions, endMachineSession, endKeySession } = dependencies
  return async ({ token, clientId }) => {
    const session = isCompactJws(token)
      ? await sessionOfAccessToken(token, dependencies)
      : await sessionOfRefreshToken(token, dependencies)
    if (!session) return succeed(undefined)
    // The client of a key is its owner's own, as those of log-ins are.
    const isOfKey = isKeySessionId(session.id)
    if (clientId === undefined && !isOfKey && !clients.includes(session.clientId))
      return fail({ reason: 'missing_client', session })
    if (clientId !== undefined && clientId !== session.clientId) return fail({ reason: 'wrong_client', session })
    const { sub, id } = session
    if (isOfKey) return succeed((await endKeySession(session)) ? session : undefined)
    const end = sub === session.clientId ? endMachineSession : sessions.deleteSession
    return succeed((await end(sub, id)) ? session : undefined)
  }
}

async function sessionOfAccessToken(
  token: string,
  { verifyAtAnyTime }: Dependencies,
): Promise<RevokedSession | undefined> {
  const verified = await verifyAtAnyTime(token)
  if (!verified.ok) return undefined
  const { sub, client_id: clientId, sid: id = '' } = verified.value
  return isSessionId(id) || isKeySessionId(id) ? { sub, clientId, id } : undefined
}

async function sessionOfRefreshToken(token: string, { sessions }: Dependencies): Promise<RevokedSession | undefined> {
  const read = readRefreshToken(token)
  return read && sessions.findSession(read.subject, sessionIdOf(read.family))
}
