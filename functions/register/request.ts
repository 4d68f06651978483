import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { canonicalIdentifier, kindOf } from '../domain/accounts/identifier.ts'
import { isMailAddress } from '../domain/mail/address.ts'
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

export type RegisterRequest = { readonly username: string; readonly password: Password }

/** Without `username` the account is to be called by its address. */
type Identifiers = { readonly username?: string; readonly address: string }

type Registration = Identifiers & { readonly password: Password }

export type RegistrationQuestion = Registration & {
  readonly kind: 'ask'
  readonly uiLocales: string | undefined
}

/** `username` takes the place of the one in the registration. */
export type RegistrationConfirmation = {
  readonly kind: 'confirm'
  readonly ticket: string
  readonly code: string
  readonly username?: string
}

/** What is wrong with what a person typed. */
export type TypedFailure =
  | { readonly reason: 'malformed_username' | 'malformed_password' | 'username_is_address' }
  | { readonly reason: 'no_address' | 'second_address' | 'address_not_mailable' }

export type RegisterRequestFailure =
  | BodyFailure
  | TypedFailure
  | { readonly reason: 'mail_is_off' }
  | { readonly reason: 'malformed_member'; readonly name: string }
  | { readonly reason: 'unknown_member'; readonly name: string; readonly members: readonly string[] }

/** POST /register without mail. Addresses are refused, because nobody could prove that one is theirs. */
export function readRegisterRequest(event: APIGatewayProxyEventV2): Result<RegisterRequest, RegisterRequestFailure> {
  const body = readJsonBody(event)
  if (!body.ok) return body
  if (Object.hasOwn(body.value, 'email')) return fail({ reason: 'mail_is_off' })
  const known = refuseUnknown(body.value, ['username', 'password'])
  return known.ok ? readNameAndPassword(body.value) : known
}

/** What a person types to register without mail. */
export function readNameAndPassword(body: Body): Result<RegisterRequest, TypedFailure> {
  const username = readMember(body, 'username', canonicalIdentifier)
  if (username === undefined) return fail({ reason: 'malformed_username' })
  if (kindOf(username) === 'email') return fail({ reason: 'username_is_address' })
  const password = readMember(body, 'password', readPassword)
  return password === undefined ? fail({ reason: 'malformed_password' }) : succeed({ username, password })
}

type MailedRequest = RegistrationQuestion | RegistrationConfirmation

/**
 * POST /register and POST /register/confirm with mail.
 * @throws Error for a route that is wired to this function by mistake: a fault of ours.
 */
export function readMailedRequest(event: APIGatewayProxyEventV2): Result<MailedRequest, RegisterRequestFailure> {
  const body = readJsonBody(event)
  if (!body.ok) return body
  switch (event.routeKey) {
    case 'POST /register':
      return readQuestion(body.value)
    case 'POST /register/confirm':
      return readConfirmation(body.value)
    default:
      throw new Error(`Unhandled route ${event.routeKey}.`)
  }
}

function readQuestion(body: Body): Result<RegistrationQuestion, RegisterRequestFailure> {
  const known = refuseUnknown(body, ['username', 'password', 'email', 'ui_locales'])
  if (!known.ok) return known
  const registration = readRegistration(body)
  if (!registration.ok) return registration
  const { ui_locales: uiLocales } = body
  if (!isOptionalString(uiLocales)) return fail({ reason: 'malformed_member', name: 'ui_locales' })
  return succeed({ kind: 'ask', ...registration.value, uiLocales })
}

/** What a person types to register with mail. */
export function readRegistration(body: Body): Result<Registration, TypedFailure> {
  const identifiers = readIdentifiers(body)
  if (!identifiers.ok) return identifiers
  const password = readMember(body, 'password', readPassword)
  return password === undefined ? fail({ reason: 'malformed_password' }) : succeed({ ...identifiers.value, password })
}

function readIdentifiers(body: Body): Result<Identifiers, TypedFailure> {
  const username = readMember(body, 'username', canonicalIdentifier)
  if (username === undefined) return fail({ reason: 'malformed_username' })
  const isAddress = kindOf(username) === 'email'
  const hasEmail = Object.hasOwn(body, 'email')
  if (isAddress && hasEmail) return fail({ reason: 'second_address' })
  if (!isAddress && !hasEmail) return fail({ reason: 'no_address' })
  // The canonical form is judged, because that is where the mail goes.
  const address = isAddress ? username : readMember(body, 'email', canonicalIdentifier)
  if (address === undefined || !isMailAddress(address)) return fail({ reason: 'address_not_mailable' })
  return succeed(isAddress ? { address } : { username, address })
}

function readConfirmation(body: Body): Result<RegistrationConfirmation, RegisterRequestFailure> {
  const known = refuseUnknown(body, ['ticket', 'code', 'username'])
  return known.ok ? readCode(body) : known
}

export type CodeFailure =
  | { readonly reason: 'malformed_username' }
  | { readonly reason: 'malformed_member'; readonly name: string }

/** A code and its ticket, with another name where the one of the registration was taken meanwhile. */
export function readCode(body: Body): Result<RegistrationConfirmation, CodeFailure> {
  const ticket = readString(body, 'ticket')
  if (ticket === undefined) return fail({ reason: 'malformed_member', name: 'ticket' })
  const code = readString(body, 'code')
  if (code === undefined) return fail({ reason: 'malformed_member', name: 'code' })
  if (!Object.hasOwn(body, 'username')) return succeed({ kind: 'confirm', ticket, code })
  const username = readMember(body, 'username', canonicalIdentifier)
  return username === undefined
    ? fail({ reason: 'malformed_username' })
    : succeed({ kind: 'confirm', ticket, code, username })
}

/** Unknown members (a role, a scope, a hash) are refused by name, because their sender expects them to do something (REQ-46). */
function refuseUnknown(body: Body, members: readonly string[]): Result<void, RegisterRequestFailure> {
  const name = Object.keys(body).find((each) => !members.includes(each))
  return name === undefined ? succeed(undefined) : fail({ reason: 'unknown_member', name, members })
}
