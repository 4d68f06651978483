import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { canonicalIdentifier } from '../domain/accounts/identifier.ts'
import { type EnteredPassword, readEnteredPassword } from '../domain/passwords/password.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { readScope } from '../domain/scopes/scope.ts'
import type { TypedCode } from '../domain/sign-in/verify-code.ts'
import {
  type Body,
  type BodyFailure,
  isOptionalString,
  readJsonBody,
  readMember,
  readString,
} from '../http/api/body.ts'

/** The first step: a name and a password. */
export type PasswordStep = EnteredPassword & {
  readonly kind: 'password'
  readonly username: string
  readonly clientId: string
  readonly scope: readonly string[] | undefined
  readonly rememberDevice: boolean
  readonly deviceToken: string | undefined
}

/** A later step: a code, for the auth session that the one before has answered with. */
export type CodeStep = {
  readonly kind: 'code'
  readonly authSession: string
  readonly evidence: TypedCode
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
        | 'malformed_auth_session'
        | 'malformed_code'
        | 'unknown_client'
    }

/** Unknown members are ignored. The default `client_id` is the first of `clients`. */
export function readLoginRequest(
  event: APIGatewayProxyEventV2,
  clients: readonly string[],
): Result<PasswordStep | CodeStep, LoginRequestFailure> {
  const body = readJsonBody(event)
  if (!body.ok) return body
  return Object.hasOwn(body.value, 'auth_session') ? readCodeStep(body.value) : readPasswordStep(body.value, clients)
}

function readPasswordStep(body: Body, clients: readonly string[]): Result<PasswordStep, LoginRequestFailure> {
  const username = readMember(body, 'username', canonicalIdentifier)
  if (username === undefined) return fail({ reason: 'malformed_username' })
  const entered = readMember(body, 'password', readEnteredPassword)
  if (entered === undefined) return fail({ reason: 'malformed_password' })
  const clientId = readMember(body, 'client_id', (id) => clients.find((client) => client === id), clients[0])
  if (clientId === undefined) return fail({ reason: 'unknown_client' })
  const scope = Object.hasOwn(body, 'scope') ? readMember(body, 'scope', readScope) : null
  if (scope === undefined) return fail({ reason: 'malformed_scope' })
  const { remember_device: rememberDevice = false, device_token: deviceToken } = body
  if (typeof rememberDevice !== 'boolean' || !isOptionalString(deviceToken)) return fail({ reason: 'malformed_device' })
  const asked = { clientId, scope: scope ?? undefined, rememberDevice, deviceToken }
  return succeed({ kind: 'password', username, ...entered, ...asked })
}

const codes = ['totp', 'recovery_code', 'email_code'] as const

// Exactly one code: with several, which of them was wrong would decide what the others cost.
function readCodeStep(body: Body): Result<CodeStep, LoginRequestFailure> {
  const authSession = readString(body, 'auth_session')
  if (authSession === undefined) return fail({ reason: 'malformed_auth_session' })
  const [kind, ...more] = codes.filter((name) => Object.hasOwn(body, name))
  const code = kind && readString(body, kind)
  if (kind === undefined || code === undefined || more.length > 0) return fail({ reason: 'malformed_code' })
  const { device_token: deviceToken } = body
  if (!isOptionalString(deviceToken)) return fail({ reason: 'malformed_device' })
  return succeed({ kind: 'code', authSession, evidence: { kind, code }, deviceToken })
}
