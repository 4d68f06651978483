import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Clock } from '../domain/clock.ts'
import type { Notify, Occasion } from '../domain/mail/mail-event.ts'
import type { Incomplete, LogIn, LogInFailure, Progress } from '../domain/sign-in/log-in.ts'
import type { Prove, StepFailure } from '../domain/sign-in/prove.ts'
import type { TypedCode } from '../domain/sign-in/verify-code.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { logInResponse, stepError } from '../http/api/log-in-response.ts'
import {
  bodyError,
  invalidRequest,
  malformedPassword,
  malformedUsername,
  type OAuthError,
  oauthError,
  tooManyRequests,
} from '../http/api/oauth-error.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import { type CodeStep, type LoginRequestFailure, type PasswordStep, readLoginRequest } from './request.ts'

/**
 * Mails a code to the address of an account that must prove it before it enrols a factor.
 * @throws Unavailable where nobody took the request.
 */
type MailFactorCode = (incomplete: Incomplete, occasion: Occasion) => Promise<void>

/** `clients` are the ids that may log in, `lifetime` is the access token's, in seconds. */
type LoginDependencies = {
  readonly logIn: LogIn
  readonly prove: Prove<TypedCode>
  readonly mailFactorCode: MailFactorCode
  readonly notify: Notify
  readonly hashForLog: (name: string) => string
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
  readonly clients: readonly string[]
  readonly lifetime: number
}

/** POST /login: proofs in, one step at a time; at the end the tokens of a new session out. */
export function createLoginHandler(dependencies: LoginDependencies): Handler {
  return async (event) => {
    const request = readLoginRequest(event, dependencies.clients)
    if (!request.ok) return oauthError(requestError(request.failure), failed(request.failure))
    return request.value.kind === 'password'
      ? takePassword(event, request.value, dependencies)
      : takeCode(event, request.value, dependencies)
  }
}

async function takePassword(
  event: APIGatewayProxyEventV2,
  { kind: _, ...credentials }: PasswordStep,
  dependencies: LoginDependencies,
): Promise<ApiResponse> {
  const { logIn, notify, hashForLog, readAddress, clock, lifetime } = dependencies
  const { username, clientId } = credentials
  const address = readAddress(event)
  const progress = await logIn({ ...credentials, address })
  if (!progress.ok) {
    const who = whoFailed(progress.failure, () => hashForLog(username))
    const told = await tellOwner(username, progress.failure, notify, () => occasionOf(event, address, clock))
    return oauthError(loginError(progress.failure), { ...failed(progress.failure), ...who, ...told })
  }

  await mailIfAsked(event, progress.value, dependencies)
  return logInResponse(progress.value, lifetime, { client_id: clientId, ...reasonOf(progress.value) })
}

async function takeCode(
  event: APIGatewayProxyEventV2,
  step: CodeStep,
  { prove, notify, readAddress, clock, lifetime }: LoginDependencies,
): Promise<ApiResponse> {
  const tell = (sub: string, left: number) =>
    notify({ kind: 'recoveryCodeUsed', sub, left, ...occasionOf(event, readAddress(event), clock) })
  const progress = await prove({ ...step, tell })
  if (!progress.ok) {
    const { sub } = progress.failure
    return oauthError(stepError(progress.failure), { ...failed(progress.failure), ...(sub !== undefined && { sub }) })
  }

  const { session, told } = progress.value
  const reason = told ? { reason: 'recovery_code' } : reasonOf(progress.value)
  return logInResponse(progress.value, lifetime, { client_id: session.clientId, ...reason, ...told })
}

async function mailIfAsked(
  event: APIGatewayProxyEventV2,
  progress: Progress,
  { mailFactorCode, readAddress, clock }: LoginDependencies,
): Promise<void> {
  const isAsked = 'next' in progress && progress.next.kind === 'prove' && progress.next.factors.includes('email_code')
  if (isAsked) await mailFactorCode(progress, occasionOf(event, readAddress(event), clock))
}

const reasonOf = (progress: Progress): Pick<Audit, 'reason'> =>
  'next' in progress ? { reason: progress.next.kind === 'enrol' ? 'enrolment' : 'proof' } : {}

const failed = (failure: LoginRequestFailure | LogInFailure | StepFailure): Audit => ({
  event: 'retryAfter' in failure ? 'authn_login_lock' : 'authn_login_fail',
  outcome: 'failure',
  reason: failure.reason,
})

/** By the identifier, known or not, so that the time of the response does not say which. */
async function tellOwner(
  identifier: string,
  failure: LogInFailure,
  notify: Notify,
  occasion: () => Occasion,
): Promise<Pick<Audit, 'notice'>> {
  const attempts = 'threshold' in failure ? failure.threshold : undefined
  return attempts === undefined ? {} : notify({ kind: 'wrongPasswords', identifier, attempts, ...occasion() })
}

const whoFailed = (failure: LogInFailure, hash: () => string): Pick<Audit, 'sub' | 'user_hash'> =>
  'sub' in failure ? { sub: failure.sub } : { user_hash: hash() }

/** One text for all reasons, so that the response never says which check failed. */
function loginError(failure: LogInFailure): OAuthError {
  switch (failure.reason) {
    case 'unknown_user':
    case 'wrong_password':
    case 'user_disabled':
    case 'session_ended':
      return { status: 400, error: 'invalid_grant', description: 'Wrong username or password.' }
    case 'account_locked':
    case 'address_limited':
      return tooManyRequests(failure.retryAfter)
  }
}

function requestError(failure: LoginRequestFailure): OAuthError {
  switch (failure.reason) {
    case 'malformed_username':
      return malformedUsername
    case 'malformed_password':
      return malformedPassword('password')
    case 'malformed_device':
      return invalidRequest('remember_device must be true or false, and device_token a string.')
    case 'malformed_scope':
      return invalidRequest('scope must be a string of scope tokens with single spaces between them.')
    case 'malformed_auth_session':
      return invalidRequest('auth_session must be a string.')
    case 'malformed_code':
      return invalidRequest('With auth_session, send one of totp, recovery_code and email_code, as a string.')
    case 'unknown_client':
      return invalidRequest('client_id is not a client of this service.')
    default:
      return bodyError(failure)
  }
}
