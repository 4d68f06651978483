import { decodeJwt } from 'jose'
import { createAccountLifecycle } from '../../../functions/domain/accounts/account-lifecycle.ts'
import type { Authentication } from '../../../functions/domain/authentication.ts'
import type { Notify } from '../../../functions/domain/mail/mail-event.ts'
import { randomId } from '../../../functions/domain/random-id.ts'
import type { AskClaims } from '../../../functions/domain/sessions/ask-claims.ts'
import { asClient, createOwnSessions } from '../../../functions/domain/sessions/own-sessions.ts'
import { createRevoke } from '../../../functions/domain/sessions/revoke.ts'
import type { SessionLimits } from '../../../functions/domain/sessions/session.ts'
import { createIssueAccessToken, createVerifyAtAnyTime } from '../../../functions/domain/tokens/access-token.ts'
import { endpoint, type Handler } from '../../../functions/http/api/endpoint.ts'
import { createRevokeHandler } from '../../../functions/revoke/handler.ts'
import { createSessionsHandler } from '../../../functions/sessions/handler.ts'
import { createTokenHandler } from '../../../functions/token/handler.ts'
import { wireRefresh } from '../../../functions/wiring/refresh.ts'
import { wireStartSession } from '../../../functions/wiring/start-session.ts'
import { captureNotices } from '../fakes/captured-notices.ts'
import { createMemoryStores, type MemoryStores } from '../fakes/memory-stores.ts'
import { noClients } from '../fakes/no-clients.ts'
import { stoppedClock } from '../fakes/stopped-clock.ts'
import { context, httpEvent, readAddress } from './events.ts'
import { createTestKey, verificationKeys } from './signing-key.ts'
import { aUser, createUsers, keptUser } from './users.ts'

export const issuer = 'https://auth.example.com'
export const audience = 'https://api.example.com'
export const key = await createTestKey()
const keys = await verificationKeys(key)

const day = 86_400

export type ServiceSettings = {
  readonly stores?: MemoryStores
  readonly sign?: (input: Uint8Array) => Promise<Uint8Array>
  readonly grace?: number
  readonly limits?: SessionLimits
  readonly perUser?: number
  readonly clients?: readonly string[]
  readonly scopes?: readonly string[]
  readonly notify?: Notify
  readonly askClaims?: AskClaims | undefined
  readonly claimsAtRefresh?: boolean
}

/** All that has to do with sessions, put together as the functions' index.ts do, over stores in memory unless given. */
export function createService({
  stores = createMemoryStores(keptUser(aUser({ scope: ['a', 'b'] }))),
  sign = key.signer.sign,
  grace = 10,
  limits = { idle: 30 * day, absolute: 90 * day },
  perUser = 50,
  clients = ['web', 'mobile'],
  scopes = ['a', 'b', 'c'],
  notify = captureNotices().notify,
  askClaims,
  claimsAtRefresh = false,
}: ServiceSettings = {}) {
  const clock = stoppedClock()
  const lines: string[] = []
  const rules = { issuer, audience, lifetime: 900 }
  const issueAccessToken = createIssueAccessToken(rules, { ...key.signer, sign }, () => Math.floor(clock()), randomId)
  const env = {
    ...{ SESSION_IDLE_LIMIT: limits.idle, SESSION_LIMIT: limits.absolute, SESSIONS_PER_USER: perUser },
    ...{ REFRESH_GRACE: grace, CLIENTS: clients, SCOPES: scopes, AUDIENCE: audience, RESOURCES: [] },
    CLAIMS_AT_REFRESH: claimsAtRefresh,
  }
  const { accounts, sessions } = stores
  const users = createUsers(stores)
  const startSession = wireStartSession(
    { stores, issueAccessToken, askClaims, clock },
    { ...env, SCOPES: ['a', 'b', 'c'] },
  )
  const refresh = wireRefresh({ ...noClients, stores, issueAccessToken, askClaims, clock }, env)
  const verifyAtAnyTime = createVerifyAtAnyTime({ issuer, audiences: [audience], keys })
  const call = callOf((line) => lines.push(line), clock)
  const token = call(createTokenHandler({ ...noClients, refresh, notify, readAddress, clock, clients, lifetime: 900 }))
  const revoke = call(
    createRevokeHandler({
      ...noClients,
      revoke: createRevoke({ ...noClients, sessions, clients, verifyAtAnyTime }),
      readAddress,
      clients,
    }),
  )
  const own = call(
    createSessionsHandler({ ownSessions: createOwnSessions({ mayAsk: asClient, sessions, clock, limits }), limits }),
  )

  return {
    clock,
    users,
    sessions,
    stores,
    accountLifecycle: createAccountLifecycle({ accounts, sessions }),
    logged: () => lines.map((line) => JSON.parse(line)),
    logIn: async (
      username = 'ada',
      clientId = 'web',
      scope: readonly string[] = ['a', 'b'],
      authentication: Authentication = { authTime: clock(), amr: ['pwd'] },
    ) => {
      // As a log-in reads them: first the epoch.
      const sub = (await accounts.findSubject(username)) ?? ''
      const epoch = await sessions.readEpoch(sub)
      const account = await accounts.findAccount(sub)
      if (!account || account.disabled) throw new Error('No such user.')
      const started = await startSession({ account, epoch, clientId, asked: scope, authentication })
      if (!started.ok) throw new Error(started.failure.reason)
      return started.value
    },
    refresh: (refresh_token: string, more: Readonly<Record<string, string>> = {}) =>
      token(formEvent('POST /token', { grant_type: 'refresh_token', refresh_token, ...more })),
    revoke: (token: string, more: Readonly<Record<string, string>> = {}) =>
      revoke(formEvent('POST /revoke', { token, ...more })),
    token,
    revokeBy: revoke,
    own: (routeKey: string, accessToken: string, id?: string) => own(callerEvent(routeKey, accessToken, id)),
  }
}

export type Service = ReturnType<typeof createService>

/** A call as a client sees it. */
const callOf = (write: (line: string) => void, clock: () => number) => (handler: Handler) => {
  const handle = endpoint(handler, write, () => clock() * 1000)
  return async (event: ReturnType<typeof httpEvent>, receivedAt = clock()) => {
    const requestContext = { ...event.requestContext, timeEpoch: receivedAt * 1000 }
    const { statusCode, headers = {}, body } = await handle({ ...event, requestContext }, context)
    return { status: statusCode, headers, json: body === undefined ? undefined : JSON.parse(body) }
  }
}

/** A form, in base64 as API Gateway passes it on. */
export const formEvent = (routeKey: string, parameters: Readonly<Record<string, string>> | string) =>
  httpEvent(routeKey, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(String(new URLSearchParams(parameters))).toString('base64'),
    isBase64Encoded: true,
  })

/** A call that the authorizer has let in. */
function callerEvent(routeKey: string, accessToken: string, id?: string) {
  const { sub, sid } = decodeJwt(accessToken)
  const event = httpEvent(routeKey, id === undefined ? {} : { pathParameters: { id } })
  return { ...event, requestContext: { ...event.requestContext, authorizer: { lambda: { sub, sid } } } }
}
