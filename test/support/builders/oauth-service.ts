import { createHash, randomBytes } from 'node:crypto'
import { createAccountHandler } from '../../../functions/account/handler.ts'
import { createDynamoDbConfirmations } from '../../../functions/adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDbApiKeys } from '../../../functions/adapters/dynamodb/api-keys/api-keys.ts'
import { createEndKeySession } from '../../../functions/adapters/dynamodb/api-keys/end-key-session.ts'
import { createDynamoDbClients } from '../../../functions/adapters/dynamodb/clients.ts'
import { createHasFactor } from '../../../functions/adapters/dynamodb/factors/factor-look-up.ts'
import { createDynamoDbConsents } from '../../../functions/adapters/dynamodb/oauth/consents.ts'
import { createEndMachineSession } from '../../../functions/adapters/dynamodb/sessions/machine-session.ts'
import { createTable } from '../../../functions/adapters/dynamodb/table/table.ts'
import { createApiKeysHandler } from '../../../functions/apiKeys/handler.ts'
import { createAuthorizeHandler } from '../../../functions/authorize/handler.ts'
import { type Account, usernameOf } from '../../../functions/domain/accounts/account.ts'
import { createAccountLifecycle } from '../../../functions/domain/accounts/account-lifecycle.ts'
import { readClientMetadata } from '../../../functions/domain/clients/client-metadata.ts'
import type { ClientHosts } from '../../../functions/domain/clients/client-url.ts'
import {
  createFindAnyKeys,
  createReadClientByUrl,
  type FetchMetadata,
} from '../../../functions/domain/clients/clients-by-url.ts'
import { createCreateApiKey } from '../../../functions/domain/clients/create-api-key.ts'
import { administrator, createDeleteClient, createPutClient } from '../../../functions/domain/clients/put-client.ts'
import { createContinueByUrl } from '../../../functions/domain/oauth/continue-by-url.ts'
import { createFindUserClaims } from '../../../functions/domain/oauth/find-user-claims.ts'
import { createOwnApps } from '../../../functions/domain/oauth/own-apps.ts'
import { type OwnPage, ownPagesWith } from '../../../functions/domain/oauth/own-pages.ts'
import { type Password, readPassword } from '../../../functions/domain/passwords/password.ts'
import { randomId } from '../../../functions/domain/random-id.ts'
import type { Resource } from '../../../functions/domain/scopes/resources.ts'
import type { AskClaims } from '../../../functions/domain/sessions/ask-claims.ts'
import { createEndSso } from '../../../functions/domain/sessions/end-sso.ts'
import { createFindLiveSession } from '../../../functions/domain/sessions/live-session.ts'
import { asBrowser, asClient, createOwnSessions } from '../../../functions/domain/sessions/own-sessions.ts'
import { createRevoke } from '../../../functions/domain/sessions/revoke.ts'
import type { SecondFactorPolicy } from '../../../functions/domain/setting-rules.ts'
import { createFindFreshOwner } from '../../../functions/domain/sign-in/find-fresh-owner.ts'
import {
  createIssueAccessToken,
  createVerifyAccessToken,
  createVerifyAtAnyTime,
} from '../../../functions/domain/tokens/access-token.ts'
import { createReadIdTokenHint } from '../../../functions/domain/tokens/id-token.ts'
import { endpoint, type Handler } from '../../../functions/http/api/endpoint.ts'
import { createCookies } from '../../../functions/http/pages/cookies.ts'
import { createPages } from '../../../functions/http/pages/pages.ts'
import { createLoginHandler } from '../../../functions/login/handler.ts'
import { createRevokeHandler } from '../../../functions/revoke/handler.ts'
import { createSessionsHandler } from '../../../functions/sessions/handler.ts'
import { createSignInHandler } from '../../../functions/signIn/handler.ts'
import { createTokenHandler } from '../../../functions/token/handler.ts'
import { createUserinfoHandler } from '../../../functions/userinfo/handler.ts'
import { wireClientAuthentication } from '../../../functions/wiring/oauth/client-authentication.ts'
import { wireDocuments } from '../../../functions/wiring/oauth/client-documents.ts'
import { wireClients, wireNamedClients } from '../../../functions/wiring/oauth/clients.ts'
import { wireFlows } from '../../../functions/wiring/oauth/flows.ts'
import { wireGrantMachine } from '../../../functions/wiring/oauth/grant-machine.ts'
import { wireRedeemCode } from '../../../functions/wiring/oauth/redeem-code.ts'
import { wireRefresh } from '../../../functions/wiring/refresh.ts'
import { wireFactorSteps } from '../../../functions/wiring/sign-in/factor-steps.ts'
import { wireLogIn } from '../../../functions/wiring/sign-in/log-in.ts'
import { wireSignIn } from '../../../functions/wiring/sign-in/sign-in.ts'
import { wireSso } from '../../../functions/wiring/sign-in/sso.ts'
import { createStores } from '../../../functions/wiring/stores.ts'
import { cheapHasher } from '../fakes/cheap-hasher.ts'
import { stoppedClock } from '../fakes/stopped-clock.ts'
import type { TestTable } from '../table.ts'
import { context, httpEvent, readAddress } from './events.ts'
import { plainLook } from './plain-look.ts'
import { createTestKey, verificationKeys } from './signing-key.ts'

export const issuer = 'https://auth.example.com'
export const audience = 'https://api.example.com'
const key = await createTestKey()
const keys = await verificationKeys(key)
const password = 'correct horse battery staple'
const passwordHash = await cheapHasher.hash(readPassword(password) as Password)
let made = 0

type Answer = {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly cookies: readonly string[]
}

type Asked = {
  readonly query?: string
  readonly form?: Readonly<Record<string, string>>
  readonly json?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly string[]
  readonly id?: string
}

type Settings = {
  readonly account?: Partial<Account>
  readonly clock?: ReturnType<typeof stoppedClock>
  /** Counts the signatures that are made. */
  readonly sign?: (input: Uint8Array) => Promise<Uint8Array>
  readonly scopes?: readonly string[]
  readonly resources?: readonly Resource[]
  /** The pages that the sign-in page leads to. */
  readonly links?: { readonly hasSignUp: boolean; readonly hasForgot: boolean }
  readonly addressFailures?: number
  /** @default all of them */
  readonly ownPages?: readonly OwnPage[]
  /** An account that is there already: the same service, seen through another client of the table. */
  readonly existing?: Account
  /** The secrets of apps are stored as they are. @default 'off' */
  readonly secondFactor?: SecondFactorPolicy
  readonly askClaims?: AskClaims
  readonly claimsAtRefresh?: boolean
  /** Whose URLs may be client ids, and what fetches their documents. @default nobody's */
  readonly clientsByUrl?: { readonly hosts: ClientHosts; readonly fetchMetadata: FetchMetadata }
}

const noneByUrl = {
  hosts: [],
  fetchMetadata: () => {
    throw new Error('Nothing may be fetched here.')
  },
}

/** A service with sign-in pages over one table, with one account, put together as the functions' index.ts do. */
export async function createOAuthService(
  { client, name }: Pick<TestTable, 'client' | 'name'>,
  settings: Settings = {},
) {
  made += 1
  const { links = { hasSignUp: false, hasForgot: false }, secondFactor = 'off', clientsByUrl = noneByUrl } = settings
  const { clock = stoppedClock(), sign = key.signer.sign, scopes = ['orders:read', 'orders:write'] } = settings
  const { resources = [] } = settings
  const account: Account = settings.existing ?? {
    ...{ sub: `person-${made}`, identifiers: [`person-${made}`, `person-${made}@example.com`], emailVerified: true },
    ...{ scope: ['orders:read'], disabled: false, createdAt: 1 },
    ...settings.account,
  }
  const stores = createStores(client, name)
  if (!settings.existing) await stores.accounts.putNewAccount({ account, passwordHash, subject: 'new' })
  const lines: string[] = []
  const env = {
    ...{ TABLE_NAME: name, ISSUER: issuer, AUDIENCE: audience, SECOND_FACTOR: secondFactor, MAIL_FUNCTION: null },
    ...{ SESSION_IDLE_LIMIT: 30 * 86_400, SESSION_LIMIT: 90 * 86_400, SESSIONS_PER_USER: 50, SCOPES: scopes },
    ...{
      ACCOUNT_FAILURES: 10,
      CLIENTS_BY_URL: clientsByUrl.hosts,
      ADDRESS_FAILURES: settings.addressFailures ?? 1000,
      REFRESH_GRACE: 60,
      CLAIMS_AT_REFRESH: settings.claimsAtRefresh ?? false,
      CLIENTS: ['web'],
      ACCESS_TOKEN_LIFETIME: 900,
      RESOURCES: resources,
    },
  } as const
  const signer = { ...key.signer, sign }
  const seconds = () => Math.floor(clock())
  const issueAccessToken = createIssueAccessToken({ issuer, audience, lifetime: 900 }, signer, seconds, randomId)
  const sso = wireSso(client, clock, env)
  const decrypt = async (secret: string) => secret
  const notify = async () => ({})
  const documents = wireDocuments({ client, clock, fetchMetadata: clientsByUrl.fetchMetadata }, env)
  const clients = wireClientAuthentication({ client, clock, findKeys: createFindAnyKeys(documents) }, env)
  const keptClients = wireClientAuthentication({ client, clock }, env)
  const named = wireNamedClients(client, name)
  const issuing = { issueAccessToken, askClaims: settings.askClaims, signer }
  const parts = { client, stores, ...issuing, sso, ...clients, clock, hasher: cheapHasher, decrypt }
  const common = { ...parts, environment: {}, notify, readAddress, hashForLog: () => 'a hash' }
  const service = { serviceName: 'Shop & Co', look: plainLook, issuer, hasPasskeys: false, ...links }
  const newBrowserToken = () => randomBytes(32).toString('base64url')
  const pages = {
    cookies: createCookies(issuer),
    ...wireFlows(parts, env),
    sso,
    clock,
    newBrowserToken,
    reachable: secondFactor === 'off' ? 'pwd' : 'mfa',
  } as const
  const ownApps = createOwnApps({ ...stores, ...named, consents: createDynamoDbConsents(client, name) })
  const apiKeys = createDynamoDbApiKeys(client, name)
  const verifying = { issuer, audience, keys }
  const limits = { idle: env.SESSION_IDLE_LIMIT, absolute: env.SESSION_LIMIT }
  const handlers = {
    authorize: createPages(service, (context) =>
      createAuthorizeHandler({
        ...pages,
        continueFlow: createContinueByUrl(pages.continueFlow, createReadClientByUrl(documents)),
        context,
        ...wireClients(client, name),
        ...{ clientHosts: clientsByUrl.hosts, scopes },
        endSso: createEndSso({ sso, sessions: stores.sessions }),
        readIdTokenHint: createReadIdTokenHint(issuer, keys),
        targets: { audience, resources },
      }),
    ),
    signIn: createPages(service, (context) =>
      createSignInHandler({
        ...{ ...common, ...pages, context, stepsOf: wireSignIn(common, env) },
        ownPages: settings.ownPages ?? ownPagesWith({ mail: true, factors: true }),
      }),
    ),
    token: createTokenHandler({
      ...common,
      refresh: wireRefresh(parts, env),
      redeemCode: wireRedeemCode(parts, env),
      grantMachine: wireGrantMachine(parts, env),
      ...{ clients: env.CLIENTS, lifetime: 900 },
    }),
    revoke: createRevokeHandler({
      ...keptClients,
      readAddress,
      revoke: createRevoke({
        ...stores,
        endMachineSession: createEndMachineSession(client, name),
        endKeySession: createEndKeySession(client, name),
        clients: env.CLIENTS,
        verifyAtAnyTime: createVerifyAtAnyTime({
          issuer,
          keys,
          audiences: [audience, ...resources.map(({ url }) => url)],
        }),
      }),
      clients: env.CLIENTS,
    }),
    userinfo: createUserinfoHandler({
      verify: createVerifyAccessToken(verifying, seconds),
      findUserClaims: createFindUserClaims({ ...stores, clock, limits }),
    }),
    sessions: createSessionsHandler({
      ownSessions: createOwnSessions({ mayAsk: asClient, ...stores, clock, limits }),
      limits,
    }),
    apiKeys: createApiKeysHandler({
      verify: createVerifyAccessToken(verifying, seconds),
      findFreshOwner: createFindFreshOwner({
        ...stores,
        findLive: createFindLiveSession({ ...stores, clock, limits }),
        hasFactor: createHasFactor(client, name),
        clock,
      }),
      createApiKey: createCreateApiKey({ apiKeys, randomBytes, clock, scopes }),
      apiKeys,
    }),
    account: createPages(
      { ...service, pages: ['/account/password', '/account/email', '/account/factors'] },
      (context) =>
        createAccountHandler({
          ...{ ...pages, ...named, context, ownApps },
          ownSessions: createOwnSessions({ ...stores, clock, limits, mayAsk: asBrowser }),
        }),
    ),
    login: createLoginHandler({
      ...common,
      ...wireFactorSteps(common, env),
      logIn: wireLogIn(parts, env),
      ...{ clients: env.CLIENTS, lifetime: 900 },
    }),
  }
  const routes: Readonly<Record<string, Handler>> = {
    ...Object.fromEntries(
      ['/authorize', '/consent', '/logout', '/logout/confirm'].map((path) => [path, handlers.authorize.handle]),
    ),
    ...Object.fromEntries(
      ['', '/sessions/end', '/sessions/end-all', '/apps/withdraw'].map((rest) => [
        `/account${rest}`,
        handlers.account.handle,
      ]),
    ),
    ...Object.fromEntries(['/sign-in', '/sign-in/factor'].map((path) => [path, handlers.signIn.handle])),
    ...{
      '/token': handlers.token,
      '/revoke': handlers.revoke,
      '/userinfo': handlers.userinfo,
      '/login': handlers.login,
      '/api-keys': handlers.apiKeys,
      '/api-keys/{id}': handlers.apiKeys,
    },
  }
  const call = async (routeKey: string, { query, form, json, headers, cookies, id }: Asked = {}): Promise<Answer> => {
    const handler = routes[routeKey.split(' ')[1] ?? '']
    if (!handler) throw new Error(`There is no route ${routeKey}.`)
    const handle = endpoint(
      handler,
      (line) => lines.push(line),
      () => clock() * 1000,
    )
    const body = json ? JSON.stringify(json) : form && new URLSearchParams(form).toString()
    const type = json ? 'application/json' : 'application/x-www-form-urlencoded'
    const event = httpEvent(routeKey, {
      rawQueryString: query ?? '',
      headers: { ...(body !== undefined && { 'content-type': type }), ...headers },
      ...(body !== undefined && { body }),
      ...(cookies && { cookies: [...cookies] }),
      ...(id !== undefined && { pathParameters: { id } }),
    })
    const { statusCode, headers: sent = {}, body: text = '', cookies: set = [] } = await handle(event, context)
    return { status: statusCode, headers: sent as Answer['headers'], text, cookies: set }
  }
  const registering = {
    ...{ clients: createDynamoDbClients(client, name), randomBytes, newId: randomId, clock, scopes },
    reserved: [...env.CLIENTS, issuer, audience],
  }
  const putClient = createPutClient(registering)
  return {
    ...{ clock, stores, account, sso, call, clients: registering.clients, apiKeys, documents: documents.store },
    confirmations: createDynamoDbConfirmations(client, name),
    username: usernameOf(account),
    password,
    logged: () => lines.map((line) => JSON.parse(line)),
    lifecycle: createAccountLifecycle(stores),
    consentsOf: (sub: string) =>
      createTable(client, name).query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `CONSENT#${sub}` },
      }),
    ownApps,
    deleteClient: (id: string) => createDeleteClient(registering.clients)(id, administrator),
    /** Registers a client of the code flow, first-party and public unless it says otherwise. */
    putClient: async (metadata: object = {}) => {
      const whole = {
        ...{
          client_id: `client-${randomId()}`,
          redirect_uris: ['https://app.example.com/callback'],
          first_party: true,
        },
        ...{ grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'none' },
        ...metadata,
      }
      const read = readClientMetadata(whole)
      if (!read.ok) throw new Error(read.failure.description)
      const put = await putClient(read.value, administrator)
      if (!put.ok) throw new Error(put.failure.reason)
      return { id: put.value.client.id, secret: put.value.secret, redirectUri: read.value.redirectUris[0] ?? '' }
    },
    sessionsOf: (accessToken: string, method = 'GET', id?: string) =>
      ownSessions(handlers.sessions, { accessToken, method, id, write: (line) => lines.push(line) }),
  }
}

export type OAuthService = Awaited<ReturnType<typeof createOAuthService>>

type SessionsRequest = {
  readonly accessToken: string
  readonly method: string
  readonly id: string | undefined
  readonly write: (line: string) => void
}

/** A request to /sessions, as the authorizer lets it through. */
async function ownSessions(handler: Handler, { accessToken, method, id, write }: SessionsRequest) {
  const { sub, sid } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
  const event = httpEvent(`${method} /sessions${id === undefined ? '' : '/{id}'}`)
  const requestContext = { ...event.requestContext, authorizer: { lambda: { sub, sid } } }
  const asked = { ...event, requestContext, ...(id !== undefined && { pathParameters: { id } }) }
  const { statusCode, body = '{}' } = await endpoint(handler, write)(asked, context)
  return { status: statusCode, json: JSON.parse(body) }
}

/** A code verifier and its challenge. */
export function newPkce() {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}
