import { readEnv } from '../adapters/environment/environment.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { discoveryEnv } from './env.ts'
import { createDiscoveryHandler } from './handler.ts'

const env = readEnv(discoveryEnv, process.env)

export const handler = endpoint(
  createDiscoveryHandler({
    issuer: env.ISSUER,
    jwks: JSON.parse(env.JWKS),
    scopes: env.SCOPES,
    hasPages: env.SIGN_IN_PAGES,
    hasFactors: env.SECOND_FACTOR !== 'off',
  }),
)
