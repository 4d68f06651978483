import type { AccessTokenClaims } from '../domain/access-token.ts'
import { fail, type Result } from '../domain/result.ts'
import { type AuthorizerRequest, readAuthorizerRequest } from './authorizer-request.ts'
import { logLine, type WriteLine } from './log.ts'

/** Who calls, in flat strings: what a protected function finds in `requestContext.authorizer.lambda`. */
export type AuthorizerContext = {
  readonly sub: string
  readonly client_id: string
  readonly scope: string
  readonly sid: string
  readonly jti: string
}

/** The simple answer of an HTTP API's authorizer, payload 2.0. */
export type AuthorizerAnswer = { readonly isAuthorized: boolean; readonly context?: AuthorizerContext }

type Verdict = Result<AccessTokenClaims, { readonly reason: string }>

/** Tells a good token from a bad one; an outage is an exception, and nobody is let in. */
type Verify = (token: string) => Promise<Verdict>

/** API Gateway's question before every protected route: is this token good? A bad one is a denial, not an error. */
export function createAuthorizer(verify: Verify, write: WriteLine, now: () => number) {
  return async (event: unknown): Promise<AuthorizerAnswer> => {
    const request = readAuthorizerRequest(event)
    const verdict = await judge(request, verify)
    write(logLine(now(), { ...auditOf(verdict), ...originOf(request) }))
    return verdict.ok ? { isAuthorized: true, context: contextOf(verdict.value) } : { isAuthorized: false }
  }
}

async function judge({ kind, token }: AuthorizerRequest, verify: Verify): Promise<Verdict> {
  if (kind === 'unknown') return fail({ reason: 'unknown_event' })
  return token === undefined ? fail({ reason: 'no_token' }) : verify(token)
}

const contextOf = ({ sub, client_id, jti, sid = '', scope = '' }: AccessTokenClaims): AuthorizerContext => ({
  sub,
  client_id,
  scope,
  sid,
  jti,
})

const auditOf = (verdict: Verdict): object =>
  verdict.ok
    ? { event: 'authz_success', outcome: 'success', sub: verdict.value.sub, client_id: verdict.value.client_id }
    : { event: 'authz_fail', outcome: 'failure', reason: verdict.failure.reason }

const originOf = ({ requestId, sourceIp, route }: AuthorizerRequest): object => ({
  request_id: requestId,
  source_ip: sourceIp,
  route,
})
