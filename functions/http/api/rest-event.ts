import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda'

/**
 * A request in payload 2.0, whichever payload it came in: a REST API, and an HTTP API integration that asks for it, send
 * payload 1.0. A Lambda authorizer's context is in the same place afterwards.
 */
export function toPayload2(event: APIGatewayProxyEvent | APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  return 'httpMethod' in event ? fromPayload1(event) : event
}

function fromPayload1(event: APIGatewayProxyEvent): APIGatewayProxyEventV2 {
  const { httpMethod: method, path, resource, requestContext, pathParameters, body } = event
  const { identity, requestId, requestTimeEpoch, authorizer } = requestContext
  // Beside the context of a Lambda authorizer, `claims` and `scopes` are those of API Gateway's own authorizers.
  const { claims, scopes: _, ...lambda } = authorizer ?? {}
  const context = {
    requestId,
    timeEpoch: requestTimeEpoch,
    http: { method, path, sourceIp: identity.sourceIp },
    ...(authorizer && { authorizer: claims ? { jwt: { claims } } : { lambda } }),
  }
  return {
    version: '2.0',
    routeKey: `${method} ${resource}`,
    headers: lowerCased(event.headers ?? {}),
    isBase64Encoded: event.isBase64Encoded,
    requestContext: context,
    ...(pathParameters && { pathParameters }),
    ...(body !== null && { body }),
  } as APIGatewayProxyEventV2
}

const lowerCased = (headers: APIGatewayProxyEvent['headers']) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
