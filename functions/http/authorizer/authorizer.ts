import { isAtLeast } from '../../domain/authentication.ts'
import { fail, type Result } from '../../domain/result.ts'
import { type RouteRule, type RouteRules, ruleOf } from '../../domain/scopes/route-rules.ts'
import type { AccessTokenClaims } from '../../domain/tokens/access-token.ts'
import { logLine, type WriteLine } from '../log.ts'
import { type AuthorizerRequest, readAuthorizerRequest } from './authorizer-request.ts'
import { type AuthorizerAnswer, allow, deny } from './authorizer-response.ts'

/** `queryToken` says whether a WebSocket's token may be in the query. */
export type AuthorizerRules = { readonly routeRules: RouteRules; readonly queryToken: boolean }

/** `status` 403: another token of the same log-in would be refused too. Without it the status is 401. */
type Refusal = { readonly reason: string; readonly status?: 403 }

type Verdict = Result<AccessTokenClaims, Refusal>

/** Verifies a token; an outage is an exception, which denies. */
type Verify = (token: string) => Promise<Verdict>

/**
 * Decides for API Gateway whether a request may reach a protected route, in the form that each kind of API expects. A
 * fault of ours is an exception, which never admits anyone.
 */
export function createAuthorizer(verify: Verify, rules: AuthorizerRules, write: WriteLine, now: () => number) {
  return async (event: unknown): Promise<AuthorizerAnswer> => {
    const request = readAuthorizerRequest(event, rules.queryToken)
    const verdict = await judge(request, verify, rules.routeRules, now() / 1000)
    if (verdict.ok) {
      const { sub, client_id } = verdict.value
      write(logLine(now(), { event: 'authz_success', outcome: 'success', sub, client_id, ...request.origin }))
      return allow(verdict.value, request.policyResource)
    }

    const { reason } = verdict.failure
    const status = statusOf(request, verdict.failure)
    write(logLine(now(), { event: 'authz_fail', outcome: 'failure', reason, status, ...request.origin }))
    // API Gateway turns this message into 401, any other into 500.
    if (status === 401) throw new Error('Unauthorized')
    return deny(request.policyResource)
  }
}

const refuse = (reason: string): Verdict => fail({ reason })
const forbid = (reason: string): Verdict => fail({ reason, status: 403 })

async function judge(
  request: AuthorizerRequest,
  verify: Verify,
  routeRules: RouteRules,
  now: number,
): Promise<Verdict> {
  if (request.api === 'unknown') return refuse('unknown_event')
  if (request.token === undefined) return refuse('no_token')
  const verdict = await verify(request.token)
  if (!verdict.ok) return verdict
  const rule = ruleOf(routeRules, request)
  if (!rule) return forbid('unlisted_route')
  const { scope = '', groups = [] } = verdict.value
  const granted = scope.split(' ')
  if (!rule.scopes.every((each) => granted.includes(each))) return forbid('insufficient_scope')
  if (rule.groups && !groups.some((each) => rule.groups?.includes(each))) return forbid('not_in_group')
  return isProved(verdict.value, rule, now) ? verdict : refuse('insufficient_user_authentication')
}

/** Whether the log-in is recent and strong enough for a route (RFC 9470). A machine never logged in. */
const isProved = ({ auth_time = -Infinity, acr }: AccessTokenClaims, rule: RouteRule, now: number): boolean =>
  now - auth_time <= (rule.maxAge ?? Infinity) && (!rule.acr || isAtLeast(rule.acr, acr))

// RFC 6750 section 3.1 asks for 401 for a bad token and 403 for insufficient scope, RFC 9470 section 3 for 401 where the
// log-in is too old or too weak. A Lambda authorizer can answer 401 for REST and WebSocket APIs, as AWS documents; an HTTP
// API turns every refusal into 403.
const statusOf = ({ api }: AuthorizerRequest, { status }: Refusal): 401 | 403 =>
  api === 'rest' || api === 'websocket' ? (status ?? 401) : 403
