import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { canonicalIdentifier } from '../domain/accounts/identifier.ts'
import { isMailAddress } from '../domain/mail/address.ts'
import { type Password, readEnteredPassword } from '../domain/passwords/password.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import {
  type Body,
  type BodyFailure,
  isOptionalString,
  readJsonBody,
  readMember,
  readString,
} from '../http/api/body.ts'

/** `email` is the new address, canonical. `sent` is the current password before NFC. */
export type AddressQuestion = {
  readonly kind: 'ask'
  readonly email: string
  readonly current: Password
  readonly sent: string
  readonly uiLocales: string | undefined
}

export type AddressConfirmation = { readonly kind: 'confirm'; readonly ticket: string; readonly code: string }

type EmailRequest = AddressQuestion | AddressConfirmation

export type EmailRequestFailure =
  | BodyFailure
  | { readonly reason: 'malformed_email' | 'malformed_password' }
  | { readonly reason: 'malformed_member'; readonly name: string }

/** Unknown members are ignored. @throws Error for a route that is wired to this function by mistake: a fault of ours. */
export function readEmailRequest(event: APIGatewayProxyEventV2): Result<EmailRequest, EmailRequestFailure> {
  const body = readJsonBody(event)
  if (!body.ok) return body
  switch (event.routeKey) {
    case 'POST /email':
      return readQuestion(body.value)
    case 'POST /email/confirm':
      return readConfirmation(body.value)
    default:
      throw new Error(`Unhandled route ${event.routeKey}.`)
  }
}

/** A new address, canonical; undefined for what no mail can be sent to. */
export function readMailAddress(text: string): string | undefined {
  const address = canonicalIdentifier(text)
  return address !== undefined && isMailAddress(address) ? address : undefined
}

function readQuestion(body: Body): Result<EmailRequest, EmailRequestFailure> {
  const email = readMember(body, 'email', readMailAddress)
  if (email === undefined) return fail({ reason: 'malformed_email' })
  const entered = readMember(body, 'password', readEnteredPassword)
  if (entered === undefined) return fail({ reason: 'malformed_password' })
  const uiLocales = body['ui_locales']
  if (!isOptionalString(uiLocales)) return fail({ reason: 'malformed_member', name: 'ui_locales' })
  return succeed({ kind: 'ask', email, current: entered.password, sent: entered.sent, uiLocales })
}

function readConfirmation(body: Body): Result<EmailRequest, EmailRequestFailure> {
  const ticket = readString(body, 'ticket')
  if (ticket === undefined) return fail({ reason: 'malformed_member', name: 'ticket' })
  const code = readString(body, 'code')
  return code === undefined
    ? fail({ reason: 'malformed_member', name: 'code' })
    : succeed({ kind: 'confirm', ticket, code })
}
