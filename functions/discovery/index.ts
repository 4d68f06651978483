import { readFileSync } from 'node:fs'
import { readEnv } from '../adapters/environment/environment.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { discoveryEnv } from './env.ts'
import { createDiscoveryHandler } from './handler.ts'
import { createLogoHandler } from './logo.ts'

const env = readEnv(discoveryEnv, process.env)

const readDocuments = endpoint(
  createDiscoveryHandler({
    issuer: env.ISSUER,
    jwks: JSON.parse(env.JWKS),
    scopes: env.SCOPES,
    hasPages: env.SIGN_IN_PAGES,
    hasClientsByUrl: env.CLIENTS_BY_URL.length > 0,
    hasFactors: env.SECOND_FACTOR !== 'off',
  }),
)

const type = env.LOGO_TYPE
const readLogo =
  type === null
    ? readDocuments
    : endpoint(createLogoHandler({ base64: readFileSync(new URL('logo', import.meta.url), 'base64'), type }))

/** API Gateway decodes the base64 of a picture. */
export const handler: typeof readDocuments = async (event, context) =>
  'routeKey' in event && event.routeKey === 'GET /logo'
    ? { ...(await readLogo(event, context)), isBase64Encoded: true }
    : readDocuments(event, context)
