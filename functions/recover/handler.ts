import type { WrongCode } from '../domain/codes/codes.ts'
import { type PasswordRefusal, passwordRefusal } from '../domain/passwords/password-policy.ts'
import type { ThrottleFailure } from '../domain/throttling/throttle.ts'
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
import type { ApiResponse } from '../http/api/response.ts'
import { type RecoverRequestFailure, readRecoverRequest } from './request.ts'
import { ask, auditOf, confirm, type RecoverDependencies, type Recovered } from './steps.ts'

/** POST /recover and POST /recover/confirm: a code by mail, and a new password for the code. */
export function createRecoverHandler(dependencies: RecoverDependencies): Handler {
  return async (event) => {
    const request = readRecoverRequest(event)
    if (!request.ok) return refused('recovery_request', request.failure)

    if (request.value.kind === 'ask') {
      const opened = await ask(event, request.value, dependencies)
      return opened.ok ? asked(opened.value) : refused('recovery_request', opened.failure)
    }
    const recovered = await confirm(event, request.value, dependencies)
    return recovered.ok ? done(recovered.value) : refused('authn_password_change_fail', recovered.failure)
  }
}

/** The response is the same for everyone. */
const asked = (body: { readonly ticket: string }): ApiResponse => ({
  status: 202,
  body,
  audit: { event: 'recovery_request', outcome: 'success' },
})

const done = (recovered: Recovered): ApiResponse => ({ status: 204, audit: auditOf(recovered) })

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
