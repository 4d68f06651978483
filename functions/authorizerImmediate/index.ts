import { createSessionLookUp } from '../adapters/dynamodb/sessions/session-look-up.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createVerifyLiveToken } from '../domain/sessions/live-token.ts'
import { createAuthorizer } from '../http/authorizer/authorizer.ts'
import { openOutput, warmUp } from '../http/authorizer/warm-up.ts'
import { writeLine } from '../http/log.ts'
import { seconds } from '../wiring/clock.ts'
import { createVerification } from '../wiring/verification.ts'
import { authorizerImmediateEnv } from './env.ts'

const env = readEnv(authorizerImmediateEnv, process.env)
const { verify, badToken } = createVerification(env, seconds)
const rules = { routeRules: env.ROUTE_RULES, queryToken: env.WEBSOCKET_QUERY_TOKEN }
const hasSession = createSessionLookUp(createDynamoDb(), env.TABLE_NAME)

export const handler = createAuthorizer(createVerifyLiveToken(verify, hasSession), rules, writeLine, Date.now)

// And one look at the table, which opens the connection.
await Promise.all([
  warmUp(createAuthorizer(verify, rules, openOutput, Date.now), badToken),
  hasSession('nobody', 'none').catch(() => undefined),
])
