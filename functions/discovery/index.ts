import { readFileSync } from 'node:fs'
import { readEnv } from '../adapters/environment/environment.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { toPayload2 } from '../http/api/rest-event.ts'
import { discoveryEnv } from './env.ts'
import { createDiscoveryHandler } from './handler.ts'
import { createLogoHandler } from './logo.ts'
import { createResourceHandler, isOfResource } from './protected-resource.ts'

const env = readEnv(discoveryEnv, process.env)

const readDocuments = endpoint(
  createDiscoveryHandler({
    issuer: env.ISSUER,
    jwks: JSON.parse(env.JWKS),
    scopes: env.SCOPES,
    hasPages: env.SIGN_IN_PAGES,
    hasClientsByUrl: env.CLIENTS_BY_URL.length > 0,
    hasFactors: env.SECOND_FACTOR !== 'off',
    resources: env.RESOURCES.map(({ url }) => url),
  }),
)

const readResource = endpoint(
  createResourceHandler({
    issuer: env.ISSUER,
    scopes: env.SCOPES,
    resources: env.RESOURCES,
    paths: env.RESOURCE_PATHS,
  }),
)

const type = env.LOGO_TYPE
const readLogo =
  type === null
    ? readDocuments
    : endpoint(createLogoHandler({ base64: readFileSync(new URL('logo', import.meta.url), 'base64'), type }))

/** API Gateway decodes the base64 of a picture. */
export const handler: typeof readDocuments = async (event, context) => {
  const { routeKey, requestContext, ...read } = toPayload2(event)
  // Which API asks: an event of a REST API says it elsewhere than one in payload 2.0.
  const { apiId } = event.requestContext
  if (isOfResource(routeKey))
    return readResource({ ...read, routeKey, requestContext: { ...requestContext, apiId } }, context)
  return routeKey === 'GET /logo'
    ? { ...(await readLogo(event, context)), isBase64Encoded: true }
    : readDocuments(event, context)
}
