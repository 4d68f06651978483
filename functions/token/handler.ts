import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Clock } from '../domain/clock.ts'
import type { Notify } from '../domain/mail/mail-event.ts'
import type { Refresh, Refreshed, RefreshFailure } from '../domain/sessions/refresh.ts'
import type { Session } from '../domain/sessions/session.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { type OAuthError, oauthError, parametersError } from '../http/api/oauth-error.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import { tokenResponse } from '../http/api/token-response.ts'
import { readTokenRequest, type TokenRequestFailure } from './request.ts'

/** `lifetime` is the access token's, in seconds. */
type TokenDependencies = {
  readonly refresh: Refresh
  readonly notify: Notify
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
  readonly lifetime: number
}

/** POST /token: exchanges a refresh token for its successor and a new access token. */
export function createTokenHandler(dependencies: TokenDependencies): Handler {
  const { refresh, lifetime } = dependencies
  return async (event) => {
    const request = readTokenRequest(event)
    if (!request.ok) return oauthError(requestError(request.failure), failed(request.failure))

    const refreshed = await refresh(request.value)
    if (!refreshed.ok) {
      const told = await tellOwner(refreshed.failure, event, dependencies)
      return oauthError(refreshError(refreshed.failure), { ...failed(refreshed.failure), ...told })
    }

    return tokenResponse(refreshed.value, lifetime, succeeded(refreshed.value))
  }
}

// A late retry is a lost response or someone who shares the token: an event of its own, so that it can be counted.
const succeeded = ({ isLateRetry, session }: Refreshed): Audit => ({
  event: isLateRetry ? 'session_retry' : 'session_renewed',
  outcome: 'success',
  ...ownerOf(session),
})

// Either this token was stolen, or a thief has used it before: an event of its own, with an alarm.
const failed = ({ reason, session }: { readonly reason: string; readonly session?: Session }): Audit => ({
  event: reason === 'token_reused' ? 'authn_token_reuse' : 'session_renewed',
  outcome: 'failure',
  reason,
  ...(session && ownerOf(session)),
})

/** Of several requests at once, the one that ended the session tells its owner. */
async function tellOwner(
  { reason, hasEnded = false, session }: RefreshFailure,
  event: APIGatewayProxyEventV2,
  { notify, readAddress, clock }: TokenDependencies,
): Promise<Pick<Audit, 'notice'>> {
  if (reason !== 'token_reused' || !hasEnded || !session) return {}
  return notify({ kind: 'sessionEndedAsReused', sub: session.sub, ...occasionOf(event, readAddress(event), clock) })
}

const ownerOf = ({ sub, clientId, id }: Session) => ({ sub, client_id: clientId, sid: id })

/** One text for all reasons, so that the response never says which. */
function refreshError({ reason }: RefreshFailure): OAuthError {
  switch (reason) {
    case 'malformed_token':
    case 'unknown_session':
    case 'session_expired':
    case 'session_ended':
    case 'wrong_client':
    case 'client_withdrawn':
    case 'user_gone':
    case 'user_disabled':
    case 'token_reused':
      return { status: 400, error: 'invalid_grant', description: 'The refresh token is invalid. Log in again.' }
    case 'scope_too_wide':
      return { status: 400, error: 'invalid_scope', description: 'scope exceeds the scope of the session.' }
  }
}

function requestError(failure: TokenRequestFailure): OAuthError {
  switch (failure.reason) {
    case 'unsupported_grant_type':
      return { status: 400, error: 'unsupported_grant_type', description: 'grant_type must be refresh_token.' }
    case 'malformed_scope':
      return {
        status: 400,
        error: 'invalid_scope',
        description: 'scope must be a string of scope tokens with single spaces between them.',
      }
    default:
      return parametersError(failure)
  }
}
