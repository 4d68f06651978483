import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/** What an authorizer hands on. Copy this slice for a protected function of your own. */
export type Caller = { readonly sub: string; readonly client_id: string; readonly scope: string }

// Our authorizer's context, or the claims that API Gateway's own has verified.
type Authorized = {
  readonly authorizer?: { readonly lambda?: Partial<Caller>; readonly jwt?: { readonly claims: Partial<Caller> } }
}

/**
 * Who calls, from the authorizer's context alone, never from a header or the token (REQ-76).
 * @throws Error where there is none: then the route stands without its authorizer, which is a fault of ours.
 */
export function readCaller(event: APIGatewayProxyEventV2): Caller {
  const { authorizer } = event.requestContext as Authorized
  const { sub, client_id, scope } = authorizer?.lambda ?? authorizer?.jwt?.claims ?? {}
  if (!sub || !client_id || scope === undefined) throw new Error('This route has no authorizer in front of it.')
  return { sub, client_id, scope }
}
