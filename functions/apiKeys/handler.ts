import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type ApiKeyStore, apiKeyClient, apiKeyLifetime, isApiKeyId, maxApiKeys } from '../domain/clients/api-key.ts'
import type { ApiKeyFailure, CreateApiKey } from '../domain/clients/create-api-key.ts'
import { fail, succeed } from '../domain/result.ts'
import { readScope } from '../domain/scopes/scope.ts'
import { freshness } from '../domain/sign-in/enrolment/find-holder.ts'
import type { FindFreshOwner, FreshOwner, FreshOwnerFailure } from '../domain/sign-in/find-fresh-owner.ts'
import type { AccessTokenClaims, AccessTokenFailure, VerifyAccessToken } from '../domain/tokens/access-token.ts'
import { viewApiKeys } from '../http/api/api-key-view.ts'
import { invalidToken, noToken } from '../http/api/bearer-error.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { holderError } from '../http/api/factor-caller.ts'
import {
  bodyError,
  invalidRequest,
  notFirstParty,
  type OAuthError,
  oauthError,
  sessionEnded,
} from '../http/api/oauth-error.ts'
import type { ApiResponse } from '../http/api/response.ts'
import { readBearerToken } from '../http/authorizer/bearer.ts'
import { type NewKeyRequestFailure, readNewKeyRequest } from './request.ts'

type ApiKeysDependencies = {
  readonly verify: VerifyAccessToken
  readonly findFreshOwner: FindFreshOwner
  readonly createApiKey: CreateApiKey
  readonly apiKeys: Pick<ApiKeyStore, 'listApiKeys' | 'revokeApiKey'>
}

type Call = {
  readonly event: APIGatewayProxyEventV2
  readonly owner: FreshOwner
  readonly claims: AccessTokenClaims
  readonly dependencies: ApiKeysDependencies
}

const routes: Readonly<Record<string, (call: Call) => Promise<ApiResponse>>> = {
  'GET /api-keys': list,
  'POST /api-keys': create,
  'DELETE /api-keys/{id}': revoke,
}

/** /api-keys: the API keys of the caller, after a fresh log-in. */
export function createApiKeysHandler(dependencies: ApiKeysDependencies): Handler {
  return async (event) => {
    const respond = routes[event.routeKey]
    if (!respond) throw new Error(`Unhandled route ${event.routeKey}.`)
    const caller = await readCaller(event, dependencies)
    if (!caller.ok) return refused(caller.failure)
    const { sub, sid, claims } = caller.value
    const owner = await dependencies.findFreshOwner({ sub, sid })
    if (!owner.ok) return refused(owner.failure, sub)

    return respond({ event, owner: owner.value, claims, dependencies })
  }
}

type CallerFailure =
  | { readonly reason: 'no_token' }
  | { readonly reason: 'invalid_token'; readonly why: AccessTokenFailure['reason'] | 'no_session' }

/** The route is open, so the access token is verified here. */
async function readCaller({ headers }: APIGatewayProxyEventV2, { verify }: ApiKeysDependencies) {
  if (headers?.['authorization'] === undefined) return fail<CallerFailure>({ reason: 'no_token' })
  const verified = await verify(readBearerToken(headers))
  if (!verified.ok) return fail<CallerFailure>({ reason: 'invalid_token', why: verified.failure.reason })
  const { sub, sid } = verified.value
  if (sid === undefined) return fail<CallerFailure>({ reason: 'invalid_token', why: 'no_session' })
  return succeed({ sub, sid, claims: verified.value })
}

async function list({ owner: { account }, dependencies }: Call): Promise<ApiResponse> {
  const { sub } = account
  const keys = await dependencies.apiKeys.listApiKeys(sub)
  const audit = { event: 'api_key_list', outcome: 'success', sub } as const
  return { status: 200, body: { api_keys: viewApiKeys(keys) }, audit }
}

async function create({ event, owner: { account, epoch }, claims, dependencies }: Call): Promise<ApiResponse> {
  const { sub } = account
  const request = readNewKeyRequest(event)
  if (!request.ok) return refused(request.failure, sub)
  const { name, scope: asked, lifetime } = request.value
  const allowed = readScope(claims.scope ?? '') ?? []

  const created = await dependencies.createApiKey({ owner: account, epoch, allowed, asked, name, lifetime })
  if (!created.ok) return refused(created.failure, sub)

  const { id } = created.value
  const audit = { event: 'api_key_create', outcome: 'success', sub, client_id: apiKeyClient(id) } as const
  return { status: 201, body: created.value, audit }
}

async function revoke({ event, owner: { account }, dependencies }: Call): Promise<ApiResponse> {
  const { sub } = account
  const id = event.pathParameters?.['id'] ?? ''
  if (!isApiKeyId(id) || !(await dependencies.apiKeys.revokeApiKey(sub, id)))
    return refused({ reason: 'unknown_key' }, sub)
  return { status: 204, audit: { event: 'api_key_revoke', outcome: 'success', sub, client_id: apiKeyClient(id) } }
}

type Failure =
  | CallerFailure
  | FreshOwnerFailure
  | NewKeyRequestFailure
  | ApiKeyFailure
  | { readonly reason: 'unknown_key' }

function refused(failure: Failure, sub?: string): ApiResponse {
  const reason = 'why' in failure ? failure.why : failure.reason
  const owner = sub === undefined ? {} : { sub }
  return oauthError(errorOf(failure), { event: 'api_key_fail', outcome: 'failure', reason, ...owner })
}

function errorOf(failure: Failure): OAuthError {
  switch (failure.reason) {
    case 'no_token':
      return noToken
    case 'invalid_token':
      return failure.why === 'wrong_audience' ? notFirstParty : invalidToken
    case 'malformed_name':
      return invalidRequest('name must be a string of 1 to 64 characters without control characters.')
    case 'malformed_scope':
      return invalidScope('scope must be a string of scope tokens with single spaces between them.')
    case 'malformed_lifetime':
      return invalidRequest(`expires_in must be a whole number of seconds, 1 to ${apiKeyLifetime.max}.`)
    case 'scope_too_wide':
      return invalidScope('A key has at most the scope of your access token and of your account.')
    case 'too_many_keys':
      return invalidRequest(`An account has at most ${maxApiKeys} API keys. Revoke one first.`)
    case 'unknown_key':
      return { status: 404, error: 'not_found', description: 'Unknown API key.' }
    case 'session_ended':
      return sessionEnded
    case 'not_fresh':
    case 'user_gone':
    case 'user_disabled':
    case 'unknown_session':
    case 'session_expired':
    case 'third_party':
      return holderError(failure, freshness)
    case 'unsupported_media_type':
    case 'compressed_body':
    case 'body_too_long':
    case 'malformed_body':
      return bodyError(failure)
  }
}

const invalidScope = (description: string): OAuthError => ({ status: 400, error: 'invalid_scope', description })
