import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type Password, readEnteredPassword, readPassword } from '../domain/passwords/password.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { type BodyFailure, readJsonBody, readMember } from '../http/api/body.ts'

/** `sent` is the current password before NFC. */
export type PasswordRequest = { readonly current: Password; readonly sent: string; readonly next: Password }

export type PasswordRequestFailure =
  | BodyFailure
  | { readonly reason: 'malformed_current_password' | 'malformed_new_password' }

export function readPasswordRequest(event: APIGatewayProxyEventV2): Result<PasswordRequest, PasswordRequestFailure> {
  const body = readJsonBody(event)
  if (!body.ok) return body
  const current = readMember(body.value, 'current_password', readEnteredPassword)
  if (current === undefined) return fail({ reason: 'malformed_current_password' })
  const next = readMember(body.value, 'new_password', readPassword)
  if (next === undefined) return fail({ reason: 'malformed_new_password' })
  return succeed({ current: current.password, sent: current.sent, next })
}
