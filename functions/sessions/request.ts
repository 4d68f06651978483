import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { SessionCaller } from '../domain/sessions/live-session.ts'
import { readSessionCaller } from '../http/api/caller.ts'

export type SessionsRequest = SessionCaller &
  ({ readonly kind: 'list' } | { readonly kind: 'end'; readonly id: string } | { readonly kind: 'end_all' })

/** @throws Error for a route that is wired to this function by mistake, or without its authorizer: a fault of ours. */
export function readSessionsRequest(event: APIGatewayProxyEventV2): SessionsRequest {
  const caller = readSessionCaller(event)
  switch (event.routeKey) {
    case 'GET /sessions':
      return { kind: 'list', ...caller }
    case 'DELETE /sessions':
      return { kind: 'end_all', ...caller }
    case 'DELETE /sessions/{id}':
      return { kind: 'end', ...caller, id: event.pathParameters?.['id'] ?? '' }
    default:
      throw new Error(`Unhandled route ${event.routeKey}.`)
  }
}
