import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { findResource, scopeWithin, type Targets } from '../scopes/resources.ts'
import { grantScope, withIdentity } from '../scopes/scope.ts'
import type { IssueAccessToken } from '../tokens/access-token.ts'
import type { AskClaims, OwnersClaims } from './ask-claims.ts'
import { formatRefreshToken, type RandomBytes, readRefreshToken, sessionIdOf } from './refresh-token.ts'
import { type Exchanged, exchange, type Presented, type RotationFailure, useOf } from './rotation.ts'
import {
  checkAlive,
  type FindAccount,
  type Session,
  type SessionAccount,
  type SessionEnd,
  type SessionLimits,
  type SessionStore,
  ssoOf,
} from './session.ts'
import { grantOf, type Tokens } from './start-session.ts'

/**
 * `clientId`, `scope` and `resource` are undefined where the request does not name them. `client` is that of the id, where it
 * has been authenticated.
 */
export type RefreshRequest = {
  readonly refreshToken: string
  readonly clientId: string | undefined
  readonly client?: RefreshingClient | undefined
  readonly scope: readonly string[] | undefined
  /** That of the session or none: a refresh never changes what tokens are for (RFC 8707 section 2.2). */
  readonly resource?: string | undefined
  /** When the gateway got the request: a function that starts cold must not make a retry late. @default now */
  readonly receivedAt?: number | undefined
}

/** What a refresh asks of the registered client of a session. */
type RefreshingClient = {
  readonly id: string
  readonly registration: string
  readonly isFirstParty: boolean
  readonly grantTypes: readonly string[]
  readonly scope: readonly string[]
}

export type RefreshFailure = {
  readonly reason:
    | SessionEnd['reason']
    | 'missing_client'
    | RotationFailure['reason']
    | 'malformed_token'
    | 'unknown_session'
    | 'wrong_client'
    | 'client_withdrawn'
    | 'scope_too_wide'
    | 'wrong_resource'
    | 'resource_withdrawn'
  /** The session of the token; absent for an unknown token. */
  readonly session?: Session
  /** Whether this request ended the session. Of several at once it is one, and none if the response to its write got lost. */
  readonly hasEnded?: boolean
}

export type Refreshed = Tokens & {
  readonly session: Session
  /** A retry that came later than parallel requests do. */
  readonly isLateRetry: boolean
}

export type Refresh = (request: RefreshRequest) => Promise<Result<Refreshed, RefreshFailure>>

type Dependencies = {
  readonly sessions: Pick<SessionStore, 'findSession' | 'readEpoch' | 'replaceSession' | 'deleteSession'>
  readonly accounts: { readonly findAccount: FindAccount }
  readonly issueAccessToken: IssueAccessToken
  /** Undefined where the owner has no hook. */
  readonly askClaims: AskClaims | undefined
  /** Whether the hook is asked at each refresh; otherwise the claims are those of the start. */
  readonly claimsAtRefresh: boolean
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly limits: SessionLimits
  /** For how many seconds the previous token gets the same successor again; Infinity: until the successor is used. */
  readonly grace: number
  /** A registered client that authenticates by its id only. */
  readonly findPublicClient: (id: string) => Promise<RefreshingClient | undefined>
  /** Whether the browser's session has not ended. */
  readonly isSsoAlive: (id: string) => Promise<boolean>
  /** The clients and scopes of the service. */
  readonly clients: readonly string[]
  readonly scopes: readonly string[]
  readonly targets: Targets
}

/** Exchanges a refresh token for its successor and a new access token (RFC 6749 section 6, RFC 9700 section 4.14.2). */
export function createRefresh(dependencies: Dependencies): Refresh {
  const { sessions, accounts, clock } = dependencies
  return async (request) => {
    const token = readRefreshToken(request.refreshToken)
    if (!token) return fail({ reason: 'malformed_token' })
    const [found, account] = await allSettledThenThrow([
      sessions.findSession(token.subject, sessionIdOf(token.family)),
      accounts.findAccount(token.subject),
    ])
    if (!found) return fail({ reason: 'unknown_session' })
    const session = withResourceOfNow(found, dependencies.targets)
    const now = clock()
    const presented = { session, secret: token.secret, now, receivedAt: request.receivedAt ?? now }
    const limit = await admitClient(session, request, dependencies)
    if (!limit.ok) return fail({ ...limit.failure, session })
    const alive = checkAlive(session, account, now, dependencies.limits)
    if (!alive.ok) return fail({ ...alive.failure, session })

    const renewing = { ...presented, account: alive.value, limit: limit.value }
    const renewed = await renew(renewing, request, dependencies)
    if (!renewed.ok) return fail({ ...renewed.failure, session })
    const { secret, ...rest } = renewed.value
    return succeed({ ...rest, refreshToken: formatRefreshToken({ ...token, secret }), session })
  }
}

/** What its tokens are for is spelt as the owner spells it by now: authorizers take no other spelling. */
function withResourceOfNow(session: Session, targets: Targets): Session {
  const resource = findResource(session.codeGrant?.resource, targets)
  if (!session.codeGrant || !resource.ok || !resource.value) return session
  return { ...session, codeGrant: { ...session.codeGrant, resource: resource.value.url } }
}

type Admission = {
  readonly reason: 'missing_client' | 'wrong_client' | 'client_withdrawn' | 'resource_withdrawn' | 'session_ended'
}

/** Of a scope of the service or an account, what the client may be granted for what its tokens are for. */
type ClientLimit = (scope: readonly string[]) => readonly string[]

/** Before the token is judged, so that what another client presents ends nothing. */
async function admitClient(
  session: Session,
  { clientId, client: authenticated }: RefreshRequest,
  { clients, findPublicClient, isSsoAlive, targets }: Dependencies,
): Promise<Result<ClientLimit, Admission>> {
  const { codeGrant } = session
  if (clientId !== undefined && clientId !== session.clientId) return fail({ reason: 'wrong_client' })
  if (!codeGrant)
    return clients.includes(session.clientId) ? succeed((scope) => scope) : fail({ reason: 'client_withdrawn' })
  if (clientId === undefined) return fail({ reason: 'missing_client' })
  const client = authenticated ?? (await findPublicClient(clientId))
  if (client?.registration !== codeGrant.registration || !client.grantTypes.includes('refresh_token'))
    return fail({ reason: 'client_withdrawn' })
  // Nobody has allowed a third-party client what this session may do.
  if (codeGrant.isFirstParty && !client.isFirstParty) return fail({ reason: 'client_withdrawn' })
  const resource = findResource(codeGrant.resource, targets)
  if (!resource.ok) return fail({ reason: 'resource_withdrawn' })
  const sso = ssoOf(session)
  if (sso !== undefined && !(await isSsoAlive(sso))) return fail({ reason: 'session_ended' })
  return succeed((scope) =>
    withIdentity(scopeWithin(scope, resource.value).filter((token) => client.scope.includes(token))),
  )
}

type Renewal = Exchanged & { readonly accessToken: string; readonly scope: readonly string[] }
type RenewalFailure =
  | (RotationFailure & Pick<RefreshFailure, 'hasEnded'>)
  | { readonly reason: 'scope_too_wide' | 'wrong_resource' }

async function renew(
  { account, limit, ...presented }: Presented & { readonly account: SessionAccount; readonly limit: ClientLimit },
  { scope: asked, resource }: RefreshRequest,
  dependencies: Dependencies,
): Promise<Result<Renewal, RenewalFailure>> {
  const { sessions, issueAccessToken, grace, scopes, targets } = dependencies
  const { session } = presented
  const end = async (reason: RotationFailure['reason']) => {
    const hasEnded = await sessions.deleteSession(session.sub, session.id)
    return fail({ reason, hasEnded })
  }
  // Before scope and resource are judged, so that a stolen token is found whatever else is asked for. Two parties hold
  // tokens of one session and only one of them got it from us, so neither may go on (RFC 9700 section 4.14.2).
  if (useOf(presented, grace).kind === 'reuse') return end('token_reused')
  if (asked?.some((token) => !session.scope.includes(token))) return fail({ reason: 'scope_too_wide' })
  if (resource !== undefined && !isOf(session, findResource(resource, targets)))
    return fail({ reason: 'wrong_resource' })
  const granted = grantScope(asked, session.scope, limit(account.scope), limit(scopes))
  const { claims, scope } = await claimsOf(session, account, granted, dependencies)
  // Signed before anything is written: if KMS or the owner's hook fails, the presented token is still good.
  const accessToken = await issueAccessToken(grantOf(session, scope, account, claims))
  const exchanged = await exchange(presented, dependencies)
  if (!exchanged.ok) return exchanged.failure.reason === 'token_reused' ? end('token_reused') : exchanged
  // Last of all: whatever ended the sessions meanwhile has raised the epoch first.
  if ((await sessions.readEpoch(session.sub)) !== session.epoch) return end('session_ended')
  return succeed({ ...exchanged.value, accessToken, scope })
}

const isOf = ({ codeGrant }: Session, asked: ReturnType<typeof findResource>): boolean =>
  asked.ok && asked.value?.url === codeGrant?.resource

async function claimsOf(
  { sub, clientId, claims }: Session,
  { groups }: SessionAccount,
  scope: readonly string[],
  { askClaims, claimsAtRefresh }: Dependencies,
): Promise<OwnersClaims> {
  if (!askClaims) return { scope }
  return claimsAtRefresh ? askClaims({ sub, clientId, scope, groups, occasion: 'refresh' }) : { claims, scope }
}
