import { randomBytes } from 'node:crypto'
import { decodeJwt } from 'jose'
import type { UserStore } from '../../../functions/domain/accounts/account.ts'
import { createAccountLifecycle } from '../../../functions/domain/accounts/account-lifecycle.ts'
import { randomId } from '../../../functions/domain/random-id.ts'
import { createOwnSessions } from '../../../functions/domain/sessions/own-sessions.ts'
import { createRefresh } from '../../../functions/domain/sessions/refresh.ts'
import { createRevoke } from '../../../functions/domain/sessions/revoke.ts'
import type { SessionLimits, SessionStore } from '../../../functions/domain/sessions/session.ts'
import { createStartSession } from '../../../functions/domain/sessions/start-session.ts'
import { createAccessTokenIssuer } from '../../../functions/domain/tokens/access-token.ts'
import { endpoint, type Handler } from '../../../functions/http/api/endpoint.ts'
import { createRevokeHandler } from '../../../functions/revoke/handler.ts'
import { createSessionsHandler } from '../../../functions/sessions/handler.ts'
import { createTokenHandler } from '../../../functions/token/handler.ts'
import { aUser } from '../contracts/user-store-contract.ts'
import { createMemorySessions } from '../fakes/memory-sessions.ts'
import { createMemoryUsers } from '../fakes/memory-users.ts'
import { stoppedClock } from '../fakes/stopped-clock.ts'
import { context, httpEvent } from './events.ts'
import { createTestKey } from './signing-key.ts'

export const issuer = 'https://auth.example.com'
export const audience = 'https://api.example.com'
export const key = await createTestKey()

const day = 86_400

export type ServiceSettings = {
  readonly users?: UserStore
  readonly sessions?: SessionStore
  readonly sign?: (input: Uint8Array) => Promise<Uint8Array>
  readonly grace?: number
  readonly limits?: SessionLimits
  readonly perUser?: number
  readonly clients?: readonly string[]
  readonly scopes?: readonly string[]
}

/** All that has to do with sessions, put together as the functions' index.ts do, over stores in memory unless given. */
export function createService({
  users = createMemoryUsers(aUser({ scope: ['a', 'b'] })),
  sessions = createMemorySessions(),
  sign = key.signer.sign,
  grace = 10,
  limits = { idle: 30 * day, absolute: 90 * day },
  perUser = 50,
  clients = ['web', 'mobile'],
  scopes = ['a', 'b', 'c'],
}: ServiceSettings = {}) {
  const clock = stoppedClock()
  const lines: string[] = []
  const rules = { issuer, audience, lifetime: 900 }
  const issueAccessToken = createAccessTokenIssuer(rules, { ...key.signer, sign }, () => Math.floor(clock()), randomId)
  const common = { sessions, users, issueAccessToken, clock, randomBytes, limits }
  const startSession = createStartSession({ ...common, perUser, scopes: ['a', 'b', 'c'] })
  const refresh = createRefresh({ ...common, grace, clients, scopes })
  const call = callOf((line) => lines.push(line), clock)
  const token = call(createTokenHandler({ refresh, lifetime: 900 }))
  const revoke = call(createRevokeHandler(createRevoke(sessions)))
  const own = call(createSessionsHandler({ ownSessions: createOwnSessions(common), limits }))

  return {
    clock,
    users,
    sessions,
    accountLifecycle: createAccountLifecycle({ users, sessions }),
    logged: () => lines.map((line) => JSON.parse(line)),
    logIn: async (username = 'ada', clientId = 'web', scope: readonly string[] = ['a', 'b']) => {
      const user = await users.findUser(username)
      if (!user) throw new Error('No such user.')
      return startSession(user, clientId, scope)
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
  return async (event: ReturnType<typeof httpEvent>) => {
    const { statusCode, headers = {}, body } = await handle(event, context)
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
