import type { LogIn, LogInFailure } from '../domain/sign-in/log-in.ts'
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
import { tokenResponse } from '../http/api/token-response.ts'
import { type LoginRequestFailure, readLoginRequest } from './request.ts'

/** `clients` are the ids that may log in, `lifetime` is the access token's, in seconds. */
type LoginDependencies = {
  readonly logIn: LogIn
  readonly hashForLog: (name: string) => string
  readonly readAddress: ReadSourceAddress
  readonly clients: readonly string[]
  readonly lifetime: number
}

/** POST /login: credentials in, the tokens of a new session out. */
export function createLoginHandler({ logIn, hashForLog, readAddress, clients, lifetime }: LoginDependencies): Handler {
  return async (event) => {
    const request = readLoginRequest(event, clients)
    if (!request.ok) return oauthError(requestError(request.failure), failed(request.failure))

    const loggedIn = await logIn({ ...request.value, address: readAddress(event) })
    if (!loggedIn.ok) {
      const who = whoFailed(loggedIn.failure, () => hashForLog(request.value.username))
      return oauthError(loginError(loggedIn.failure), { ...failed(loggedIn.failure), ...who })
    }

    const { account, tokens, deviceToken } = loggedIn.value
    const audit = { event: 'authn_login_success', outcome: 'success', sub: account.sub } as const
    return tokenResponse({ ...tokens, deviceToken }, lifetime, { ...audit, client_id: request.value.clientId })
  }
}

const failed = (failure: LoginRequestFailure | LogInFailure): Audit => ({
  event: 'retryAfter' in failure ? 'authn_login_lock' : 'authn_login_fail',
  outcome: 'failure',
  reason: failure.reason,
})

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
    case 'unknown_client':
      return invalidRequest('client_id is not a client of this service.')
    default:
      return bodyError(failure)
  }
}
