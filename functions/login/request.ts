import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type Password, readPassword } from '../domain/password.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { readScope } from '../domain/scope.ts'
import { canonicalUsername } from '../domain/username.ts'
import { type Body, type BodyFailure, readJsonBody } from '../http/body.ts'

export type LoginRequest = {
  readonly username: string
  readonly password: Password
  readonly clientId: string
  readonly scope: readonly string[] | undefined
}

export type LoginRequestFailure =
  | BodyFailure
  | { readonly reason: 'malformed_username' | 'malformed_password' | 'malformed_scope' | 'unknown_client' }

/** Members that are not asked for change nothing. A `client_id` left out is the first of `clients`. */
export function readLoginRequest(
  event: APIGatewayProxyEventV2,
  clients: readonly string[],
): Result<LoginRequest, LoginRequestFailure> {
  const body = readJsonBody(event)
  if (!body.ok) return body
  const username = readWith(body.value, 'username', canonicalUsername)
  if (username === undefined) return fail({ reason: 'malformed_username' })
  const password = readWith(body.value, 'password', readPassword)
  if (password === undefined) return fail({ reason: 'malformed_password' })
  const clientId = readWith(body.value, 'client_id', (id) => clients.find((client) => client === id), clients[0])
  if (clientId === undefined) return fail({ reason: 'unknown_client' })
  const scope = Object.hasOwn(body.value, 'scope') ? readWith(body.value, 'scope', readScope) : null
  if (scope === undefined) return fail({ reason: 'malformed_scope' })
  return succeed({ username, password, clientId, scope: scope ?? undefined })
}

/** A member that is the body's own and a text, as `read` takes it; `absent` where there is no such member. */
function readWith<T>(body: Body, name: string, read: (text: string) => T | undefined, absent?: T): T | undefined {
  if (!Object.hasOwn(body, name)) return absent
  const value = body[name]
  return typeof value === 'string' ? read(value) : undefined
}
