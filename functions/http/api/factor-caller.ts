import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { fail, type Result, succeed } from '../../domain/result.ts'
import type { FactorCaller, HolderFailure } from '../../domain/sign-in/enrolment/find-holder.ts'
import type { AccessTokenFailure, VerifyAccessToken } from '../../domain/tokens/access-token.ts'
import { readBearerToken } from '../authorizer/bearer.ts'
import { challenge } from './bearer-error.ts'
import { type Body, type BodyFailure, isOptionalString, readJsonBody } from './body.ts'
import { invalidSession } from './log-in-response.ts'
import { notFirstParty, type OAuthError, sessionEnded } from './oauth-error.ts'

/** A request about factors: who asks, and the members of its body. */
export type FactorRequest = { readonly caller: FactorCaller; readonly body: Body }

export type FactorRequestFailure =
  | BodyFailure
  | { readonly reason: 'no_token' | 'two_callers' | 'malformed_auth_session' }
  | { readonly reason: 'invalid_token'; readonly why: AccessTokenFailure['reason'] | 'no_session' }

/** `isTry`: something is about to be verified, which counts as a step of a log-in. */
export type ReadFactorRequest = (
  event: APIGatewayProxyEventV2,
  isTry: boolean,
) => Promise<Result<FactorRequest, FactorRequestFailure>>

/**
 * Reads who asks: by an access token, which is verified here because these routes are open, or by the auth session of a
 * log-in that must enrol a factor. Not by both.
 */
export function createReadFactorRequest(verify: VerifyAccessToken): ReadFactorRequest {
  return async (event, isTry) => {
    const body = event.body ? readJsonBody(event) : succeed<Body>({})
    if (!body.ok) return body
    const { auth_session: authSession } = body.value
    if (!isOptionalString(authSession)) return fail({ reason: 'malformed_auth_session' })
    if (event.headers?.['authorization'] === undefined) {
      if (authSession === undefined) return fail({ reason: 'no_token' })
      return succeed({ caller: { kind: 'log_in', authSession, isTry }, body: body.value })
    }
    if (authSession !== undefined) return fail({ reason: 'two_callers' })
    const verified = await verify(readBearerToken(event.headers))
    if (!verified.ok) return fail({ reason: 'invalid_token', why: verified.failure.reason })
    const { sub, sid } = verified.value
    if (sid === undefined) return fail({ reason: 'invalid_token', why: 'no_session' })
    return succeed({ caller: { kind: 'session', sub, sid }, body: body.value })
  }
}

// RFC 9470 section 3. `acr_values` too: with a factor, the log-in must have proved it.
const notFresh = (maxAge: number): OAuthError =>
  challenge({
    error: 'insufficient_user_authentication',
    description: 'Log in again, with a second factor if you have one',
    parameters: `, max_age="${maxAge}", acr_values="mfa"`,
  })

/** Why somebody may not see or change factors; `maxAge` is how long a log-in is fresh, in seconds. */
export function holderError(failure: HolderFailure, maxAge: number): OAuthError {
  switch (failure.reason) {
    case 'not_fresh':
      return notFresh(maxAge)
    case 'unknown_auth_session':
    case 'unexpected_step':
      return invalidSession
    case 'user_gone':
    case 'user_disabled':
    case 'unknown_session':
    case 'session_expired':
    case 'session_ended':
      return sessionEnded
    case 'third_party':
      return notFirstParty
  }
}
