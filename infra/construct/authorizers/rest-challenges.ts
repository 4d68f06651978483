import { CfnGatewayResponse, ResponseType, type RestApiBase } from 'aws-cdk-lib/aws-apigateway'
import { Lazy } from 'aws-cdk-lib/core'

/** The header of 401 is the same for a missing token and a bad one, which API Gateway does not tell apart: no error. */
const challenges = [
  { id: 'Unauthorized', type: ResponseType.UNAUTHORIZED, statusCode: '401', challenge: 'Bearer' },
  {
    id: 'AccessDenied',
    type: ResponseType.ACCESS_DENIED,
    statusCode: '403',
    challenge: 'Bearer error="insufficient_scope"',
  },
] as const

/** What a REST API says of the resource that it is: where its metadata is, and which scopes its route asks for. */
type NamedResource = { readonly metadataUrl: string; readonly scopes?: readonly string[] }

const named = new WeakMap<RestApiBase, NamedResource>()

/**
 * Has the challenges of a REST API name a protected resource (RFC 9728 section 5.1).
 * @throws Error for a second one: an API has one response of each type for all its paths.
 */
export function nameResource(api: RestApiBase, resource: NamedResource): void {
  if (named.has(api))
    throw new Error(
      `${api.node.path}: a REST API has one protected resource, because its refusals name one for all paths.`,
    )
  named.set(api, resource)
  addChallenges(api)
}

function challengeOf(api: RestApiBase, challenge: string): string {
  const resource = named.get(api)
  if (!resource) return `'${challenge}'`
  const { metadataUrl, scopes = [] } = resource
  const scope = scopes.length > 0 ? [`scope="${scopes.join(' ')}"`] : []
  const members = [...scope, `resource_metadata="${metadataUrl}"`].join(', ')
  return `'${challenge}${challenge.includes(' ') ? ',' : ''} ${members}'`
}

/**
 * Has a REST API say in `WWW-Authenticate` why it refuses (RFC 6750 section 3). Pages of other origins may read that where
 * the API answers preflights. An API takes one response of each type.
 */
export function addChallenges(api: RestApiBase): void {
  if (api.node.tryFindChild(challenges[0].id)) return
  const cors = corsHeaders(api)
  for (const { id, type, statusCode, challenge } of challenges) {
    const header = Lazy.string({ produce: () => challengeOf(api, challenge) })
    api.addGatewayResponse(id, { type, statusCode, responseHeaders: { 'WWW-Authenticate': header, ...cors } })
  }
  api.node.addValidation({ validate: () => challenges.flatMap(({ type }) => duplicateOf(api, type.responseType)) })
}

// A response is the same for every caller, so it can name one origin or all. It holds nothing that is secret.
function corsHeaders(api: RestApiBase): Readonly<Record<string, string>> {
  const { allowOrigins } = api.root.defaultCorsPreflightOptions ?? {}
  if (!allowOrigins) return {}
  const [origin = '*', ...more] = allowOrigins
  return {
    'Access-Control-Allow-Origin': `'${more.length > 0 ? '*' : origin}'`,
    'Access-Control-Expose-Headers': "'WWW-Authenticate'",
  }
}

function duplicateOf(api: RestApiBase, type: string): string[] {
  const responses = api.node.root.node.findAll().filter((node) => node instanceof CfnGatewayResponse)
  const ofType = responses.filter(({ restApiId, responseType }) => restApiId === api.restApiId && responseType === type)
  return ofType.length > 1
    ? [
        `A REST API takes one response for ${type}: leave yours out, because addRestChallenges adds one with CORS headers.`,
      ]
    : []
}
