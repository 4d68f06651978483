import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { grantScope } from '../scopes/scope.ts'
import type { IssueAccessToken } from '../tokens/access-token.ts'
import { formatRefreshToken, isHashOf, type RandomBytes, readRefreshToken, sessionIdOf } from './refresh-token.ts'
import { type RotationFailure, rotate, successorForRetry } from './rotation.ts'
import {
  checkAlive,
  type FindAccount,
  type Session,
  type SessionAccount,
  type SessionEnd,
  type SessionLimits,
  type SessionStore,
} from './session.ts'
import { grantOf, type Tokens } from './start-session.ts'

/** `clientId` and `scope` are what the request says; undefined where it says nothing. */
export type RefreshRequest = {
  readonly refreshToken: string
  readonly clientId: string | undefined
  readonly scope: readonly string[] | undefined
}

export type RefreshFailure = {
  readonly reason:
    | SessionEnd['reason']
    | RotationFailure['reason']
    | 'malformed_token'
    | 'unknown_session'
    | 'wrong_client'
    | 'client_withdrawn'
    | 'scope_too_wide'
  /** Whose token it was; absent where it led to no session. */
  readonly session?: Session
}

type Refreshed = Tokens & { readonly session: Session }

export type Refresh = (request: RefreshRequest) => Promise<Result<Refreshed, RefreshFailure>>

export type RefreshDependencies = {
  readonly sessions: Pick<SessionStore, 'findSession' | 'rotateSession' | 'deleteSession'>
  readonly users: { readonly findUser: FindAccount }
  readonly issueAccessToken: IssueAccessToken
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly limits: SessionLimits
  /** For how many seconds the token before the present one gets the same successor again, 0 to 60. */
  readonly grace: number
  /** The clients and scopes that the service has now. */
  readonly clients: readonly string[]
  readonly scopes: readonly string[]
}

/** Trades a refresh token for its successor and a new access token (RFC 6749 section 6, RFC 9700 section 4.14.2). */
export function createRefresh(dependencies: RefreshDependencies): Refresh {
  return async (request) => {
    const token = readRefreshToken(request.refreshToken)
    if (!token) return fail({ reason: 'malformed_token' })
    const session = await dependencies.sessions.findSession(token.subject, sessionIdOf(token.family))
    if (!session) return fail({ reason: 'unknown_session' })
    const now = dependencies.clock()
    const admitted = await admit(session, request, now, dependencies)
    if (!admitted.ok) return fail({ ...admitted.failure, session })

    const renewed = await renew({ session, account: admitted.value, secret: token.secret, now }, request, dependencies)
    if (!renewed.ok) {
      // Two hold tokens of one session and only one of them got it from us, so neither may go on (RFC 9700 section 4.14.2).
      if (renewed.failure.reason === 'token_reused') await dependencies.sessions.deleteSession(session.sub, session.id)
      return fail({ ...renewed.failure, session })
    }
    const { secret, accessToken, scope } = renewed.value
    return succeed({ accessToken, refreshToken: formatRefreshToken({ ...token, secret }), scope, session })
  }
}

type Admission = SessionEnd | { readonly reason: 'wrong_client' | 'client_withdrawn' }

async function admit(
  session: Session,
  { clientId = session.clientId }: RefreshRequest,
  now: number,
  { users, clients, limits }: RefreshDependencies,
): Promise<Result<SessionAccount, Admission>> {
  if (clientId !== session.clientId) return fail({ reason: 'wrong_client' })
  if (!clients.includes(clientId)) return fail({ reason: 'client_withdrawn' })
  return checkAlive(session, await users.findUser(session.username), now, limits)
}

/** A secret that came with a session that is alive, and its account. */
type Presented = {
  readonly session: Session
  readonly account: SessionAccount
  readonly secret: Uint8Array
  readonly now: number
}

type Renewal = { readonly secret: Uint8Array; readonly accessToken: string; readonly scope: readonly string[] }
type RenewalFailure = RotationFailure | { readonly reason: 'scope_too_wide' }

async function renew(
  { session, account, secret, now }: Presented,
  { scope: asked }: RefreshRequest,
  dependencies: RefreshDependencies,
): Promise<Result<Renewal, RenewalFailure>> {
  const { issueAccessToken, grace, scopes } = dependencies
  const retrySecret = successorForRetry(session, secret, now, grace)
  // Judged before the scope, so that a stolen token is caught whatever else is asked for.
  if (!retrySecret && !isHashOf(session.secretHash, secret)) return fail({ reason: 'token_reused' })
  if (asked?.some((token) => !session.scope.includes(token))) return fail({ reason: 'scope_too_wide' })
  const scope = grantScope(asked, session.scope, account.scope, scopes)
  // Signed before anything is written: if KMS fails, the presented token is still good.
  const accessToken = await issueAccessToken(grantOf(session, scope))
  const successor = retrySecret ? succeed(retrySecret) : await rotate(session, secret, now, dependencies)
  return successor.ok ? succeed({ secret: successor.value, accessToken, scope }) : successor
}
