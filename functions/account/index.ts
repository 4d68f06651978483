import { createAccountLookUp } from '../adapters/dynamodb/accounts/account-look-up.ts'
import { createDynamoDbConsents } from '../adapters/dynamodb/oauth/consents.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions/sessions.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createOwnApps } from '../domain/oauth/own-apps.ts'
import { asBrowser, createOwnSessions } from '../domain/sessions/own-sessions.ts'
import { createCookies } from '../http/pages/cookies.ts'
import { pageEndpoint } from '../http/pages/page-endpoint.ts'
import { createPages } from '../http/pages/pages.ts'
import { serviceOf } from '../http/pages/service.ts'
import { clock } from '../wiring/clock.ts'
import { wireNamedClients } from '../wiring/oauth/clients.ts'
import { sessionLimits } from '../wiring/settings.ts'
import { wireOwnPages } from '../wiring/sign-in/own-pages.ts'
import { accountEnv } from './env.ts'
import { createAccountHandler } from './handler.ts'

const env = readEnv(accountEnv, process.env)
const client = createDynamoDb()
const stores = {
  accounts: createAccountLookUp(client, env.TABLE_NAME),
  sessions: createDynamoDbSessions(client, env.TABLE_NAME),
}
const { findClient } = wireNamedClients(client, env.TABLE_NAME)
const consents = createDynamoDbConsents(client, env.TABLE_NAME)
const service = { ...serviceOf(env), pages: env.ACCOUNT_PAGES }

await stores.sessions.readEpoch('nobody').catch(() => undefined)

const dependencies = {
  cookies: createCookies(env.ISSUER),
  ...wireOwnPages({ client, stores, clock }, env),
  ownSessions: createOwnSessions({ ...stores, clock, limits: sessionLimits(env), mayAsk: asBrowser }),
  ownApps: createOwnApps({ ...stores, consents, findClient }),
  findClient,
}

export const handler = pageEndpoint(
  createPages(service, (context) => createAccountHandler({ ...dependencies, context })),
)
