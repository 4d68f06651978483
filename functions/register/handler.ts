import { usernameOf } from '../domain/accounts/account.ts'
import type { CreateAccount, CreateAccountFailure } from '../domain/accounts/create-account.ts'
import { passwordRefusal } from '../domain/passwords/password-policy.ts'
import type { Throttle, ThrottleFailure } from '../domain/throttling/throttle.ts'
import type { Handler } from '../http/api/endpoint.ts'
import {
  bodyError,
  invalidRequest,
  malformedPassword,
  malformedUsername,
  type OAuthError,
  oauthError,
  tooManyRequests,
} from '../http/api/oauth-error.ts'
import type { Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import { type RegisterRequestFailure, readRegisterRequest } from './request.ts'

type RegisterDependencies = {
  readonly createAccount: CreateAccount
  readonly throttle: Pick<Throttle, 'reserveOnAddress'>
  readonly readAddress: ReadSourceAddress
}

/** POST /register: a new account without any scope. Administrators grant scopes. */
export function createRegisterHandler({ createAccount, throttle, readAddress }: RegisterDependencies): Handler {
  return async (event) => {
    const request = readRegisterRequest(event)
    if (!request.ok) return refused(request.failure)

    const onAddress = await throttle.reserveOnAddress(readAddress(event))
    if (!onAddress.ok) return refused(onAddress.failure)
    const account = await createAccount({ ...request.value, scope: [] })
    if (!account.ok) return refused(account.failure)

    const { sub } = account.value
    const username = usernameOf(account.value)
    return { status: 201, body: { sub, username }, audit: { event: 'user_created', outcome: 'success', sub } }
  }
}

type RegisterFailure = RegisterRequestFailure | ThrottleFailure | CreateAccountFailure

function refused(failure: RegisterFailure) {
  const audit: Audit = { event: 'user_created', outcome: 'failure', reason: failure.reason }
  return oauthError(registerError(failure), audit)
}

// A name is quoted only where an error_description may hold it (RFC 6749 section 5.2).
const unknownMember = (name: string): OAuthError =>
  invalidRequest(
    `${/^[\w.-]{1,64}$/.test(name) ? name : 'One'} is not a member of this request: send username and password.`,
  )

function registerError(failure: RegisterFailure): OAuthError {
  switch (failure.reason) {
    case 'malformed_username':
      return malformedUsername
    case 'malformed_password':
      return malformedPassword('password')
    case 'unknown_member':
      return unknownMember(failure.name)
    case 'account_locked':
    case 'address_limited':
      return tooManyRequests(failure.retryAfter)
    case 'username_taken':
      return { status: 409, error: 'username_taken', description: 'This username is taken.' }
    case 'unsupported_media_type':
    case 'compressed_body':
    case 'body_too_long':
    case 'malformed_body':
      return bodyError(failure)
    default:
      return invalidRequest(passwordRefusal(failure))
  }
}
