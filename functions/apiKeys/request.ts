import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { apiKeyLifetime } from '../domain/clients/api-key.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { readScope } from '../domain/scopes/scope.ts'
import { type Body, type BodyFailure, readJsonBody, readMember } from '../http/api/body.ts'

/** What POST /api-keys asks for. `scope` undefined: all that the access token has. `lifetime` in seconds. */
export type NewKeyRequest = {
  readonly name: string
  readonly scope: readonly string[] | undefined
  readonly lifetime: number
}

export type NewKeyRequestFailure =
  | BodyFailure
  | { readonly reason: 'malformed_name' | 'malformed_scope' | 'malformed_lifetime' }

/** Unknown members are ignored. */
export function readNewKeyRequest(event: APIGatewayProxyEventV2): Result<NewKeyRequest, NewKeyRequestFailure> {
  const body = readJsonBody(event)
  if (!body.ok) return body
  const name = readMember(body.value, 'name', readName)
  if (name === undefined) return fail({ reason: 'malformed_name' })
  const scope = Object.hasOwn(body.value, 'scope') ? readMember(body.value, 'scope', readScope) : null
  if (scope === undefined) return fail({ reason: 'malformed_scope' })
  const lifetime = readLifetime(body.value)
  if (lifetime === undefined) return fail({ reason: 'malformed_lifetime' })
  return succeed({ name, scope: scope ?? undefined, lifetime })
}

const maxNameLength = 64

/** Trimmed; undefined where it is empty, too long or has control characters. */
function readName(text: string): string | undefined {
  const name = text.trim().normalize('NFC')
  const isName = name !== '' && [...name].length <= maxNameLength && name.isWellFormed() && !/\p{Cc}/u.test(name)
  return isName ? name : undefined
}

function readLifetime({ expires_in: lifetime = apiKeyLifetime.default }: Body): number | undefined {
  const isAllowed = Number.isInteger(lifetime) && Number(lifetime) >= 1 && Number(lifetime) <= apiKeyLifetime.max
  return isAllowed ? Number(lifetime) : undefined
}
