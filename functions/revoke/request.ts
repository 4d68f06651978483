import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { fail, type Result, succeed } from '../domain/result.ts'
import type { RevokeRequest } from '../domain/sessions/revoke.ts'
import { type ParametersFailure, readParameters } from '../http/api/parameters.ts'

/** `token_type_hint` is only a hint (RFC 7009 section 2.1): the token itself says what it is. */
export function readRevokeRequest(event: APIGatewayProxyEventV2): Result<RevokeRequest, ParametersFailure> {
  const parameters = readParameters(event, ['token', 'client_id'])
  if (!parameters.ok) return parameters
  const { token, client_id } = parameters.value
  return token === undefined
    ? fail({ reason: 'missing_parameter', name: 'token' })
    : succeed({ token, clientId: client_id })
}
