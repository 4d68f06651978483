import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { AuthenticateClientFrom } from '../domain/clients/authenticate-client.ts'
import type { Clock } from '../domain/clock.ts'
import type { Notify } from '../domain/mail/mail-event.ts'
import type { GrantMachine, MachineFailure } from '../domain/oauth/grant-machine.ts'
import type { RedeemCode, RedeemFailure } from '../domain/oauth/redeem-code.ts'
import type { Refresh, Refreshed, RefreshFailure } from '../domain/sessions/refresh.ts'
import type { Session } from '../domain/sessions/session.ts'
import { clientError, clientRequestError, needsAuthentication } from '../http/api/client-credentials.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { invalidRequest, type OAuthError, oauthError } from '../http/api/oauth-error.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import { tokenResponse } from '../http/api/token-response.ts'
import {
  type CodeGrant,
  type MachineGrant,
  type RefreshGrant,
  readTokenRequest,
  type TokenRequestFailure,
} from './request.ts'

/** `clients` are those of log-ins, which are public; `lifetime` is the access token's, in seconds. */
type TokenDependencies = {
  readonly refresh: Refresh
  readonly redeemCode: RedeemCode
  readonly grantMachine: GrantMachine
  readonly authenticateClient: AuthenticateClientFrom
  readonly notify: Notify
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
  readonly clients: readonly string[]
  readonly lifetime: number
}

/** POST /token: exchanges a refresh token, an authorization code, the credentials of a machine or an API key for tokens. */
export function createTokenHandler(dependencies: TokenDependencies): Handler {
  return async (event) => {
    const request = readTokenRequest(event)
    if (!request.ok) return oauthError(requestError(request.failure), failed(request.failure))
    switch (request.value.kind) {
      case 'refresh':
        return takeRefreshToken(event, request.value, dependencies)
      case 'code':
        return takeCode(event, request.value, dependencies)
      case 'machine':
        return admitMachine(event, request.value, dependencies)
    }
  }
}

async function takeRefreshToken(
  event: APIGatewayProxyEventV2,
  { credentials, ...request }: RefreshGrant,
  dependencies: TokenDependencies,
): Promise<ApiResponse> {
  const { refresh, authenticateClient, readAddress, clients, lifetime } = dependencies
  const needed = credentials && needsAuthentication(credentials, clients)
  const client = needed ? await authenticateClient(credentials, readAddress(event)) : undefined
  if (client?.ok === false) return oauthError(clientError(client.failure), failed(client.failure))

  const refreshed = await refresh({ ...request, clientId: credentials?.clientId, client: client?.value })
  if (!refreshed.ok) {
    const told = await tellOwner(refreshed.failure, event, dependencies)
    return oauthError(refreshError(refreshed.failure), { ...failed(refreshed.failure), ...told })
  }

  return tokenResponse(refreshed.value, lifetime, succeeded(refreshed.value))
}

async function takeCode(
  event: APIGatewayProxyEventV2,
  { credentials, ...request }: CodeGrant,
  { redeemCode, authenticateClient, readAddress, lifetime }: TokenDependencies,
): Promise<ApiResponse> {
  const client = await authenticateClient(credentials, readAddress(event))
  if (!client.ok) return oauthError(clientError(client.failure), notBegun(client.failure))

  const redeemed = await redeemCode({ ...request, client: client.value })
  if (!redeemed.ok) return oauthError(codeError(redeemed.failure), notBegun(redeemed.failure, client.value.id))

  const { sub, sessionId: sid } = redeemed.value
  const audit = { event: 'session_created', outcome: 'success', sub, client_id: client.value.id, sid } as const
  return tokenResponse(redeemed.value, lifetime, audit)
}

async function admitMachine(
  event: APIGatewayProxyEventV2,
  request: MachineGrant,
  { grantMachine, readAddress, lifetime }: TokenDependencies,
): Promise<ApiResponse> {
  const granted = await grantMachine({ ...request, address: readAddress(event) })
  if (!granted.ok) return oauthError(machineError(granted.failure), notIssued(granted.failure))

  const { clientId: client_id, sessionId: sid, sub } = granted.value
  const owner = sub === undefined ? {} : { sub }
  const audit = { event: 'authn_token_created', outcome: 'success', ...owner, client_id, sid } as const
  return tokenResponse({ ...granted.value, refreshToken: undefined }, lifetime, audit)
}

const notIssued = (failure: MachineFailure): Audit => ({
  event: 'authn_token_created',
  outcome: 'failure',
  reason: failure.reason,
  ...('clientId' in failure && { client_id: failure.clientId }),
})

type NotBegun = {
  readonly reason: string
  readonly sub?: string
  readonly sessionId?: string
  readonly clientId?: string
}

// A code that was used twice was stolen, or a client is faulty: the event of refresh tokens, which has an alarm.
const notBegun = ({ reason, sub, sessionId, ...failure }: NotBegun, clientId = failure.clientId): Audit => ({
  event: reason === 'code_reused' ? 'authn_token_reuse' : 'session_created',
  outcome: 'failure',
  reason,
  ...(sub !== undefined && { sub }),
  ...(clientId !== undefined && { client_id: clientId }),
  ...(sessionId !== undefined && { sid: sessionId }),
})

// A late retry is a lost response or someone who shares the token: an event of its own, so that it can be counted.
const succeeded = ({ isLateRetry, session }: Refreshed): Audit => ({
  event: isLateRetry ? 'session_retry' : 'session_renewed',
  outcome: 'success',
  ...ownerOf(session),
})

type Failed = { readonly reason: string; readonly session?: Session; readonly clientId?: string }

// Either this token was stolen, or a thief has used it before: an event of its own, with an alarm.
const failed = ({ reason, session, clientId }: Failed): Audit => ({
  event: reason === 'token_reused' ? 'authn_token_reuse' : 'session_renewed',
  outcome: 'failure',
  reason,
  ...(clientId !== undefined && { client_id: clientId }),
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
    case 'resource_withdrawn':
      return { status: 400, error: 'invalid_grant', description: 'The refresh token is invalid. Log in again.' }
    case 'missing_client':
      return invalidRequest('client_id is missing.')
    case 'scope_too_wide':
      return invalidScope('scope exceeds the scope of the session.')
    case 'wrong_resource':
      return invalidTarget('resource is not the one that the refresh token is for.')
  }
}

function machineError(failure: MachineFailure): OAuthError {
  switch (failure.reason) {
    case 'unauthorized_client':
      return notRegisteredFor('client_credentials')
    case 'identity_scope':
      return invalidScope('openid, profile, email and offline_access are about people: a machine cannot have them.')
    case 'unknown_resource':
      return unknownResource
    case 'session_ended':
      return {
        status: 400,
        error: 'invalid_grant',
        description: 'The tokens of the client were ended at the same moment. Ask again.',
      }
    default:
      return clientError(failure)
  }
}

const invalidScope = (description: string): OAuthError => ({ status: 400, error: 'invalid_scope', description })

// RFC 8707 section 2.
const invalidTarget = (description: string): OAuthError => ({ status: 400, error: 'invalid_target', description })
const unknownResource = invalidTarget('resource is not known here.')

const notRegisteredFor = (grant: string): OAuthError => ({
  status: 400,
  error: 'unauthorized_client',
  description: `The client is not registered for ${grant}.`,
})

function codeError({ reason }: RedeemFailure): OAuthError {
  switch (reason) {
    case 'malformed_verifier':
      return invalidRequest('code_verifier must be 43 to 128 letters, digits, dots, dashes, tildes and underscores.')
    case 'unauthorized_client':
      return notRegisteredFor('authorization_code')
    case 'unknown_resource':
      return unknownResource
    case 'wrong_resource':
      return invalidTarget('resource is not the one that the code was issued for.')
    case 'wrong_code':
    case 'code_reused':
    case 'resource_withdrawn':
    case 'session_ended':
    case 'client_withdrawn':
    case 'consent_withdrawn':
      return {
        status: 400,
        error: 'invalid_grant',
        description: 'The code is wrong, used or expired, or redirect_uri or code_verifier do not belong to it.',
      }
  }
}

function requestError(failure: TokenRequestFailure): OAuthError {
  switch (failure.reason) {
    case 'unsupported_grant_type':
      return {
        status: 400,
        error: 'unsupported_grant_type',
        description: 'grant_type must be refresh_token, authorization_code or client_credentials.',
      }
    case 'malformed_scope':
      return invalidScope('scope must be a string of scope tokens with single spaces between them.')
    case 'malformed_parameter':
      // RFC 8707 section 2 lets a request name several; a token has one audience.
      if (failure.name === 'resource') return invalidTarget('resource must be one string: a token is for one resource.')
      return clientRequestError(failure)
    default:
      return clientRequestError(failure)
  }
}
