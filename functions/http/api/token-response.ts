import { formatScope } from '../../domain/scopes/scope.ts'
import type { Tokens } from '../../domain/sessions/start-session.ts'
import type { Answer, Audit } from './response.ts'

/** Tokens as RFC 6749 section 5.1 hands them out; `lifetime` is the access token's, in seconds. */
export const tokenAnswer = ({ accessToken, refreshToken, scope }: Tokens, lifetime: number, audit: Audit): Answer => ({
  status: 200,
  body: {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: lifetime,
    refresh_token: refreshToken,
    scope: formatScope(scope),
  },
  audit,
})
