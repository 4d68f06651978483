import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { canonicalIdentifier } from '../domain/accounts/identifier.ts'
import { type EnteredPassword, readEnteredPassword } from '../domain/passwords/password.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { readScope } from '../domain/scopes/scope.ts'
import { type BodyFailure, isOptionalString, readJsonBody, readMember } from '../http/api/body.ts'

export type LoginRequest = EnteredPassword & {
  readonly username: string
  readonly clientId: string
  readonly scope: readonly string[] | undefined
  readonly rememberDevice: boolean
  readonly deviceToken: string | undefined
}

export type LoginRequestFailure =
  | BodyFailure
  | {
      readonly reason:
        | 'malformed_username'
        | 'malformed_password'
        | 'malformed_scope'
        | 'malformed_device'
        | 'unknown_client'
    }

/** Unknown members are ignored. The default `client_id` is the first of `clients`. */
export function readLoginRequest(
  event: APIGatewayProxyEventV2,
  clients: readonly string[],
): Result<LoginRequest, LoginRequestFailure> {
  const body = readJsonBody(event)
  if (!body.ok) return body
  const username = readMember(body.value, 'username', canonicalIdentifier)
  if (username === undefined) return fail({ reason: 'malformed_username' })
  const entered = readMember(body.value, 'password', readEnteredPassword)
  if (entered === undefined) return fail({ reason: 'malformed_password' })
  const clientId = readMember(body.value, 'client_id', (id) => clients.find((client) => client === id), clients[0])
  if (clientId === undefined) return fail({ reason: 'unknown_client' })
  const scope = Object.hasOwn(body.value, 'scope') ? readMember(body.value, 'scope', readScope) : null
  if (scope === undefined) return fail({ reason: 'malformed_scope' })
  const { remember_device: rememberDevice = false, device_token: deviceToken } = body.value
  if (typeof rememberDevice !== 'boolean' || !isOptionalString(deviceToken)) return fail({ reason: 'malformed_device' })
  return succeed({ username, ...entered, clientId, scope: scope ?? undefined, rememberDevice, deviceToken })
}
