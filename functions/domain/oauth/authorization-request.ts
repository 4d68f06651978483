import { type Acr, isAcr } from '../authentication.ts'
import type { Client } from '../clients/client.ts'
import { isClientUrl } from '../clients/client-url.ts'
import { isRegistered } from '../clients/redirect-uri.ts'
import { fail, type Result, succeed } from '../result.ts'
import { findResource, type Resource, scopeWithin, type Targets } from '../scopes/resources.ts'
import { readScope, withIdentity } from '../scopes/scope.ts'

const prompts = ['none', 'login', 'consent', 'select_account'] as const
export type Prompt = (typeof prompts)[number]

const responseModes = ['query', 'form_post'] as const
type ResponseMode = (typeof responseModes)[number]

/** Where the response to an authorization request goes, and how. */
export type ResponseTarget = {
  readonly redirectUri: string
  readonly responseMode: ResponseMode
  readonly state?: string | undefined
}

/**
 * An authorization request (OpenID Connect Core section 3.1.2.1) of a registered client. `scope` is what was asked for within
 * what the client may be granted for the `resource`, which is undefined for the API of the service. `maxAge` in seconds.
 */
export type AuthorizationRequest = ResponseTarget & {
  readonly clientId: string
  readonly scope: readonly string[]
  readonly resource?: string | undefined
  readonly codeChallenge?: string | undefined
  readonly nonce?: string | undefined
  readonly prompt: readonly Prompt[]
  readonly maxAge?: number | undefined
  readonly acr?: Acr | undefined
  readonly loginHint?: string | undefined
  readonly idTokenHint?: string | undefined
  readonly uiLocales?: string | undefined
}

/** The error codes of responses (RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6, RFC 8707 section 2). */
type AuthorizationErrorCode =
  | 'invalid_request'
  | 'unauthorized_client'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'access_denied'
  | 'login_required'
  | 'consent_required'
  | 'interaction_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'registration_not_supported'

/** An error that goes to the client, because it is known who that is. `description` is for its developer. */
export type AuthorizationError = { readonly error: AuthorizationErrorCode; readonly description: string }

/** Why a request is answered by a page: the redirect URI is not known to be the client's. */
export type UnredirectableFailure = {
  readonly reason:
    | 'missing_client'
    | 'unknown_client'
    | 'missing_redirect_uri'
    | 'unregistered_redirect_uri'
    | 'repeated_parameter'
}

/** A parameter without a value counts as absent (RFC 6749 section 3.1). */
export type RequestParameters = {
  readonly values: ReadonlyMap<string, string>
  /** The names of those that were sent more than once. */
  readonly repeated: ReadonlySet<string>
}

/** The client and the redirect URI that a response may go to. */
export function readTarget(
  { values, repeated }: RequestParameters,
  client: Client | undefined,
): Result<ResponseTarget & { readonly client: Client }, UnredirectableFailure> {
  if (['client_id', 'redirect_uri', 'state', 'response_mode'].some((name) => repeated.has(name)))
    return fail({ reason: 'repeated_parameter' })
  if (!values.has('client_id')) return fail({ reason: 'missing_client' })
  if (!client) return fail({ reason: 'unknown_client' })
  const redirectUri = values.get('redirect_uri')
  if (redirectUri === undefined) return fail({ reason: 'missing_redirect_uri' })
  if (!isRegistered(client.redirectUris, redirectUri)) return fail({ reason: 'unregistered_redirect_uri' })
  const responseMode = responseModes.find((mode) => mode === values.get('response_mode')) ?? 'query'
  return succeed({ client, redirectUri, responseMode, state: values.get('state') })
}

const refuse = (error: AuthorizationErrorCode, description: string) => fail({ error, description })
const invalid = (description: string) => refuse('invalid_request', description)

export function readAuthorizationRequest(
  { values, repeated }: RequestParameters,
  { client, ...target }: ResponseTarget & { readonly client: Client },
  targets: Targets,
): Result<AuthorizationRequest, AuthorizationError> {
  // RFC 8707 section 2 lets a request name several; a token has one audience.
  if (repeated.has('resource')) return refuse('invalid_target', 'Only one resource can be asked for at a time.')
  if (repeated.size > 0) return invalid(`${[...repeated].join(' ')} must not be sent more than once.`)
  if (!client.grantTypes.includes('authorization_code'))
    return refuse('unauthorized_client', 'The client is not registered for authorization_code.')
  const unsupported = findUnsupported(values)
  if (unsupported) return fail(unsupported)
  const challenge = readChallenge(values, client)
  if (!challenge.ok) return challenge
  const asked = readScope(values.get('scope') ?? '')
  if (!asked) return refuse('invalid_scope', 'scope must be scope tokens with single spaces between them.')
  const resource = readResource(values.get('resource'), client, targets)
  if (!resource.ok) return resource
  const ask = readAsk(values)
  if (!ask.ok) return ask
  const scope = scopeWithin(scopeOf(client, values.has('scope') ? asked : undefined), resource.value)
  const codeChallenge = challenge.value
  const granted = { clientId: client.id, scope, resource: resource.value?.url }
  return succeed({ ...target, ...granted, codeChallenge, nonce: values.get('nonce'), ...ask.value })
}

// What is given up silently would be granted more, or to another, than the client asked for.
function findUnsupported(values: ReadonlyMap<string, string>): AuthorizationError | undefined {
  // First, because a client may leave the rest to its request object (RFC 9101 section 5).
  const description = 'This parameter is not supported.'
  if (values.has('request')) return { error: 'request_not_supported', description }
  if (values.has('request_uri')) return { error: 'request_uri_not_supported', description }
  if (values.has('registration')) return { error: 'registration_not_supported', description }
  const type = values.get('response_type')
  const mode = values.get('response_mode') ?? 'query'
  if (type === undefined) return { error: 'invalid_request', description: 'response_type is missing.' }
  if (type !== 'code') return { error: 'unsupported_response_type', description: 'response_type must be code.' }
  if (!responseModes.some((each) => each === mode))
    return { error: 'invalid_request', description: 'response_mode must be query or form_post.' }
  return undefined
}

// RFC 7636 section 4.2: the base64url of a SHA-256.
const challengeForm = /^[\w-]{43}$/

function readChallenge(
  values: ReadonlyMap<string, string>,
  { requiresPkce }: Client,
): Result<string | undefined, AuthorizationError> {
  const challenge = values.get('code_challenge')
  const method = values.get('code_challenge_method')
  if (challenge === undefined) {
    if (method !== undefined) return invalid('code_challenge is missing.')
    return requiresPkce ? invalid('code_challenge is missing: PKCE is required.') : succeed(undefined)
  }
  if (method !== 'S256') return invalid('code_challenge_method must be S256.')
  return challengeForm.test(challenge)
    ? succeed(challenge)
    : invalid('code_challenge must be the base64url of a SHA-256.')
}

/** A client of the owner of the service that asks for nothing gets all it may have, another one nothing. */
function scopeOf({ scope, isFirstParty }: Client, asked: readonly string[] | undefined): readonly string[] {
  if (asked === undefined) return isFirstParty ? scope : []
  const limit = withIdentity(scope)
  return asked.filter((token) => limit.includes(token))
}

/** What the tokens are to be for. Every rule about who must or may name a resource stands here. */
function readResource(
  asked: string | undefined,
  { id }: Client,
  targets: Targets,
): Result<Resource | undefined, AuthorizationError> {
  // Nobody has registered it for the API of the service.
  if (asked === undefined && isClientUrl(id)) return refuse('invalid_target', 'resource is missing.')
  const found = findResource(asked, targets)
  return found.ok ? found : refuse('invalid_target', 'resource is not known here.')
}

type Ask = Pick<AuthorizationRequest, 'prompt' | 'maxAge' | 'acr' | 'loginHint' | 'idTokenHint' | 'uiLocales'>

function readAsk(values: ReadonlyMap<string, string>): Result<Ask, AuthorizationError> {
  const words = (values.get('prompt') ?? '').split(' ').filter((word) => word !== '')
  const prompt = prompts.filter((each) => words.includes(each))
  if (prompt.includes('none') && words.length > 1) return invalid('prompt=none must stand alone.')
  const maxAge = values.get('max_age')
  if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge)) return invalid('max_age must be whole seconds.')
  return succeed({
    prompt,
    maxAge: maxAge === undefined ? undefined : Number(maxAge),
    // In order of preference (section 3.1.2.1): the first that there is.
    acr: values.get('acr_values')?.split(' ').find(isAcr),
    loginHint: values.get('login_hint'),
    idTokenHint: values.get('id_token_hint'),
    uiLocales: values.get('ui_locales'),
  })
}
