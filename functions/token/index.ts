import { createAccountLookUp } from '../adapters/dynamodb/accounts/account-look-up.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions/sessions.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createFindAnyKeys } from '../domain/clients/clients-by-url.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { wireClaims } from '../wiring/claims.ts'
import { clock } from '../wiring/clock.ts'
import { wireNotify } from '../wiring/mail.ts'
import { wireClientAuthentication } from '../wiring/oauth/client-authentication.ts'
import { wireDocuments, wireFetchMetadata } from '../wiring/oauth/client-documents.ts'
import { wireGrantMachine } from '../wiring/oauth/grant-machine.ts'
import { wireRedeemCode } from '../wiring/oauth/redeem-code.ts'
import { wireRefresh } from '../wiring/refresh.ts'
import { wireSso } from '../wiring/sign-in/sso.ts'
import { createSigning } from '../wiring/signing.ts'
import { tokenEnv } from './env.ts'
import { createTokenHandler } from './handler.ts'

const env = readEnv(tokenEnv, process.env)
const client = createDynamoDb()
const stores = {
  accounts: createAccountLookUp(client, env.TABLE_NAME),
  sessions: createDynamoDbSessions(client, env.TABLE_NAME),
}
const { issueAccessToken, signer, warmUp } = createSigning(env, clock)
const aws = { client, environment: process.env }
const fetchMetadata = wireFetchMetadata(env.CLIENT_METADATA_FUNCTION, aws)
const findKeys = createFindAnyKeys(wireDocuments({ client, clock, fetchMetadata }, env))
const clients = wireClientAuthentication({ client, clock, findKeys }, env)
const issuing = { issueAccessToken, signer, askClaims: wireClaims(aws, env) }
const parts = { client, stores, ...issuing, ...clients, sso: wireSso(client, clock, env), clock }

const openTable = stores.sessions.readEpoch('nobody').catch(() => undefined)
await Promise.all([openTable, warmUp()])

export const handler = endpoint(
  createTokenHandler({
    refresh: wireRefresh(parts, env),
    redeemCode: wireRedeemCode(parts, env),
    grantMachine: wireGrantMachine(parts, env),
    authenticateClient: clients.authenticateClient,
    notify: wireNotify(env.MAIL_FUNCTION, aws),
    readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
    clock,
    clients: env.CLIENTS,
    lifetime: env.ACCESS_TOKEN_LIFETIME,
  }),
)
