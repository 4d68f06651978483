import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Clock } from '../domain/clock.ts'
import type { Codes, WrongCode } from '../domain/codes/codes.ts'
import type { Notify, RequestCode } from '../domain/mail/mail-event.ts'
import { type PasswordRefusal, passwordRefusal } from '../domain/passwords/password-policy.ts'
import type { RecoverPassword } from '../domain/sign-in/recover-password.ts'
import { hashOfDevice } from '../domain/throttling/known-devices.ts'
import type { Throttle, ThrottleFailure } from '../domain/throttling/throttle.ts'
import type { Handler } from '../http/api/endpoint.ts'
import {
  bodyError,
  invalidCode,
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
import {
  type RecoverRequestFailure,
  type RecoveryConfirmation,
  type RecoveryQuestion,
  readRecoverRequest,
} from './request.ts'

type RecoverDependencies = {
  readonly codes: Pick<Codes, 'open'>
  readonly requestCode: RequestCode
  readonly notify: Notify
  readonly recoverPassword: RecoverPassword
  readonly throttle: Pick<Throttle, 'reserveOnAddress'>
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
}

/** POST /recover and POST /recover/confirm: a code by mail, and a new password for the code. */
export function createRecoverHandler(dependencies: RecoverDependencies): Handler {
  return async (event) => {
    const request = readRecoverRequest(event)
    if (!request.ok) return refused('recovery_request', request.failure)
    return request.value.kind === 'ask'
      ? ask(event, request.value, dependencies)
      : confirm(event, request.value, dependencies)
  }
}

/** The response is the same for everyone, and so are the calls: another function looks the account up, and mails it. */
async function ask(
  event: APIGatewayProxyEventV2,
  { username, deviceToken, uiLocales }: RecoveryQuestion,
  { codes, requestCode, throttle, readAddress, clock }: RecoverDependencies,
): Promise<ApiResponse> {
  const source = readAddress(event)
  const onAddress = await throttle.reserveOnAddress(source)
  if (!onAddress.ok) return refused('recovery_request', onAddress.failure)

  const { ticket, handle } = await codes.open('recover', { identifier: username })
  const device = deviceToken === undefined ? undefined : hashOfDevice(deviceToken)
  await requestCode({
    kind: 'code',
    purpose: 'recover',
    ...handle,
    device,
    ...occasionOf(event, source, clock, uiLocales),
  })

  return { status: 202, body: { ticket }, audit: { event: 'recovery_request', outcome: 'success' } }
}

/** Counted too, because a right code has a password hashed, also where the account has changed since and none is set. */
async function confirm(
  event: APIGatewayProxyEventV2,
  { ticket, code, next }: RecoveryConfirmation,
  { recoverPassword, notify, throttle, readAddress, clock }: RecoverDependencies,
): Promise<ApiResponse> {
  const source = readAddress(event)
  const onAddress = await throttle.reserveOnAddress(source)
  if (!onAddress.ok) return refused('authn_password_change_fail', onAddress.failure)
  let told: Pick<Audit, 'notice'> = {}
  const recovered = await recoverPassword({ ticket, code, next }, async ({ sub }) => {
    told = await notify({ kind: 'passwordChanged', sub, ...occasionOf(event, source, clock) })
  })
  if (!recovered.ok) return refused('authn_password_change_fail', recovered.failure)

  const { sub } = recovered.value
  return {
    status: 204,
    audit: { event: 'authn_password_change', outcome: 'success', reason: 'recovery', sub, ...told },
  }
}

type Failure = RecoverRequestFailure | ThrottleFailure | PasswordRefusal | WrongCode

function refused(event: string, failure: Failure): ApiResponse {
  return oauthError(recoverError(failure), { event, outcome: 'failure', reason: failure.reason })
}

function recoverError(failure: Failure): OAuthError {
  switch (failure.reason) {
    case 'malformed_username':
      return malformedUsername
    case 'malformed_new_password':
      return malformedPassword('new_password')
    case 'malformed_member':
      return invalidRequest(`${failure.name} must be a string.`)
    case 'address_limited':
    case 'account_locked':
      return tooManyRequests(failure.retryAfter)
    case 'wrong_code':
      return invalidCode
    case 'unsupported_media_type':
    case 'compressed_body':
    case 'body_too_long':
    case 'malformed_body':
      return bodyError(failure)
    default:
      return invalidRequest(passwordRefusal(failure))
  }
}
