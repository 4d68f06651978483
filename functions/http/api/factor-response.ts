import type { EnrolFailure, Enrolled } from '../../domain/sign-in/enrolment/enrol.ts'
import {
  type FactorCaller,
  freshness,
  type Holder,
  type HolderFailure,
} from '../../domain/sign-in/enrolment/find-holder.ts'
import type { ProofFailure } from '../../domain/sign-in/prove.ts'
import { invalidToken, noToken } from './bearer-error.ts'
import { type FactorRequestFailure, holderError } from './factor-caller.ts'
import { invalidSession, logInResponse } from './log-in-response.ts'
import {
  bodyError,
  invalidRequest,
  notFirstParty,
  type OAuthError,
  oauthError,
  sessionEnded,
  temporarilyUnavailable,
  tooManyRequests,
} from './oauth-error.ts'
import type { ApiResponse } from './response.ts'

/**
 * The response to a factor that was enrolled: `plain`, with the recovery codes that came with it, or with the tokens of the
 * log-in that waited for it.
 */
export function enrolledResponse(
  { recoveryCodes, loggedIn }: Enrolled,
  lifetime: number,
  plain: ApiResponse,
  clientId?: string,
): ApiResponse {
  const response = loggedIn ? logInResponse(loggedIn, lifetime, {}) : plain
  const codes = recoveryCodes === undefined ? {} : { recovery_codes: recoveryCodes }
  const audit = { ...plain.audit, ...(clientId !== undefined && { client_id: clientId }) }
  return { ...response, body: { ...plain.body, ...response.body, ...codes }, audit }
}

export type FactorFailure =
  | FactorRequestFailure
  | HolderFailure
  | EnrolFailure
  | ProofFailure
  | {
      readonly reason:
        | 'malformed_code'
        | 'malformed_credential'
        | 'malformed_name'
        | 'unknown_factor'
        | 'last_factor'
        | 'no_factor'
    }

/** Who was refused: by an auth session, which then is over, or by a session. */
type Refused = { readonly sub?: string; readonly isLogIn?: boolean }

export const refusedCaller = (caller: FactorCaller): Refused =>
  caller.kind === 'log_in' ? { isLogIn: true } : { sub: caller.sub }

export const refusedHolder = ({ account: { sub }, logIn }: Holder): Refused => ({ sub, isLogIn: logIn !== undefined })

/** Why nothing was shown or changed. */
export function factorFailure(failure: FactorFailure, { sub, isLogIn = false }: Refused = {}): ApiResponse {
  const error = factorError(failure)
  const reason = 'why' in failure ? failure.why : failure.reason
  const audit = { event: 'factor_fail', outcome: 'failure', reason, ...(sub !== undefined && { sub }) } as const
  return oauthError(isLogIn && error === sessionEnded ? invalidSession : error, audit)
}

const wrongFactor: OAuthError = {
  status: 400,
  error: 'invalid_grant',
  description: 'The code or passkey is wrong, or the enrolment is over. Begin it again.',
}

function factorError(failure: FactorFailure): OAuthError {
  switch (failure.reason) {
    case 'no_token':
      return noToken
    case 'invalid_token':
      return failure.why === 'wrong_audience' ? notFirstParty : invalidToken
    case 'two_callers':
      return invalidRequest('Send an access token or auth_session, not both.')
    case 'malformed_auth_session':
      return invalidRequest('auth_session must be a string.')
    case 'malformed_code':
      return invalidRequest('code must be a string.')
    case 'malformed_credential':
      return invalidRequest('credential must be what navigator.credentials returned, as JSON.')
    case 'malformed_name':
      return invalidRequest('name must be a string of 1 to 64 characters without control characters.')
    case 'wrong_totp':
    case 'wrong_recovery_code':
    case 'wrong_email_code':
    case 'wrong_passkey':
    case 'enrolment_over':
    // The same text: whose passkey it is tells nobody (REQ-174).
    case 'passkey_taken':
      return wrongFactor
    case 'factors_locked':
      return tooManyRequests(failure.retryAfter)
    case 'factors_changed':
      return temporarilyUnavailable
    case 'too_many_passkeys':
      return invalidRequest('An account has at most 20 passkeys. Remove one first.')
    case 'last_factor':
      return invalidRequest('A second factor is required. Add another one before you remove the last.')
    case 'no_factor':
      return invalidRequest('Recovery codes stand in for a factor. Set one up first.')
    case 'unknown_factor':
      return { status: 404, error: 'not_found', description: 'Unknown factor.' }
    case 'session_ended':
      return sessionEnded
    case 'unknown_auth_session':
    case 'unexpected_step':
      return invalidSession
    case 'not_fresh':
    case 'user_gone':
    case 'user_disabled':
    case 'unknown_session':
    case 'session_expired':
    case 'third_party':
      return holderError(failure, freshness)
    case 'unsupported_media_type':
    case 'compressed_body':
    case 'body_too_long':
    case 'malformed_body':
      return bodyError(failure)
  }
}
