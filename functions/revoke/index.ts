import { createDynamoDbSessions } from '../adapters/dynamodb/sessions/sessions.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createRevoke } from '../domain/sessions/revoke.ts'
import { createVerifyAtAnyTime } from '../domain/tokens/access-token.ts'
import { importJwkSet } from '../domain/tokens/verification-keys.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { revokeEnv } from './env.ts'
import { createRevokeHandler } from './handler.ts'

const env = readEnv(revokeEnv, process.env)
const sessions = createDynamoDbSessions(createDynamoDb(), env.TABLE_NAME)
const rules = { issuer: env.ISSUER, audience: env.AUDIENCE, keys: importJwkSet(env.JWKS) }

export const handler = endpoint(
  createRevokeHandler(createRevoke({ sessions, verifyAtAnyTime: createVerifyAtAnyTime(rules) })),
)
