import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { ClientCredentials } from '../domain/clients/authenticate-client.ts'
import type { MachineRequest } from '../domain/oauth/grant-machine.ts'
import type { RedeemRequest } from '../domain/oauth/redeem-code.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { readScope } from '../domain/scopes/scope.ts'
import type { RefreshRequest } from '../domain/sessions/refresh.ts'
import { readArrival } from '../http/api/arrival.ts'
import { type CredentialsFailure, clientParameters, readClientCredentials } from '../http/api/client-credentials.ts'
import { type Parameters, type ParametersFailure, readParameters } from '../http/api/parameters.ts'

type Sent = { readonly credentials: ClientCredentials | undefined }

export type RefreshGrant = Sent & { readonly kind: 'refresh' } & Omit<RefreshRequest, 'clientId' | 'client'>
export type CodeGrant = { readonly credentials: ClientCredentials } & { readonly kind: 'code' } & Omit<
    RedeemRequest,
    'client'
  >

export type MachineGrant = { readonly kind: 'machine' } & Omit<MachineRequest, 'address'>

type TokenRequest = RefreshGrant | CodeGrant | MachineGrant

export type TokenRequestFailure =
  | ParametersFailure
  | CredentialsFailure
  | { readonly reason: 'unsupported_grant_type' }
  | { readonly reason: 'malformed_scope' }

const names = [
  'grant_type',
  'refresh_token',
  'code',
  'redirect_uri',
  'code_verifier',
  'scope',
  'resource',
  ...clientParameters,
] as const

type Read = Parameters<(typeof names)[number]>

/** Reads a request for the refresh token, the authorization code or the client credentials grant. */
export function readTokenRequest(event: APIGatewayProxyEventV2): Result<TokenRequest, TokenRequestFailure> {
  const parameters = readParameters(event, names, ['resource'])
  if (!parameters.ok) return parameters
  const read = readClientCredentials(event, parameters.value)
  if (!read.ok) return read
  const { grant_type } = parameters.value
  switch (grant_type) {
    case undefined:
      return missing('grant_type')
    case 'refresh_token':
      return readRefresh(event, parameters.value, read.value)
    case 'authorization_code':
      return readCode(parameters.value, read.value)
    case 'client_credentials':
      return readMachine(parameters.value, read.value)
    default:
      return fail({ reason: 'unsupported_grant_type' })
  }
}

const missing = (name: string) => fail({ reason: 'missing_parameter', name } as const)

function readRefresh(
  event: APIGatewayProxyEventV2,
  { refresh_token, scope, resource }: Read,
  credentials: ClientCredentials | undefined,
): Result<RefreshGrant, TokenRequestFailure> {
  if (refresh_token === undefined) return missing('refresh_token')
  const asked = readScope(scope ?? '')
  if (asked === undefined) return fail({ reason: 'malformed_scope' })
  return succeed({
    kind: 'refresh',
    credentials,
    refreshToken: refresh_token,
    scope: scope === undefined ? undefined : asked,
    resource,
    receivedAt: readArrival(event),
  })
}

function readCode(
  { code, redirect_uri, code_verifier, resource }: Read,
  credentials: ClientCredentials | undefined,
): Result<CodeGrant, TokenRequestFailure> {
  if (credentials === undefined) return fail({ reason: 'missing_client' })
  if (code === undefined) return missing('code')
  return succeed({ kind: 'code', credentials, code, redirectUri: redirect_uri, codeVerifier: code_verifier, resource })
}

function readMachine(
  { scope, resource }: Read,
  credentials: ClientCredentials | undefined,
): Result<MachineGrant, TokenRequestFailure> {
  if (credentials === undefined) return fail({ reason: 'missing_client' })
  const asked = scope === undefined ? undefined : readScope(scope)
  if (scope !== undefined && asked === undefined) return fail({ reason: 'malformed_scope' })
  return succeed({ kind: 'machine', credentials, asked, resource })
}
