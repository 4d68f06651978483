import type { AccessTokenClaims } from '../../domain/tokens/access-token.ts'

/**
 * The caller: what a protected function finds in its event's `requestContext.authorizer`. REST and WebSocket APIs make
 * strings of it and take no lists, so `amr` is separated by spaces. A time that a token does not state is left out.
 */
type AuthorizerContext = {
  readonly sub: string
  readonly client_id: string
  readonly scope: string
  readonly sid: string
  readonly jti: string
  readonly auth_time: number | undefined
  readonly acr: string
  readonly amr: string
}

/** The simple answer of an HTTP API's authorizer, payload 2.0. */
type SimpleAnswer = { readonly isAuthorized: boolean; readonly context?: AuthorizerContext }

/** The answer for REST and WebSocket APIs, and for HTTP APIs with payload 1.0. */
type PolicyAnswer = {
  readonly principalId: string
  readonly policyDocument: {
    readonly Version: '2012-10-17'
    readonly Statement: readonly [
      { readonly Action: 'execute-api:Invoke'; readonly Effect: 'Allow' | 'Deny'; readonly Resource: string },
    ]
  }
  readonly context?: AuthorizerContext
}

export type AuthorizerAnswer = SimpleAnswer | PolicyAnswer

/** Allows a request; by a policy for `policyResource` where there is one, because API Gateway reuses it for other routes. */
export function allow(claims: AccessTokenClaims, policyResource: string | undefined): AuthorizerAnswer {
  const { sub, client_id, jti, sid = '', scope = '', auth_time, acr = '', amr = [] } = claims
  const context = { sub, client_id, scope, sid, jti, auth_time, acr, amr: amr.join(' ') }
  if (policyResource === undefined) return { isAuthorized: true, context }
  return { ...policy('Allow', policyResource, sub), context }
}

export const deny = (policyResource: string | undefined): AuthorizerAnswer =>
  policyResource === undefined ? { isAuthorized: false } : policy('Deny', policyResource, 'nobody')

const policy = (Effect: 'Allow' | 'Deny', Resource: string, principalId: string): PolicyAnswer => ({
  principalId,
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
})
