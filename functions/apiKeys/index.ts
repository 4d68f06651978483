import { randomBytes } from 'node:crypto'
import { createAccountLookUp } from '../adapters/dynamodb/accounts/account-look-up.ts'
import { createDynamoDbApiKeys } from '../adapters/dynamodb/api-keys/api-keys.ts'
import { createHasFactor } from '../adapters/dynamodb/factors/factor-look-up.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions/sessions.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createCreateApiKey } from '../domain/clients/create-api-key.ts'
import { createFindLiveSession } from '../domain/sessions/live-session.ts'
import { createFindFreshOwner } from '../domain/sign-in/find-fresh-owner.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { clock, seconds } from '../wiring/clock.ts'
import { sessionLimits } from '../wiring/settings.ts'
import { createVerification } from '../wiring/verification.ts'
import { apiKeysEnv } from './env.ts'
import { createApiKeysHandler } from './handler.ts'

const env = readEnv(apiKeysEnv, process.env)
const client = createDynamoDb()
const apiKeys = createDynamoDbApiKeys(client, env.TABLE_NAME)
const sessions = createDynamoDbSessions(client, env.TABLE_NAME)

export const handler = endpoint(
  createApiKeysHandler({
    verify: createVerification(env, seconds).verify,
    findFreshOwner: createFindFreshOwner({
      findLive: createFindLiveSession({ sessions, clock, limits: sessionLimits(env) }),
      accounts: createAccountLookUp(client, env.TABLE_NAME),
      hasFactor: createHasFactor(client, env.TABLE_NAME),
      clock,
    }),
    createApiKey: createCreateApiKey({ apiKeys, randomBytes, clock, scopes: env.SCOPES }),
    apiKeys,
  }),
)
