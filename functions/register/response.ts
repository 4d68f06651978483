import { type Account, usernameOf } from '../domain/accounts/account.ts'
import type { ConfirmRegistrationFailure } from '../domain/accounts/confirm-registration.ts'
import type { CreateAccountFailure } from '../domain/accounts/create-account.ts'
import { type PasswordRefusal, passwordRefusal } from '../domain/passwords/password-policy.ts'
import type { ThrottleFailure } from '../domain/throttling/throttle.ts'
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
import type { RegisterRequestFailure } from './request.ts'

/** The response is the same for free and taken addresses and names. */
export const asked = (body: { readonly ticket: string }): ApiResponse => ({
  status: 202,
  body,
  audit: { event: 'registration_request', outcome: 'success' },
})

/** The response to the owner of a new account, which logs nobody in. */
export function created(account: Account): ApiResponse {
  const { sub } = account
  const username = usernameOf(account)
  return { status: 201, body: { sub, username }, audit: { event: 'user_created', outcome: 'success', sub } }
}

type PutClientFailure =
  | RegisterRequestFailure
  | ThrottleFailure
  | CreateAccountFailure
  | PasswordRefusal
  | ConfirmRegistrationFailure

/** The response to what failed. `event` is what it would have been in the log. */
export function refused(event: 'user_created' | 'registration_request', failure: PutClientFailure): ApiResponse {
  return oauthError(registerError(failure), { event, outcome: 'failure', reason: failure.reason })
}

// A name is quoted only where an error_description may hold it (RFC 6749 section 5.2).
function unknownMember(name: string, members: readonly string[]): OAuthError {
  const list = new Intl.ListFormat('en-GB').format(members)
  return invalidRequest(`${/^[\w.-]{1,64}$/.test(name) ? name : 'One'} is not a member of this request: send ${list}.`)
}

function registerError(failure: PutClientFailure): OAuthError {
  switch (failure.reason) {
    case 'malformed_username':
      return malformedUsername
    case 'malformed_password':
      return malformedPassword('password')
    case 'malformed_member':
      return invalidRequest(`${failure.name} must be a string.`)
    case 'unknown_member':
      return unknownMember(failure.name, failure.members)
    case 'mail_is_off':
      return invalidRequest('email must be left out, because this service sends no mail: send username and password.')
    case 'username_is_address':
      return invalidRequest(
        'username must be a name without @, because this service sends no mail to confirm an address.',
      )
    case 'no_address':
      return invalidRequest('An e-mail address is needed: send it as email, or as username.')
    case 'second_address':
      return invalidRequest('email must be left out where username is an e-mail address.')
    case 'address_not_mailable':
      return invalidRequest('The e-mail address must be a plain one such as ada@example.com, of at most 254 bytes.')
    case 'other_kind':
      return invalidRequest('username must be a name here, not an e-mail address.')
    case 'account_locked':
    case 'address_limited':
      return tooManyRequests(failure.retryAfter)
    case 'username_taken':
      return { status: 409, error: 'username_taken', description: 'This username is taken.' }
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
