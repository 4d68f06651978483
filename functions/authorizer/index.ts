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
const rules = { issuer: env.ISSUER, audience: env.AUDIENCE, keys }
const verify = createAccessTokenVerifier(rules, () => Math.floor(Date.now() / 1000))

// WebCrypto loads lazily. At load a function has a full CPU, in its first call a fraction of one; so a throw-away token
// with a signature that cannot be right is verified here, and the first caller does not wait.
const [kid] = keys.keys()
await verify(`${encodePart({ alg: 'RS256', typ: 'at+jwt', kid })}.${encodePart({})}.${'A'.repeat(342)}`)

export const handler = createAuthorizer(
  verify,
  { routeScopes: readRouteScopes(env.ROUTE_SCOPES), queryToken: env.WEBSOCKET_QUERY_TOKEN },
  writeLine,
  Date.now,
)
