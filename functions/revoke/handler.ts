import type { AuthenticateClient } from '../domain/clients/authenticate-client.ts'
import type { Revoke, RevokedSession } from '../domain/sessions/revoke.ts'
import { clientRequestError, invalidClient, needsAuthentication } from '../http/api/client-credentials.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { invalidRequest, oauthError } from '../http/api/oauth-error.ts'
import type { Audit } from '../http/api/response.ts'
import { readRevokeRequest } from './request.ts'

type RevokeDependencies = {
  readonly revoke: Revoke
  readonly authenticateClient: AuthenticateClient
  /** The clients of log-ins, which are public. */
  readonly clients: readonly string[]
}

/** POST /revoke (RFC 7009): ends the session of a token. */
export function createRevokeHandler({ revoke, authenticateClient, clients }: RevokeDependencies): Handler {
  return async (event) => {
    const request = readRevokeRequest(event)
    if (!request.ok) return oauthError(clientRequestError(request.failure), failed(request.failure))
    const { token, credentials } = request.value
    if (credentials && needsAuthentication(credentials, clients)) {
      const client = await authenticateClient(credentials)
      if (!client.ok) return oauthError(invalidClient, failed(client.failure))
    }

    const revoked = await revoke({ token, clientId: credentials?.clientId })
    if (!revoked.ok) return oauthError(errors[revoked.failure.reason], failed(revoked.failure))

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

const errors = {
  wrong_client: invalidRequest('The token was issued to another client.'),
  missing_client: invalidRequest('client_id is missing.'),
}
