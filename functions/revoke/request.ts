import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { ClientCredentials } from '../domain/clients/authenticate-client.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { type CredentialsFailure, clientParameters, readClientCredentials } from '../http/api/client-credentials.ts'
import { type ParametersFailure, readParameters } from '../http/api/parameters.ts'

/** `credentials` are undefined where the client does not say which it is. */
type RevokeParameters = { readonly token: string; readonly credentials: ClientCredentials | undefined }

type RevokeRequestFailure = ParametersFailure | CredentialsFailure

/** `token_type_hint` is only a hint (RFC 7009 section 2.1): the token itself says what it is. */
export function readRevokeRequest(event: APIGatewayProxyEventV2): Result<RevokeParameters, RevokeRequestFailure> {
  const parameters = readParameters(event, ['token', ...clientParameters])
  if (!parameters.ok) return parameters
  const { token } = parameters.value
  if (token === undefined) return fail({ reason: 'missing_parameter', name: 'token' })
  const credentials = readClientCredentials(event, parameters.value)
  return credentials.ok ? succeed({ token, credentials: credentials.value }) : credentials
}
