import { readEnv } from '../adapters/environment/environment.ts'
import { readRouteScopes } from '../domain/scopes/read-route-scopes.ts'
import { createAccessTokenVerifier } from '../domain/tokens/access-token.ts'
import { encodePart } from '../domain/tokens/jws.ts'
import { importJwkSet } from '../domain/tokens/verification-keys.ts'
import { createAuthorizer } from '../http/authorizer/authorizer.ts'
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
