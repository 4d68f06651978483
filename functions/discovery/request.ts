import type { APIGatewayProxyEventV2 } from 'aws-lambda'

export type Document = 'jwks' | 'metadata'

const documents: ReadonlyMap<string, Document> = new Map([
  ['GET /.well-known/jwks.json', 'jwks'],
  ['GET /.well-known/openid-configuration', 'metadata'],
  ['GET /.well-known/oauth-authorization-server', 'metadata'],
])

/**
 * Which document is asked for. The route's key tells, not the path, which may carry a stage's name.
 * @throws Error for a route that was wired here by mistake.
 */
export function readDocument({ routeKey }: APIGatewayProxyEventV2): Document {
  const document = documents.get(routeKey)
  if (!document) throw new Error(`No document is served at the route ${routeKey}.`)
  return document
}
