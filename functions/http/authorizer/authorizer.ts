import { fail, type Result } from '../../domain/result.ts'
import { type RouteScopes, scopesOf } from '../../domain/scopes/route-scopes.ts'
import type { AccessTokenClaims } from '../../domain/tokens/access-token.ts'
import { logLine, type WriteLine } from '../log.ts'
import { type AuthorizerRequest, readAuthorizerRequest } from './authorizer-request.ts'
import { type AuthorizerAnswer, allow, deny } from './authorizer-response.ts'

/** `queryToken` is whether a WebSocket's token may stand in the query. */
export type AuthorizerRules = { readonly routeScopes: RouteScopes; readonly queryToken: boolean }

type Verdict = Result<AccessTokenClaims, { readonly reason: string }>

/** Tells a good token from a bad one; an outage is an exception, and nobody is let in. */
type Verify = (token: string) => Promise<Verdict>

/**
 * API Gateway's question before every protected route: may this request in? Every kind of API gets the form of answer
 * that it takes. What is refused is a denial; a fault of ours is an exception, which never lets anyone in.
 */
export function createAuthorizer(verify: Verify, rules: AuthorizerRules, write: WriteLine, now: () => number) {
  return async (event: unknown): Promise<AuthorizerAnswer> => {
    const request = readAuthorizerRequest(event, rules.queryToken)
    const verdict = await judge(request, verify, rules.routeScopes)
    if (verdict.ok) {
      write(logLine(now(), { ...admission(verdict.value), ...originOf(request) }))
      return allow(verdict.value, request.everyRoute)
    }

    const status = statusOf(request, verdict.failure.reason)
    write(logLine(now(), { ...refusal(verdict.failure.reason, status), ...originOf(request) }))
    // Of this one message API Gateway makes 401, of any other 500.
    if (status === 401) throw new Error('Unauthorized')
    return deny(request.everyRoute)
  }
}

async function judge(request: AuthorizerRequest, verify: Verify, routeScopes: RouteScopes): Promise<Verdict> {
  if (request.api === 'unknown') return fail({ reason: 'unknown_event' })
  if (request.token === undefined) return fail({ reason: 'no_token' })
  const verdict = await verify(request.token)
  if (!verdict.ok) return verdict
  const required = scopesOf(routeScopes, request)
  if (!required) return fail({ reason: 'unlisted_route' })
  const granted = verdict.value.scope?.split(' ') ?? []
  return required.every((scope) => granted.includes(scope)) ? verdict : fail({ reason: 'insufficient_scope' })
}

// RFC 6750 section 3.1 asks for 401 where the token is at fault, and for 403 where its scope is. AWS documents how a
// Lambda authorizer says 401 for REST and WebSocket APIs; an HTTP API makes 403 of every refusal.
const statusOf = ({ api }: AuthorizerRequest, reason: string): 401 | 403 =>
  (api === 'rest' || api === 'websocket') && !['insufficient_scope', 'unlisted_route'].includes(reason) ? 401 : 403

const admission = ({ sub, client_id }: AccessTokenClaims) =>
  ({ event: 'authz_success', outcome: 'success', sub, client_id }) as const

const refusal = (reason: string, status: 401 | 403) =>
  ({ event: 'authz_fail', outcome: 'failure', reason, status }) as const

const originOf = ({ requestId, sourceIp, routeKeys }: AuthorizerRequest): object => ({
  request_id: requestId,
  source_ip: sourceIp,
  route: routeKeys[0],
})
