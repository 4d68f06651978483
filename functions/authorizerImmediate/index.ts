import { createDynamoDb } from '../adapters/dynamodb.ts'
import { createSessionLookUp } from '../adapters/dynamodb-session-look-up.ts'
import { readEnv } from '../adapters/env.ts'
import { importJwkSet } from '../adapters/jwk-set.ts'
import { readRouteScopes } from '../adapters/route-scopes.ts'
import { createAccessTokenVerifier } from '../domain/access-token.ts'
import { encodePart } from '../domain/compact-jws.ts'
import { createLiveTokenVerifier } from '../domain/live-token.ts'
import { createAuthorizer } from '../http/authorizer.ts'
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
