import type { Clock } from '../domain/clock.ts'
import type { Notify } from '../domain/mail/mail-event.ts'
import { passwordRefusal } from '../domain/passwords/password-policy.ts'
import type { ChangePassword, ChangePasswordFailure } from '../domain/sign-in/password/change-password.ts'
import { factorNeeded } from '../http/api/bearer-error.ts'
import { readSessionCaller } from '../http/api/caller.ts'
import type { Handler } from '../http/api/endpoint.ts'
import {
  bodyError,
  invalidRequest,
  malformedPassword,
  notFirstParty,
  type OAuthError,
  oauthError,
  sessionEnded,
  tooManyRequests,
} from '../http/api/oauth-error.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import { tokenResponse } from '../http/api/token-response.ts'
import { type PasswordRequestFailure, readPasswordRequest } from './request.ts'

/** `lifetime` is the access token's, in seconds. */
type PasswordDependencies = {
  readonly changePassword: ChangePassword
  readonly notify: Notify
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
  readonly lifetime: number
}

/** POST /password: changes the caller's password, ends all sessions and starts a new one. */
export function createPasswordHandler(dependencies: PasswordDependencies): Handler {
  const { changePassword, notify, readAddress, clock, lifetime } = dependencies
  return async (event) => {
    const caller = readSessionCaller(event)
    const request = readPasswordRequest(event)
    if (!request.ok) return refused(request.failure, caller.sub)

    const address = readAddress(event)
    const { sub } = caller
    let told: Pick<Audit, 'notice'> = {}
    const tokens = await changePassword({ ...caller, ...request.value, address }, async () => {
      told = await notify({ kind: 'passwordChanged', sub, ...occasionOf(event, address, clock) })
    })
    if (!tokens.ok) return refused(tokens.failure, sub)

    const audit = { event: 'authn_password_change', outcome: 'success', sub, ...told } as const
    return tokenResponse(tokens.value, lifetime, audit)
  }
}

type Failure = PasswordRequestFailure | ChangePasswordFailure

function refused(failure: Failure, sub: string): ApiResponse {
  // Logged as a lock, as at the log-in.
  const event = 'retryAfter' in failure ? 'authn_login_lock' : 'authn_password_change_fail'
  const audit: Audit = { event, outcome: 'failure', reason: failure.reason, sub }
  return oauthError(passwordError(failure), audit)
}

const invalidGrant: OAuthError = {
  status: 400,
  error: 'invalid_grant',
  description: 'The current password is wrong, or it was changed meanwhile.',
}

function passwordError(failure: Failure): OAuthError {
  switch (failure.reason) {
    case 'malformed_current_password':
      return malformedPassword('current_password')
    case 'malformed_new_password':
      return malformedPassword('new_password')
    case 'account_locked':
    case 'address_limited':
      return tooManyRequests(failure.retryAfter)
    case 'wrong_password':
    case 'changed_meanwhile':
      return invalidGrant
    case 'user_disabled':
    case 'user_gone':
    case 'unknown_session':
    case 'session_expired':
    case 'session_ended':
      return sessionEnded
    case 'third_party':
      return notFirstParty
    case 'factor_needed':
      return factorNeeded()
    case 'unsupported_media_type':
    case 'compressed_body':
    case 'body_too_long':
    case 'malformed_body':
      return bodyError(failure)
    default:
      return invalidRequest(passwordRefusal(failure))
  }
}
