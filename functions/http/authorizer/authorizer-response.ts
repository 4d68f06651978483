import type { AccessTokenClaims } from '../../domain/tokens/access-token.ts'

/** Who calls, in flat strings: what a protected function finds in its event's `requestContext.authorizer`. */
type AuthorizerContext = {
  readonly sub: string
  readonly client_id: string
  readonly scope: string
  readonly sid: string
  readonly jti: string
}

/** The simple answer of an HTTP API's authorizer, payload 2.0. */
type SimpleAnswer = { readonly isAuthorized: boolean; readonly context?: AuthorizerContext }

/** What REST, WebSocket and HTTP APIs of payload 1.0 take. */
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

/** Lets a request in; by a policy for `everyRoute` where there is one, for API Gateway keeps it and asks it again. */
export function allow(claims: AccessTokenClaims, everyRoute: string | undefined): AuthorizerAnswer {
  const { sub, client_id, jti, sid = '', scope = '' } = claims
  const context = { sub, client_id, scope, sid, jti }
  if (everyRoute === undefined) return { isAuthorized: true, context }
  return { ...policy('Allow', everyRoute, sub), context }
}

export const deny = (everyRoute: string | undefined): AuthorizerAnswer =>
  everyRoute === undefined ? { isAuthorized: false } : policy('Deny', everyRoute, 'nobody')

const policy = (Effect: 'Allow' | 'Deny', Resource: string, principalId: string): PolicyAnswer => ({
  principalId,
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
})
