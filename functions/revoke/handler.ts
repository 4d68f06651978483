import type { AuthenticateClientFrom } from '../domain/clients/authenticate-client.ts'
import type { Revoke, RevokedSession } from '../domain/sessions/revoke.ts'
import { clientError, clientRequestError, needsAuthentication } from '../http/api/client-credentials.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { invalidRequest, oauthError } from '../http/api/oauth-error.ts'
import type { Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import { readRevokeRequest } from './request.ts'

type RevokeDependencies = {
  readonly revoke: Revoke
  readonly authenticateClient: AuthenticateClientFrom
  readonly readAddress: ReadSourceAddress
  /** The clients of log-ins, which are public. */
  readonly clients: readonly string[]
}

/** POST /revoke (RFC 7009): ends the session of a token. */
export function createRevokeHandler(dependencies: RevokeDependencies): Handler {
  const { revoke, authenticateClient, readAddress, clients } = dependencies
  return async (event) => {
    const request = readRevokeRequest(event)
    if (!request.ok) return oauthError(clientRequestError(request.failure), failed(request.failure))
    const { token, credentials } = request.value
    if (credentials && needsAuthentication(credentials, clients)) {
      const client = await authenticateClient(credentials, readAddress(event))
      if (!client.ok) return oauthError(clientError(client.failure), failed(client.failure))
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

type Failed = { readonly reason: string; readonly session?: RevokedSession; readonly clientId?: string }

const failed = ({ reason, session, clientId }: Failed): Audit => ({
  event: 'session_logout',
  outcome: 'failure',
  reason,
  ...(clientId !== undefined && { client_id: clientId }),
  ...(session && ownerOf(session)),
})

const ownerOf = ({ sub, clientId, id }: RevokedSession) => ({ sub, client_id: clientId, sid: id })

const errors = {
  wrong_client: invalidRequest('The token was issued to another client.'),
  missing_client: invalidRequest('client_id is missing.'),
}
