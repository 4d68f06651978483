import { createDynamoDb } from '../adapters/dynamodb/client.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions.ts'
import { createDynamoDbUsers } from '../adapters/dynamodb/users.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createOwnSessions } from '../domain/sessions/own-sessions.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { sessionsEnv } from './env.ts'
import { createSessionsHandler } from './handler.ts'

const env = readEnv(sessionsEnv, process.env)
const table = createDynamoDb()
const limits = { idle: env.SESSION_IDLE_LIMIT, absolute: env.SESSION_LIMIT }

export const handler = endpoint(
  createSessionsHandler({
    ownSessions: createOwnSessions({
      sessions: createDynamoDbSessions(table, env.TABLE_NAME),
      users: createDynamoDbUsers(table, env.TABLE_NAME),
      clock: () => Date.now() / 1000,
      limits,
    }),
    limits,
  }),
)
