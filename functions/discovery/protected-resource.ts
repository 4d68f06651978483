import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { findResourceAt, type ResourcePaths, resourceMetadata } from '../domain/oauth/resource-metadata.ts'
import type { Resource } from '../domain/scopes/resources.ts'
import type { Handler } from '../http/api/endpoint.ts'

type ResourceRules = {
  readonly issuer: string
  readonly scopes: readonly string[]
  readonly resources: readonly Resource[]
  readonly paths: ResourcePaths
}

const route = 'GET /.well-known/oauth-protected-resource'

/** Whether a route is that of a protected resource's metadata. */
export const isOfResource = (routeKey: string): boolean => routeKey === route || routeKey.startsWith(`${route}/`)

/** GET /.well-known/oauth-protected-resource and below (RFC 9728 section 3): whose tokens an API takes. */
export function createResourceHandler(rules: ResourceRules): Handler {
  return async (event) => {
    const path = pathOf(event)
    const resource = findResourceAt({ apiId: event.requestContext.apiId, path }, rules)
    if (!resource) return { status: 404, body: { message: 'Not Found' }, audit: { ...read, outcome: 'failure' } }

    return {
      status: 200,
      body: resourceMetadata(resource, rules),
      // Agents in browsers read it too. It is the same for everyone.
      headers: { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' },
      audit: { ...read, outcome: 'success' },
    }
  }
}

const read = { event: 'discovery_read' } as const

/** By the route's key, because the path of an event may contain the name of a stage. */
function pathOf({ routeKey, pathParameters }: APIGatewayProxyEventV2): string {
  const rest = routeKey.slice(route.length)
  return rest === '/{path+}' ? `/${pathParameters?.['path'] ?? ''}` : rest || '/'
}
