import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { clientNamedBy } from '../../domain/clients/api-key.ts'
import type { ClientCredentials, ClientFailure } from '../../domain/clients/authenticate-client.ts'
import { assertionType, readClientAssertion } from '../../domain/oauth/client-assertion.ts'
import { fail, type Result, succeed } from '../../domain/result.ts'
import { invalidRequest, type OAuthError, parametersError, tooManyRequests } from './oauth-error.ts'
import type { ParametersFailure } from './parameters.ts'

export type CredentialsFailure = {
  readonly reason:
    | 'malformed_authorization'
    | 'two_client_secrets'
    | 'two_clients'
    | 'missing_client'
    | 'wrong_assertion_type'
    | 'malformed_assertion'
}

/** The parameters by which clients say who they are. */
export const clientParameters = ['client_id', 'client_secret', 'client_assertion_type', 'client_assertion'] as const

type Sent = { readonly [Name in (typeof clientParameters)[number]]?: string }

/**
 * Who the client says that it is: by HTTP's Basic scheme or by parameters, not by both (RFC 6749 section 2.3.1). An API key
 * names its client itself. Undefined where it does not say.
 */
export function readClientCredentials(
  { headers }: APIGatewayProxyEventV2,
  sent: Sent,
): Result<ClientCredentials | undefined, CredentialsFailure> {
  const { client_id: clientId, client_secret: secret } = sent
  const authorization = headers?.['authorization'] ?? ''
  if (sent.client_assertion !== undefined || sent.client_assertion_type !== undefined)
    return readAssertion(sent, secret !== undefined || isBasic(authorization))
  // Another scheme says nothing about the client: apps add their access token to every request.
  if (isBasic(authorization)) {
    const basic = readBasic(authorization)
    if (!basic) return fail({ reason: 'malformed_authorization' })
    if (secret !== undefined) return fail({ reason: 'two_client_secrets' })
    if (clientId !== undefined && clientId !== basic.clientId) return fail({ reason: 'two_clients' })
    const proof = { secret: { text: basic.secret, sentBy: 'client_secret_basic' } } as const
    // Libraries send public clients so, with an empty secret.
    return succeed({ clientId: basic.clientId, ...(basic.secret !== '' && proof) })
  }
  if (clientId === undefined && secret === undefined) return succeed(undefined)
  const named = clientId ?? clientNamedBy(secret ?? '')
  if (named === undefined) return fail({ reason: 'missing_client' })
  return succeed({
    clientId: named,
    ...(secret !== undefined && { secret: { text: secret, sentBy: 'client_secret_post' } }),
  })
}

const isBasic = (authorization: string): boolean => /^basic( |$)/i.test(authorization)

/** The id is that of the assertion, whether the request repeats it or not (RFC 7521 section 4.2). */
function readAssertion(
  { client_id, client_assertion, client_assertion_type }: Sent,
  isSecretSent: boolean,
): Result<ClientCredentials, CredentialsFailure> {
  if (isSecretSent) return fail({ reason: 'two_client_secrets' })
  if (client_assertion_type !== assertionType || client_assertion === undefined)
    return fail({ reason: 'wrong_assertion_type' })
  const assertion = readClientAssertion(client_assertion)
  if (!assertion) return fail({ reason: 'malformed_assertion' })
  const { clientId } = assertion
  return client_id === undefined || client_id === clientId
    ? succeed({ clientId, assertion })
    : fail({ reason: 'two_clients' })
}

/** Whether it must be looked up who sent these: a client of log-ins that sends its id only is public. */
export const needsAuthentication = (
  { clientId, secret, assertion }: ClientCredentials,
  logInClients: readonly string[],
): boolean => secret !== undefined || assertion !== undefined || !logInClients.includes(clientId)

const maxHeaderLength = 4096

function readBasic(header: string): { readonly clientId: string; readonly secret: string } | undefined {
  const [, encoded] = (header.length <= maxHeaderLength && /^basic +([\w+/-]+={0,2})$/i.exec(header)) || []
  const pair = Buffer.from(encoded ?? '', 'base64').toString()
  const colon = pair.indexOf(':')
  if (colon < 0) return undefined
  try {
    const [sent = '', secret = ''] = [pair.slice(0, colon), pair.slice(colon + 1)].map(decode)
    const clientId = sent || clientNamedBy(secret)
    return clientId ? { clientId, secret } : undefined
  } catch {
    return undefined
  }
}

// Both are form-encoded before they are joined.
const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

/** One text for an unknown client, a wrong secret or assertion, and one sent in another way than is registered. */
const invalidClient: OAuthError = {
  status: 401,
  error: 'invalid_client',
  description:
    'Unknown client, wrong secret, assertion or API key, or not the way of authentication that the client is registered with.',
  headers: { 'www-authenticate': 'Basic realm="clients"' },
}

export const clientError = (failure: ClientFailure): OAuthError =>
  failure.reason === 'address_limited' ? tooManyRequests(failure.retryAfter) : invalidClient

/** Of a request that a client may authenticate. */
export function clientRequestError(failure: CredentialsFailure | ParametersFailure): OAuthError {
  switch (failure.reason) {
    case 'malformed_authorization':
      return invalidRequest('Authorization must be Basic, with client id and secret.')
    case 'two_client_secrets':
      return invalidRequest(
        'Send the client secret in Authorization or as client_secret, or client_assertion: one of them.',
      )
    case 'two_clients':
      return invalidRequest('client_id must be the one in Authorization or client_assertion, or left out.')
    case 'missing_client':
      return invalidRequest('client_id is missing.')
    case 'wrong_assertion_type':
      return invalidRequest(`client_assertion_type must be ${assertionType}, beside client_assertion.`)
    case 'malformed_assertion':
      return invalidClient
    default:
      return parametersError(failure)
  }
}
