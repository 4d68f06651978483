import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { ClientCredentials, ClientFailure } from '../../domain/clients/authenticate-client.ts'
import { fail, type Result, succeed } from '../../domain/result.ts'
import { invalidRequest, type OAuthError, parametersError, tooManyRequests } from './oauth-error.ts'
import type { ParametersFailure } from './parameters.ts'

export type CredentialsFailure = {
  readonly reason: 'malformed_authorization' | 'two_client_secrets' | 'two_clients' | 'missing_client'
}

type Sent = { readonly client_id?: string; readonly client_secret?: string }

/**
 * Who the client says that it is: by HTTP's Basic scheme or by parameters, not by both (RFC 6749 section 2.3.1). Undefined
 * where it does not say.
 */
export function readClientCredentials(
  { headers }: APIGatewayProxyEventV2,
  { client_id: clientId, client_secret: secret }: Sent,
): Result<ClientCredentials | undefined, CredentialsFailure> {
  const authorization = headers?.['authorization'] ?? ''
  // Another scheme says nothing about the client: apps add their access token to every request.
  if (/^basic( |$)/i.test(authorization)) {
    const basic = readBasic(authorization)
    if (!basic) return fail({ reason: 'malformed_authorization' })
    if (secret !== undefined) return fail({ reason: 'two_client_secrets' })
    if (clientId !== undefined && clientId !== basic.clientId) return fail({ reason: 'two_clients' })
    const proof = { secret: { text: basic.secret, sentBy: 'client_secret_basic' } } as const
    // Libraries send public clients so, with an empty secret.
    return succeed({ clientId: basic.clientId, ...(basic.secret !== '' && proof) })
  }
  if (clientId === undefined) return secret === undefined ? succeed(undefined) : fail({ reason: 'missing_client' })
  return succeed({ clientId, ...(secret !== undefined && { secret: { text: secret, sentBy: 'client_secret_post' } }) })
}

/** Whether it must be looked up who sent these: a client of log-ins that sends its id only is public. */
export const needsAuthentication = (
  { clientId, secret }: ClientCredentials,
  logInClients: readonly string[],
): boolean => secret !== undefined || !logInClients.includes(clientId)

const maxHeaderLength = 4096

function readBasic(header: string): { readonly clientId: string; readonly secret: string } | undefined {
  const [, encoded] = (header.length <= maxHeaderLength && /^basic +([\w+/-]+={0,2})$/i.exec(header)) || []
  const pair = Buffer.from(encoded ?? '', 'base64').toString()
  const colon = pair.indexOf(':')
  if (colon < 1) return undefined
  try {
    const [clientId = '', secret = ''] = [pair.slice(0, colon), pair.slice(colon + 1)].map(decode)
    return { clientId, secret }
  } catch {
    return undefined
  }
}

// Both are form-encoded before they are joined.
const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

/** One text for an unknown client, a wrong secret, and a secret sent in another way than is registered. */
const invalidClient: OAuthError = {
  status: 401,
  error: 'invalid_client',
  description: 'Unknown client, wrong secret, or not the way of authentication that the client is registered with.',
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
      return invalidRequest('Send the client secret in Authorization or as client_secret, not both.')
    case 'two_clients':
      return invalidRequest('client_id must be the one in Authorization, or left out.')
    case 'missing_client':
      return invalidRequest('client_id is missing.')
    default:
      return parametersError(failure)
  }
}
