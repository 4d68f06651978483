import { randomBytes } from 'node:crypto'
import { createAccountLookUp } from '../adapters/dynamodb/accounts/account-look-up.ts'
import { createNewSessions } from '../adapters/dynamodb/sessions/sessions.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createReadClientByUrl } from '../domain/clients/clients-by-url.ts'
import { createContinueByUrl } from '../domain/oauth/continue-by-url.ts'
import { createEndSso } from '../domain/sessions/end-sso.ts'
import { createReadIdTokenHint } from '../domain/tokens/id-token.ts'
import { importJwkSet } from '../domain/tokens/verification-keys.ts'
import { createCookies } from '../http/pages/cookies.ts'
import { pageEndpoint } from '../http/pages/page-endpoint.ts'
import { createPages } from '../http/pages/pages.ts'
import { serviceOf } from '../http/pages/service.ts'
import { clock } from '../wiring/clock.ts'
import { wireDocuments, wireFetchMetadata } from '../wiring/oauth/client-documents.ts'
import { wireClients } from '../wiring/oauth/clients.ts'
import { wireFlows } from '../wiring/oauth/flows.ts'
import { targetsOf } from '../wiring/settings.ts'
import { wireSso } from '../wiring/sign-in/sso.ts'
import { authorizeEnv } from './env.ts'
import { createAuthorizeHandler } from './handler.ts'

const env = readEnv(authorizeEnv, process.env)
const client = createDynamoDb()
const stores = {
  accounts: createAccountLookUp(client, env.TABLE_NAME),
  sessions: createNewSessions(client, env.TABLE_NAME),
}
const hasPasskeys = env.SECOND_FACTOR !== 'off'
const service = { ...serviceOf(env), hasPasskeys, hasSignUp: env.SIGN_UP_PAGE, hasForgot: env.FORGOT_PAGE }
const sso = wireSso(client, clock, env)

await stores.sessions.readEpoch('nobody').catch(() => undefined)

const fetchMetadata = wireFetchMetadata(env.CLIENT_METADATA_FUNCTION, { client, environment: process.env })
const readClient = createReadClientByUrl(wireDocuments({ client, clock, fetchMetadata }, env))
const flows = wireFlows({ client, stores, clock }, env)

const dependencies = {
  cookies: createCookies(env.ISSUER),
  ...wireClients(client, env.TABLE_NAME),
  ...flows,
  continueFlow: createContinueByUrl(flows.continueFlow, readClient),
  sso,
  endSso: createEndSso({ sso, sessions: stores.sessions }),
  readIdTokenHint: createReadIdTokenHint(env.ISSUER, importJwkSet(env.JWKS)),
  newBrowserToken: () => randomBytes(32).toString('base64url'),
  clock,
  targets: targetsOf(env),
  clientHosts: env.CLIENTS_BY_URL,
  scopes: env.SCOPES,
  reachable: hasPasskeys ? 'mfa' : 'pwd',
} as const

export const handler = pageEndpoint(
  createPages(service, (context) => createAuthorizeHandler({ ...dependencies, context })),
)
