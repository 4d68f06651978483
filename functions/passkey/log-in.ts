import type { AssertionCredential } from '../domain/factors/credential.ts'
import type { AskForPasskey } from '../domain/sign-in/passkey-step.ts'
import type { Prove, StepFailure } from '../domain/sign-in/prove.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { assertionError, logInResponse } from '../http/api/log-in-response.ts'
import { bodyError, invalidRequest, type OAuthError, oauthError } from '../http/api/oauth-error.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { type PasskeyRequest, type PasskeyRequestFailure, readPasskeyRequest } from './request.ts'

/** `clients` are the ids that may log in, `lifetime` is the access token's, in seconds. */
export type LogInDependencies = {
  readonly askForPasskey: AskForPasskey
  readonly prove: Prove<AssertionCredential>
  readonly clients: readonly string[]
  readonly lifetime: number
}

/** POST /login/passkey: a challenge first, then the tokens of a new session for what the passkey has signed. */
export function createLogInHandler({ askForPasskey, prove, clients, lifetime }: LogInDependencies): Handler {
  return async (event) => {
    const request = readPasskeyRequest(event, clients)
    if (!request.ok) return oauthError(requestError(request.failure), failed(request.failure))
    if (request.value.kind !== 'prove') return ask(request.value, askForPasskey)

    const { authSession, credential: evidence, deviceToken } = request.value
    const progress = await prove({ authSession, evidence, deviceToken })
    if (!progress.ok) return refused(progress.failure)
    return logInResponse(progress.value, lifetime, { client_id: progress.value.session.clientId, reason: 'passkey' })
  }
}

async function ask(
  request: Exclude<PasskeyRequest, { readonly kind: 'prove' }>,
  { begin, goOn }: AskForPasskey,
): Promise<ApiResponse> {
  if (request.kind === 'begin') return challenge(await begin(request.logIn))
  const asked = await goOn(request.authSession)
  return asked.ok ? challenge(asked.value) : refused(asked.failure)
}

const challenge = ({ authSession, options }: Awaited<ReturnType<AskForPasskey['begin']>>): ApiResponse => ({
  status: 200,
  body: { auth_session: authSession, options },
  audit: { event: 'passkey_challenge', outcome: 'success' },
})

const refused = (failure: StepFailure): ApiResponse => {
  const { sub } = failure
  return oauthError(assertionError(failure), { ...failed(failure), ...(sub !== undefined && { sub }) })
}

const failed = (failure: PasskeyRequestFailure | StepFailure): Audit => ({
  event: 'retryAfter' in failure ? 'authn_login_lock' : 'authn_login_fail',
  outcome: 'failure',
  reason: failure.reason,
})

function requestError(failure: PasskeyRequestFailure): OAuthError {
  switch (failure.reason) {
    case 'malformed_auth_session':
      return invalidRequest('auth_session must be a string.')
    case 'malformed_credential':
      return invalidRequest('credential must be what navigator.credentials.get returned, as JSON.')
    case 'malformed_scope':
      return invalidRequest('scope must be a string of scope tokens with single spaces between them.')
    case 'malformed_device':
      return invalidRequest('remember_device must be true or false, and device_token a string.')
    case 'unknown_client':
      return invalidRequest('client_id is not a client of this service.')
    default:
      return bodyError(failure)
  }
}
