import { CfnGatewayResponse, ResponseType, type RestApiBase } from 'aws-cdk-lib/aws-apigateway'

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

/**
 * Has a REST API say in `WWW-Authenticate` why it refuses (RFC 6750 section 3). Pages of other origins may read that where
 * the API answers preflights. An API takes one response of each type.
 */
export function addChallenges(api: RestApiBase): void {
  if (api.node.tryFindChild(challenges[0].id)) return
  const cors = corsHeaders(api)
  for (const { id, type, statusCode, challenge } of challenges) {
    api.addGatewayResponse(id, { type, statusCode, responseHeaders: { 'WWW-Authenticate': `'${challenge}'`, ...cors } })
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
