import type { User } from '../domain/accounts/account.ts'
import { allSettledThenThrow } from '../domain/all-settled-then-throw.ts'
import type { StartSession } from '../domain/sessions/start-session.ts'
import type { Authenticate, AuthenticationFailure } from '../domain/sign-in/authenticate.ts'
import type { RecordSuccess } from '../domain/sign-in/record-success.ts'
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
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { readSourceAddress } from '../http/api/source-address.ts'
import { tokenResponse } from '../http/api/token-response.ts'
import { type LoginRequest, type LoginRequestFailure, readLoginRequest } from './request.ts'

/** `clients` are the ids that may log in, `lifetime` is the access token's, in seconds. */
export type LoginDependencies = {
  readonly authenticate: Authenticate
  readonly recordSuccess: RecordSuccess
  readonly startSession: StartSession
  readonly hashForLog: (name: string) => string
  readonly clients: readonly string[]
  readonly lifetime: number
}

/** POST /login: credentials in, the tokens of a new session out. */
export function createLoginHandler(dependencies: LoginDependencies): Handler {
  const { authenticate, clients, hashForLog } = dependencies
  return async (event) => {
    const request = readLoginRequest(event, clients)
    if (!request.ok) return oauthError(requestError(request.failure), failed(request.failure))

    const authentication = await authenticate({ ...request.value, address: readSourceAddress(event) })
    if (!authentication.ok) {
      const who = whoFailed(authentication.failure, () => hashForLog(request.value.username))
      return oauthError(loginError(authentication.failure), { ...failed(authentication.failure), ...who })
    }

    return logIn(authentication.value, request.value, dependencies)
  }
}

async function logIn(
  user: User,
  { password, clientId, scope: asked }: LoginRequest,
  { recordSuccess, startSession, lifetime }: LoginDependencies,
): Promise<ApiResponse> {
  const started = startSession(user, clientId, asked)
  const [tokens] = await allSettledThenThrow([started, recordSuccess(user, password)])
  const audit = { event: 'authn_login_success', outcome: 'success', sub: user.sub, client_id: clientId } as const
  return tokenResponse(tokens, lifetime, audit)
}

const failed = (failure: LoginRequestFailure | AuthenticationFailure): Audit => ({
  event: 'retryAfter' in failure ? 'authn_login_lock' : 'authn_login_fail',
  outcome: 'failure',
  reason: failure.reason,
})

const whoFailed = (failure: AuthenticationFailure, hash: () => string): Pick<Audit, 'sub' | 'user_hash'> =>
  'sub' in failure ? { sub: failure.sub } : { user_hash: hash() }

/** One sentence for every reason, so the answer never says which check failed. */
function loginError(failure: AuthenticationFailure): OAuthError {
  switch (failure.reason) {
    case 'unknown_user':
    case 'wrong_password':
    case 'user_disabled':
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
    case 'malformed_scope':
      return invalidRequest('scope must be a string of scope tokens with single spaces between them.')
    case 'unknown_client':
      return invalidRequest('client_id is not a client of this service.')
    default:
      return bodyError(failure)
  }
}
