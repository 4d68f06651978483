import type { APIGatewayProxyEventV2 } from 'aws-lambda'

export type Document = 'jwks' | 'metadata'

const documents: ReadonlyMap<string, Document> = new Map([
  ['GET /.well-known/jwks.json', 'jwks'],
  ['GET /.well-known/openid-configuration', 'metadata'],
  ['GET /.well-known/oauth-authorization-server', 'metadata'],
])

/**
 * The requested document, by the route's key and not by the path, which may contain the name of a stage.
 * @throws Error for a route that is wired to this function by mistake.
 */
export function readDocument({ routeKey }: APIGatewayProxyEventV2): Document {
  const document = documents.get(routeKey)
  if (!document) throw new Error(`Unhandled route ${routeKey}.`)
  return document
}
