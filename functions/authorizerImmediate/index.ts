import { createDynamoDb } from '../adapters/dynamodb/client.ts'
import { createSessionLookUp } from '../adapters/dynamodb/session-look-up.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { readRouteScopes } from '../domain/scopes/read-route-scopes.ts'
import { createLiveTokenVerifier } from '../domain/sessions/live-token.ts'
import { createAccessTokenVerifier } from '../domain/tokens/access-token.ts'
import { encodePart } from '../domain/tokens/jws.ts'
import { importJwkSet } from '../domain/tokens/verification-keys.ts'
import { createAuthorizer } from '../http/authorizer/authorizer.ts'
import { writeLine } from '../http/log.ts'
import { authorizerImmediateEnv } from './env.ts'

const env = readEnv(authorizerImmediateEnv, process.env)
const keys = await importJwkSet(env.JWKS)
const tokenRules = { issuer: env.ISSUER, audience: env.AUDIENCE, keys }
const verify = createAccessTokenVerifier(tokenRules, () => Math.floor(Date.now() / 1000))
const rules = { routeScopes: readRouteScopes(env.ROUTE_SCOPES), queryToken: env.WEBSOCKET_QUERY_TOKEN }
const hasSession = createSessionLookUp(createDynamoDb(), env.TABLE_NAME)

export const handler = createAuthorizer(createLiveTokenVerifier(verify, hasSession), rules, writeLine, Date.now)

// As the authorizer does at load, and one look at the table, which opens the connection.
const [kid] = keys.keys()
const token = `${encodePart({ alg: 'RS256', typ: 'at+jwt', kid })}.${encodePart({})}.${'A'.repeat(342)}`
const rehearse = createAuthorizer(verify, rules, () => process.stdout.write(''), Date.now)
const rehearsal = rehearse({ version: '2.0', type: 'REQUEST', headers: { authorization: `Bearer ${token}` } })
await Promise.all([rehearsal, hasSession('nobody', 'none').catch(() => undefined)])
