import { maxPasswordLength } from '../../domain/passwords/password.ts'
import type { BodyFailure } from './body.ts'
import type { ParametersFailure } from './parameters.ts'
import type { ApiResponse, Audit } from './response.ts'

/** An error response (RFC 6749 section 5.2). */
export type OAuthError = {
  readonly status: number
  readonly error: string
  readonly description: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The error for the client, with the log line that says why. */
export const oauthError = ({ status, error, description, headers }: OAuthError, audit: Audit): ApiResponse => ({
  status,
  body: { error, error_description: description },
  ...(headers === undefined ? {} : { headers }),
  audit,
})

export const invalidRequest = (description: string): OAuthError => ({
  status: 400,
  error: 'invalid_request',
  description,
})

export const malformedUsername = invalidRequest(
  'username must be a string of 1 to 256 bytes without control characters.',
)

export const malformedPassword = (member: string): OAuthError =>
  invalidRequest(`${member} must be a string of 1 to ${maxPasswordLength} characters without NUL.`)

const compressedBody: OAuthError = {
  status: 415,
  error: 'invalid_request',
  description: 'The body must not be compressed: send it without Content-Encoding.',
}

export function bodyError({ reason }: BodyFailure): OAuthError {
  switch (reason) {
    case 'unsupported_media_type':
      return { status: 415, error: 'invalid_request', description: 'The Content-Type must be application/json.' }
    case 'compressed_body':
      return compressedBody
    case 'body_too_long':
      return invalidRequest('The body is too long.')
    case 'malformed_body':
      return invalidRequest('The body must be a JSON object in UTF-8 without duplicate keys.')
  }
}

/** One text for wrong and used codes, and for tickets that are unknown or over. */
export const invalidCode: OAuthError = {
  status: 400,
  error: 'invalid_grant',
  description: 'The code is wrong, used or no longer valid. Ask for another one.',
}

/** For a caller whose access token is still valid but whose session is not (RFC 6750 section 3.1). */
export const sessionEnded: OAuthError = {
  status: 401,
  error: 'invalid_token',
  description: 'The session of this token has ended. Log in again.',
  headers: { 'www-authenticate': 'Bearer error="invalid_token", error_description="The session has ended"' },
}

/** For a token of a client that may not read or change the account itself (RFC 6750 section 3.1). */
export const notFirstParty: OAuthError = {
  status: 403,
  error: 'insufficient_scope',
  description: "The client of this token may not manage the user's account.",
  headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
}

/** The same for known and unknown names (RFC 6585 section 4). */
export const tooManyRequests = (retryAfter: number): OAuthError => ({
  status: 429,
  error: 'too_many_requests',
  description: 'Too many attempts. Try again after the number of seconds in Retry-After.',
  headers: { 'retry-after': String(retryAfter) },
})

/** For endpoints that also accept forms. All these errors have one status (RFC 6749 section 5.2). */
export function parametersError(failure: ParametersFailure): OAuthError {
  switch (failure.reason) {
    case 'unsupported_media_type':
      return invalidRequest('The Content-Type must be application/x-www-form-urlencoded or application/json.')
    case 'compressed_body':
      return compressedBody
    case 'body_too_long':
      return invalidRequest('The body is too long.')
    case 'malformed_body':
      return invalidRequest('The body must be a form or a JSON object in UTF-8, without duplicate parameters.')
    case 'malformed_parameter':
      return invalidRequest(`${failure.name} must be a string.`)
    case 'missing_parameter':
      return invalidRequest(`${failure.name} is missing.`)
  }
}

export const serverError: OAuthError = {
  status: 500,
  error: 'server_error',
  description: 'Something went wrong on our side.',
}

export const temporarilyUnavailable: OAuthError = {
  status: 503,
  error: 'temporarily_unavailable',
  description: 'The service is temporarily unavailable. Try again in a moment.',
  headers: { 'retry-after': '1' },
}
