import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { canonicalIdentifier } from '../domain/accounts/identifier.ts'
import { type Password, readPassword } from '../domain/passwords/password.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import {
  type Body,
  type BodyFailure,
  isOptionalString,
  readJsonBody,
  readMember,
  readString,
} from '../http/api/body.ts'

export type RecoveryQuestion = {
  readonly kind: 'ask'
  readonly username: string
  readonly deviceToken: string | undefined
  readonly uiLocales: string | undefined
}

export type RecoveryConfirmation = {
  readonly kind: 'confirm'
  readonly ticket: string
  readonly code: string
  readonly next: Password
}

type RecoverRequest = RecoveryQuestion | RecoveryConfirmation

export type RecoverRequestFailure =
  | BodyFailure
  | { readonly reason: 'malformed_username' | 'malformed_new_password' }
  | { readonly reason: 'malformed_member'; readonly name: string }

/** Unknown members are ignored. @throws Error for a route that is wired to this function by mistake: a fault of ours. */
export function readRecoverRequest(event: APIGatewayProxyEventV2): Result<RecoverRequest, RecoverRequestFailure> {
  const body = readJsonBody(event)
  if (!body.ok) return body
  switch (event.routeKey) {
    case 'POST /recover':
      return readQuestion(body.value)
    case 'POST /recover/confirm':
      return readConfirmation(body.value)
    default:
      throw new Error(`Unhandled route ${event.routeKey}.`)
  }
}

function readQuestion(body: Body): Result<RecoverRequest, RecoverRequestFailure> {
  const username = readMember(body, 'username', canonicalIdentifier)
  if (username === undefined) return fail({ reason: 'malformed_username' })
  const { device_token: deviceToken, ui_locales: uiLocales } = body
  if (!isOptionalString(deviceToken)) return fail({ reason: 'malformed_member', name: 'device_token' })
  if (!isOptionalString(uiLocales)) return fail({ reason: 'malformed_member', name: 'ui_locales' })
  return succeed({ kind: 'ask', username, deviceToken, uiLocales })
}

function readConfirmation(body: Body): Result<RecoverRequest, RecoverRequestFailure> {
  const ticket = readString(body, 'ticket')
  if (ticket === undefined) return fail({ reason: 'malformed_member', name: 'ticket' })
  const code = readString(body, 'code')
  if (code === undefined) return fail({ reason: 'malformed_member', name: 'code' })
  const next = readMember(body, 'new_password', readPassword)
  return next === undefined
    ? fail({ reason: 'malformed_new_password' })
    : succeed({ kind: 'confirm', ticket, code, next })
}
