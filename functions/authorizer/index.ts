import { readEnv } from '../adapters/environment/environment.ts'
import { createAuthorizer } from '../http/authorizer/authorizer.ts'
import { openOutput, warmUp } from '../http/authorizer/warm-up.ts'
import { writeLine } from '../http/log.ts'
import { seconds } from '../wiring/clock.ts'
import { createVerification } from '../wiring/verification.ts'
import { authorizerEnv } from './env.ts'

const env = readEnv(authorizerEnv, process.env)
const { verify, badToken } = createVerification(env, seconds)
const rules = { routeRules: env.ROUTE_RULES, queryToken: env.WEBSOCKET_QUERY_TOKEN }

export const handler = createAuthorizer(verify, rules, writeLine, Date.now)

await warmUp(createAuthorizer(verify, rules, openOutput, Date.now), badToken)
