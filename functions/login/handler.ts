import type { Clock } from '../domain/clock.ts'
import type { Notify, Occasion } from '../domain/mail/mail-event.ts'
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
import { occasionOf } from '../http/api/occasion.ts'
import type { Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import { tokenResponse } from '../http/api/token-response.ts'
import { type LoginRequestFailure, readLoginRequest } from './request.ts'

/** `clients` are the ids that may log in, `lifetime` is the access token's, in seconds. */
type LoginDependencies = {
  readonly logIn: LogIn
  readonly notify: Notify
  readonly hashForLog: (name: string) => string
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
  readonly clients: readonly string[]
  readonly lifetime: number
}

/** POST /login: credentials in, the tokens of a new session out. */
export function createLoginHandler(dependencies: LoginDependencies): Handler {
  const { logIn, notify, hashForLog, readAddress, clock, clients, lifetime } = dependencies
  return async (event) => {
    const request = readLoginRequest(event, clients)
    if (!request.ok) return oauthError(requestError(request.failure), failed(request.failure))

    const address = readAddress(event)
    const loggedIn = await logIn({ ...request.value, address })
    if (!loggedIn.ok) {
      const { username } = request.value
      const who = whoFailed(loggedIn.failure, () => hashForLog(username))
      const told = await tellOwner(username, loggedIn.failure, notify, () => occasionOf(event, address, clock))
      return oauthError(loginError(loggedIn.failure), { ...failed(loggedIn.failure), ...who, ...told })
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

/** By the identifier, known or not, so that the time of the response does not say which. */
async function tellOwner(
  identifier: string,
  failure: LogInFailure,
  notify: Notify,
  occasion: () => Occasion,
): Promise<Pick<Audit, 'notice'>> {
  const attempts = 'threshold' in failure ? failure.threshold : undefined
  return attempts === undefined ? {} : notify({ kind: 'wrongPasswords', identifier, attempts, ...occasion() })
}

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
