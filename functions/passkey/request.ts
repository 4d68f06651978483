import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type AssertionCredential, readCredential } from '../domain/factors/credential.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { readScope } from '../domain/scopes/scope.ts'
import type { PasskeyLogIn } from '../domain/sign-in/passkey-step.ts'
import {
  type Body,
  type BodyFailure,
  isOptionalString,
  readJsonBody,
  readMember,
  readString,
} from '../http/api/body.ts'

/** What POST /login/passkey asks for: a challenge for a log-in that begins or goes on, or the next step of it. */
export type PasskeyRequest =
  | { readonly kind: 'begin'; readonly logIn: PasskeyLogIn }
  | { readonly kind: 'go_on'; readonly authSession: string }
  | {
      readonly kind: 'prove'
      readonly authSession: string
      readonly credential: AssertionCredential
      readonly deviceToken: string | undefined
    }

export type PasskeyRequestFailure =
  | BodyFailure
  | {
      readonly reason:
        | 'malformed_auth_session'
        | 'malformed_credential'
        | 'malformed_scope'
        | 'malformed_device'
        | 'unknown_client'
    }

const malformedAuthSession = fail({ reason: 'malformed_auth_session' } as const)
const malformedDevice = fail({ reason: 'malformed_device' } as const)

/** Unknown members are ignored. The default `client_id` is the first of `clients`. */
export function readPasskeyRequest(
  event: APIGatewayProxyEventV2,
  clients: readonly string[],
): Result<PasskeyRequest, PasskeyRequestFailure> {
  const body = event.body ? readJsonBody(event) : succeed<Body>({})
  if (!body.ok) return body
  return Object.hasOwn(body.value, 'auth_session') ? readStep(body.value) : readBeginning(body.value, clients)
}

function readBeginning(body: Body, clients: readonly string[]): Result<PasskeyRequest, PasskeyRequestFailure> {
  // An answer without the auth session that it belongs to.
  if (Object.hasOwn(body, 'credential')) return malformedAuthSession
  const clientId = readMember(body, 'client_id', (id) => clients.find((client) => client === id), clients[0])
  if (clientId === undefined) return fail({ reason: 'unknown_client' })
  const scope = Object.hasOwn(body, 'scope') ? readMember(body, 'scope', readScope) : null
  if (scope === undefined) return fail({ reason: 'malformed_scope' })
  const { remember_device: rememberDevice = false } = body
  if (typeof rememberDevice !== 'boolean') return malformedDevice
  return succeed({ kind: 'begin', logIn: { clientId, scope: scope ?? undefined, rememberDevice } })
}

function readStep(body: Body): Result<PasskeyRequest, PasskeyRequestFailure> {
  const authSession = readString(body, 'auth_session')
  if (authSession === undefined) return malformedAuthSession
  if (!Object.hasOwn(body, 'credential')) return succeed({ kind: 'go_on', authSession })
  const credential = readCredential(body['credential'])
  if (!credential.ok || credential.value.kind !== 'assertion') return fail({ reason: 'malformed_credential' })
  const { device_token: deviceToken } = body
  if (!isOptionalString(deviceToken)) return malformedDevice
  return succeed({ kind: 'prove', authSession, credential: credential.value, deviceToken })
}
