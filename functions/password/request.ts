import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type Password, readPassword } from '../domain/passwords/password.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { type BodyFailure, readJsonBody, readMember } from '../http/api/body.ts'

export type PasswordRequest = { readonly current: Password; readonly next: Password }

export type PasswordRequestFailure =
  | BodyFailure
  | { readonly reason: 'malformed_current_password' | 'malformed_new_password' }

export function readPasswordRequest(event: APIGatewayProxyEventV2): Result<PasswordRequest, PasswordRequestFailure> {
  const body = readJsonBody(event)
  if (!body.ok) return body
  const current = readMember(body.value, 'current_password', readPassword)
  if (current === undefined) return fail({ reason: 'malformed_current_password' })
  const next = readMember(body.value, 'new_password', readPassword)
  if (next === undefined) return fail({ reason: 'malformed_new_password' })
  return succeed({ current, next })
}

type Authorized = { readonly authorizer?: { readonly lambda?: { readonly sub?: string; readonly sid?: string } } }

/**
 * Who calls, from the authorizer's context alone, never from a header, the token or the body (REQ-76).
 * @throws Error where there is none: then the route stands without its authorizer, which is a fault of ours.
 */
export function readCaller(event: APIGatewayProxyEventV2): { readonly sub: string; readonly sid: string } {
  const { authorizer } = event.requestContext as Authorized
  const { sub, sid } = authorizer?.lambda ?? {}
  if (!sub || sid === undefined) throw new Error('This route has no authorizer in front of it.')
  return { sub, sid }
}
