import type { AccessTokenClaims } from '../../domain/tokens/access-token.ts'

/**
 * The caller: what a protected function finds in its event's `requestContext.authorizer`. REST and WebSocket APIs make
 * strings of it and take no lists, so `amr` and `groups` are separated by spaces, and `claims`, those of the owner's hook, are
 * an object in JSON. A time that a token does not state is left out.
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
  readonly groups: string
  readonly claims: string
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
export function allow(token: AccessTokenClaims, policyResource: string | undefined): AuthorizerAnswer {
  const { sid = '', scope = '', acr = '', amr = [], groups = [], claims, ...rest } = token
  const texts = { amr: amr.join(' '), groups: groups.join(' '), claims: JSON.stringify(claims) }
  const context = { ...rest, scope, sid, acr, ...texts }
  if (policyResource === undefined) return { isAuthorized: true, context }
  return { ...policy('Allow', policyResource, rest.sub), context }
}

export const deny = (policyResource: string | undefined): AuthorizerAnswer =>
  policyResource === undefined ? { isAuthorized: false } : policy('Deny', policyResource, 'nobody')

const policy = (Effect: 'Allow' | 'Deny', Resource: string, principalId: string): PolicyAnswer => ({
  principalId,
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
})
