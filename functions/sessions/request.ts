import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/** What is asked, and by whom: `sub` and `sid` as our authorizer hands them on. */
export type SessionsRequest = {
  readonly sub: string
  readonly sid: string
} & ({ readonly kind: 'list' } | { readonly kind: 'end'; readonly id: string } | { readonly kind: 'end_all' })

type Authorized = { readonly authorizer?: { readonly lambda?: { readonly sub?: string; readonly sid?: string } } }

/**
 * Who calls comes from the authorizer's context alone, never from a header or the token (REQ-76).
 * @throws Error for a route that was wired here by mistake, or without its authorizer: a fault of ours.
 */
export function readSessionsRequest(event: APIGatewayProxyEventV2): SessionsRequest {
  const { authorizer } = event.requestContext as Authorized
  const { sub, sid } = authorizer?.lambda ?? {}
  if (!sub || sid === undefined) throw new Error('This route has no authorizer in front of it.')
  switch (event.routeKey) {
    case 'GET /sessions':
      return { kind: 'list', sub, sid }
    case 'DELETE /sessions':
      return { kind: 'end_all', sub, sid }
    case 'DELETE /sessions/{id}':
      return { kind: 'end', sub, sid, id: event.pathParameters?.['id'] ?? '' }
    default:
      throw new Error(`Nothing is done here at the route ${event.routeKey}.`)
  }
}
