import { createDynamoDbSessions } from '../adapters/dynamodb/sessions/sessions.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createRevoke } from '../domain/sessions/revoke.ts'
import { createVerifyAtAnyTime } from '../domain/tokens/access-token.ts'
import { importJwkSet } from '../domain/tokens/verification-keys.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { wireClients } from '../wiring/clients.ts'
import { revokeEnv } from './env.ts'
import { createRevokeHandler } from './handler.ts'

const env = readEnv(revokeEnv, process.env)
const client = createDynamoDb()
const sessions = createDynamoDbSessions(client, env.TABLE_NAME)
const rules = { issuer: env.ISSUER, audience: env.AUDIENCE, keys: importJwkSet(env.JWKS) }

export const handler = endpoint(
  createRevokeHandler({
    revoke: createRevoke({ sessions, clients: env.CLIENTS, verifyAtAnyTime: createVerifyAtAnyTime(rules) }),
    authenticateClient: wireClients(client, env.TABLE_NAME).authenticateClient,
    clients: env.CLIENTS,
  }),
)
