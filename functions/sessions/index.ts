import { createDynamoDbSessions } from '../adapters/dynamodb/sessions/sessions.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { asClient, createOwnSessions } from '../domain/sessions/own-sessions.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { clock } from '../wiring/clock.ts'
import { sessionLimits } from '../wiring/settings.ts'
import { sessionsEnv } from './env.ts'
import { createSessionsHandler } from './handler.ts'

const env = readEnv(sessionsEnv, process.env)
const sessions = createDynamoDbSessions(createDynamoDb(), env.TABLE_NAME)
const limits = sessionLimits(env)

export const handler = endpoint(
  createSessionsHandler({ ownSessions: createOwnSessions({ mayAsk: asClient, sessions, clock, limits }), limits }),
)
