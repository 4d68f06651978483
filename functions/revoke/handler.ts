import type { Revoke, RevokedSession } from '../domain/sessions/revoke.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { invalidRequest, oauthError, parametersError } from '../http/api/oauth-error.ts'
import type { Audit } from '../http/api/response.ts'
import { readRevokeRequest } from './request.ts'

/** POST /revoke (RFC 7009): ends the session of a token. */
export function createRevokeHandler(revoke: Revoke): Handler {
  return async (event) => {
    const request = readRevokeRequest(event)
    if (!request.ok) return oauthError(parametersError(request.failure), failed(request.failure))

    const revoked = await revoke(request.value)
    if (!revoked.ok) return oauthError(wrongClient, failed(revoked.failure))

    // Also where there was nothing to do: the client could not act on an error (RFC 7009 section 2.2).
    return { status: 200, body: {}, audit: done(revoked.value) }
  }
}

const done = (session: RevokedSession | undefined): Audit => ({
  event: 'session_logout',
  outcome: 'success',
  ...(session ? ownerOf(session) : { reason: 'unknown_session' }),
})

const failed = (failure: { readonly reason: string; readonly session?: RevokedSession }): Audit => ({
  event: 'session_logout',
  outcome: 'failure',
  reason: failure.reason,
  ...(failure.session && ownerOf(failure.session)),
})

const ownerOf = ({ sub, clientId, id }: RevokedSession) => ({ sub, client_id: clientId, sid: id })

const wrongClient = invalidRequest('The token was issued to another client.')
