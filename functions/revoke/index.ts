import { createDynamoDb } from '../adapters/dynamodb/client.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createRevoke } from '../domain/sessions/revoke.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { revokeEnv } from './env.ts'
import { createRevokeHandler } from './handler.ts'

const env = readEnv(revokeEnv, process.env)

export const handler = endpoint(
  createRevokeHandler(createRevoke(createDynamoDbSessions(createDynamoDb(), env.TABLE_NAME))),
)
