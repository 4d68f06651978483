import { createEndKeySession } from '../adapters/dynamodb/api-keys/end-key-session.ts'
import { createEndMachineSession } from '../adapters/dynamodb/sessions/machine-session.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions/sessions.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createRevoke } from '../domain/sessions/revoke.ts'
import { createVerifyAtAnyTime } from '../domain/tokens/access-token.ts'
import { importJwkSet } from '../domain/tokens/verification-keys.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { clock } from '../wiring/clock.ts'
import { wireClientAuthentication } from '../wiring/oauth/client-authentication.ts'
import { revokeEnv } from './env.ts'
import { createRevokeHandler } from './handler.ts'

const env = readEnv(revokeEnv, process.env)
const client = createDynamoDb()
const sessions = createDynamoDbSessions(client, env.TABLE_NAME)
const audiences = [env.AUDIENCE, ...env.RESOURCES.map(({ url }) => url)]
const rules = { issuer: env.ISSUER, audiences, keys: importJwkSet(env.JWKS) }

export const handler = endpoint(
  createRevokeHandler({
    revoke: createRevoke({
      sessions,
      endMachineSession: createEndMachineSession(client, env.TABLE_NAME),
      endKeySession: createEndKeySession(client, env.TABLE_NAME),
      clients: env.CLIENTS,
      verifyAtAnyTime: createVerifyAtAnyTime(rules),
    }),
    ...wireClientAuthentication({ client, clock }, env),
    readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
    clients: env.CLIENTS,
  }),
)
