import { scopeText } from '../domain/scope.ts'
import type { Tokens } from '../domain/start-session.ts'
import type { Answer, Audit } from './answer.ts'

/** Tokens as RFC 6749 section 5.1 hands them out; `lifetime` is the access token's, in seconds. */
export const tokenAnswer = ({ accessToken, refreshToken, scope }: Tokens, lifetime: number, audit: Audit): Answer => ({
  status: 200,
  body: {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: lifetime,
    refresh_token: refreshToken,
    scope: scopeText(scope),
  },
  audit,
})
