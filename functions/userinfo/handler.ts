import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { FindUserClaims, UserClaimsFailure } from '../domain/oauth/find-user-claims.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import type { AccessTokenFailure, VerifyAccessToken } from '../domain/tokens/access-token.ts'
import { insufficientScope, invalidToken, noToken } from '../http/api/bearer-error.ts'
import { isOfType } from '../http/api/body.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { type OAuthError, oauthError, sessionEnded } from '../http/api/oauth-error.ts'
import { readParameters } from '../http/api/parameters.ts'
import type { Audit } from '../http/api/response.ts'
import { readBearerToken } from '../http/authorizer/bearer.ts'

type UserinfoDependencies = { readonly verify: VerifyAccessToken; readonly findUserClaims: FindUserClaims }

/** GET and POST /userinfo (OpenID Connect Core section 5.3): claims about the person of an access token. */
export function createUserinfoHandler({ verify, findUserClaims }: UserinfoDependencies): Handler {
  return async (event) => {
    const sent = readToken(event)
    if (!sent.ok) return oauthError(noToken, failed(sent.failure))
    const token = await verify(sent.value)
    if (!token.ok) return oauthError(invalidToken, failed(token.failure))

    const claims = await findUserClaims(token.value)
    const { sub, client_id } = token.value
    if (!claims.ok) return oauthError(errors[claims.failure.reason], { ...failed(claims.failure), sub, client_id })

    return { status: 200, body: claims.value, audit: { event: 'userinfo', outcome: 'success', sub, client_id } }
  }
}

/** By header, or by the form of a POST (RFC 6750 section 2.2); not by both. */
function readToken(event: APIGatewayProxyEventV2): Result<string, { readonly reason: 'no_token' | 'two_tokens' }> {
  const header = event.headers?.['authorization']
  const isForm = event.routeKey.startsWith('POST ') && isOfType(event, 'application/x-www-form-urlencoded')
  const parameters = isForm ? readParameters(event, ['access_token']) : undefined
  const form = parameters?.ok ? parameters.value.access_token : undefined
  if (header !== undefined && form !== undefined) return fail({ reason: 'two_tokens' })
  const token = form ?? readBearerToken(event.headers)
  return token === undefined ? fail({ reason: 'no_token' }) : succeed(token)
}

const errors: Readonly<Record<UserClaimsFailure['reason'], OAuthError>> = {
  insufficient_scope: insufficientScope('openid'),
  unknown_session: sessionEnded,
  session_ended: sessionEnded,
  session_expired: sessionEnded,
  user_gone: sessionEnded,
  user_disabled: sessionEnded,
}

const failed = ({ reason }: { readonly reason: string } | AccessTokenFailure): Audit => ({
  event: 'userinfo',
  outcome: 'failure',
  reason,
})
