import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { fail, type Result, succeed } from '../domain/result.ts'
import { readScope } from '../domain/scopes/scope.ts'
import type { RefreshRequest } from '../domain/sessions/refresh.ts'
import { readArrival } from '../http/api/arrival.ts'
import { type ParametersFailure, readParameters } from '../http/api/parameters.ts'

export type TokenRequestFailure =
  | ParametersFailure
  | { readonly reason: 'unsupported_grant_type' }
  | { readonly reason: 'malformed_scope' }

/** Reads a request for the refresh token grant. */
export function readTokenRequest(event: APIGatewayProxyEventV2): Result<RefreshRequest, TokenRequestFailure> {
  const parameters = readParameters(event, ['grant_type', 'refresh_token', 'client_id', 'scope'])
  if (!parameters.ok) return parameters
  const { grant_type, refresh_token, client_id, scope } = parameters.value
  if (grant_type === undefined) return fail({ reason: 'missing_parameter', name: 'grant_type' })
  if (grant_type !== 'refresh_token') return fail({ reason: 'unsupported_grant_type' })
  if (refresh_token === undefined) return fail({ reason: 'missing_parameter', name: 'refresh_token' })
  const asked = readScope(scope ?? '')
  if (asked === undefined) return fail({ reason: 'malformed_scope' })
  return succeed({
    refreshToken: refresh_token,
    clientId: client_id,
    scope: scope === undefined ? undefined : asked,
    receivedAt: readArrival(event),
  })
}
