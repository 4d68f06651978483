import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { SessionCaller } from '../../domain/sessions/live-session.ts'

/** The caller of a protected route, as the authorizer states it. */
export type Caller = { readonly sub: string; readonly client_id: string; readonly scope: string }

type Context = Partial<Caller & SessionCaller>

// Our authorizer's context, or the claims that API Gateway's JWT authorizer has verified.
type Authorized = {
  readonly authorizer?: { readonly lambda?: Context; readonly jwt?: { readonly claims: Context } }
}

const authorizerOf = (event: APIGatewayProxyEventV2) => (event.requestContext as Authorized).authorizer
const noAuthorizer = () => new Error('This route has no authorizer in front of it.')

/**
 * The caller, only from the authorizer's context, never from a header, the token or the body (REQ-76).
 * @throws Error without one: the route has no authorizer, which is a fault of ours.
 */
export function readCaller(event: APIGatewayProxyEventV2): Caller {
  const { sub, client_id, scope } = authorizerOf(event)?.lambda ?? authorizerOf(event)?.jwt?.claims ?? {}
  if (!sub || !client_id || scope === undefined) throw noAuthorizer()
  return { sub, client_id, scope }
}

/**
 * The caller's subject and session, only from our own authorizer's context (REQ-76).
 * @throws Error without one: the route has no authorizer, which is a fault of ours.
 */
export function readSessionCaller(event: APIGatewayProxyEventV2): SessionCaller {
  const { sub, sid } = authorizerOf(event)?.lambda ?? {}
  if (!sub || sid === undefined) throw noAuthorizer()
  return { sub, sid }
}
