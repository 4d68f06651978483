import { createAccountLookUp } from '../adapters/dynamodb/accounts/account-look-up.ts'
import { createDynamoDbSessions } from '../adapters/dynamodb/sessions/sessions.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createFindUserClaims } from '../domain/oauth/find-user-claims.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { clock, seconds } from '../wiring/clock.ts'
import { sessionLimits } from '../wiring/settings.ts'
import { createVerification } from '../wiring/verification.ts'
import { userinfoEnv } from './env.ts'
import { createUserinfoHandler } from './handler.ts'

const env = readEnv(userinfoEnv, process.env)
const client = createDynamoDb()

export const handler = endpoint(
  createUserinfoHandler({
    verify: createVerification(env, seconds).verify,
    findUserClaims: createFindUserClaims({
      sessions: createDynamoDbSessions(client, env.TABLE_NAME),
      accounts: createAccountLookUp(client, env.TABLE_NAME),
      clock,
      limits: sessionLimits(env),
    }),
  }),
)
