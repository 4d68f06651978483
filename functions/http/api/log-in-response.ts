import type { Incomplete, Progress } from '../../domain/sign-in/log-in.ts'
import type { StepFailure } from '../../domain/sign-in/prove.ts'
import { type OAuthError, tooManyRequests } from './oauth-error.ts'
import type { ApiResponse, Audit } from './response.ts'
import { tokenResponse } from './token-response.ts'

type Logged = Pick<Audit, 'client_id' | 'reason' | 'notice'>

/** How far a log-in has come: its tokens, of this lifetime in seconds, or what is still to be proved. */
export function logInResponse(progress: Progress, lifetime: number, logged: Logged): ApiResponse {
  const { sub } = progress.account
  if ('authSession' in progress) return incompleteResponse(progress, logged)
  const { started: tokens, deviceToken } = progress
  const audit = { event: 'authn_login_success', outcome: 'success', sub, ...logged } as const
  return tokenResponse({ ...tokens, deviceToken }, lifetime, audit)
}

// draft-ietf-oauth-first-party-apps-04 section 5.2.2.1.
function incompleteResponse({ account: { sub }, authSession, next }: Incomplete, logged: Logged): ApiResponse {
  const asked = next.kind === 'enrol' ? { enrol: next.enrol } : { factors: next.factors }
  const description =
    next.kind === 'enrol' ? 'A second factor must be set up first.' : 'Another proof is needed: one of the factors.'
  return {
    status: 403,
    body: {
      error: 'insufficient_authorization',
      error_description: description,
      auth_session: authSession,
      ...asked,
    },
    audit: { event: 'authn_factor_needed', outcome: 'success', sub, ...logged },
  }
}

/** One text for all that a step can be wrong in. */
const wrongStep: OAuthError = {
  status: 400,
  error: 'invalid_grant',
  description: 'The code or passkey is wrong, used or not asked for.',
}

/** For an auth session that is unknown, expired, completed, or ended by wrong steps (the draft's section 5.2.2.1). */
export const invalidSession: OAuthError = {
  status: 400,
  error: 'invalid_session',
  description: 'The auth session is over. Start the log-in again.',
}

export function stepError(failure: StepFailure): OAuthError {
  switch (failure.reason) {
    case 'wrong_totp':
    case 'wrong_recovery_code':
    case 'wrong_email_code':
    case 'wrong_passkey':
    case 'unexpected_step':
      return wrongStep
    case 'unknown_auth_session':
    case 'session_ended':
    case 'user_gone':
    case 'user_disabled':
      return invalidSession
    case 'factors_locked':
      return tooManyRequests(failure.retryAfter)
  }
}

/** For a passkey, which anybody can name: the response does not tell what became of its account (REQ-174). */
export const assertionError = (failure: StepFailure): OAuthError =>
  failure.reason === 'user_gone' || failure.reason === 'user_disabled' ? wrongStep : stepError(failure)
