import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { canonicalIdentifier } from '../domain/accounts/identifier.ts'
import { type Password, readPassword } from '../domain/passwords/password.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { type BodyFailure, readJsonBody, readMember } from '../http/api/body.ts'

export type RegisterRequest = { readonly username: string; readonly password: Password }

export type RegisterRequestFailure =
  | BodyFailure
  | { readonly reason: 'malformed_username' | 'malformed_password' }
  | { readonly reason: 'unknown_member'; readonly name: string }

const members = ['username', 'password']

/** Unknown members (a role, a scope, a hash) are refused by name, because their sender expects them to do something (REQ-46). */
export function readRegisterRequest(event: APIGatewayProxyEventV2): Result<RegisterRequest, RegisterRequestFailure> {
  const body = readJsonBody(event)
  if (!body.ok) return body
  const unknown = Object.keys(body.value).find((name) => !members.includes(name))
  if (unknown !== undefined) return fail({ reason: 'unknown_member', name: unknown })
  const username = readMember(body.value, 'username', canonicalIdentifier)
  if (username === undefined) return fail({ reason: 'malformed_username' })
  const password = readMember(body.value, 'password', readPassword)
  if (password === undefined) return fail({ reason: 'malformed_password' })
  return succeed({ username, password })
}
