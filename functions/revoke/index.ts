import { createDynamoDb } from '../adapters/dynamodb.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb-sessions.ts'
import { readEnv } from '../adapters/env.ts'
import { createRevoke } from '../domain/revoke.ts'
import { endpoint } from '../http/endpoint.ts'
import { revokeEnv } from './env.ts'
import { createRevokeHandler } from './handler.ts'

const env = readEnv(revokeEnv, process.env)

export const handler = endpoint(
  createRevokeHandler(createRevoke(createDynamoDbSessions(createDynamoDb(), env.TABLE_NAME))),
)
