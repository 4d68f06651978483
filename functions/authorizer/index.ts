import { readEnv } from '../adapters/env.ts'
import { importJwkSet } from '../adapters/jwk-set.ts'
import { readRouteScopes } from '../adapters/route-scopes.ts'
import { createAccessTokenVerifier } from '../domain/access-token.ts'
import { encodePart } from '../domain/compact-jws.ts'
import { createAuthorizer } from '../http/authorizer.ts'
import { writeLine } from '../http/log.ts'
import { authorizerEnv } from './env.ts'

const env = readEnv(authorizerEnv, process.env)
const keys = await importJwkSet(env.JWKS)
const tokenRules = { issuer: env.ISSUER, audience: env.AUDIENCE, keys }
const verify = createAccessTokenVerifier(tokenRules, () => Math.floor(Date.now() / 1000))
const rules = { routeScopes: readRouteScopes(env.ROUTE_SCOPES), queryToken: env.WEBSOCKET_QUERY_TOKEN }

export const handler = createAuthorizer(verify, rules, writeLine, Date.now)

// WebCrypto and standard output open lazily. At load a function has a full CPU, in its first call a fraction of one; so
// a throw-away token whose signature cannot be right is asked about here, and the first caller does not wait.
const [kid] = keys.keys()
const token = `${encodePart({ alg: 'RS256', typ: 'at+jwt', kid })}.${encodePart({})}.${'A'.repeat(342)}`
const rehearse = createAuthorizer(verify, rules, () => process.stdout.write(''), Date.now)
await rehearse({ version: '2.0', type: 'REQUEST', headers: { authorization: `Bearer ${token}` } })
