import type { OAuthError } from './oauth-error.ts'

type Challenge = { readonly error: string; readonly description: string; readonly parameters?: string }

/** A challenge (RFC 6750 section 3), with the error in the body too: REST APIs rename the header. */
export const challenge = ({ error, description, parameters = '' }: Challenge): OAuthError => ({
  status: 401,
  error,
  description: `${description}.`,
  headers: { 'www-authenticate': `Bearer error="${error}", error_description="${description}"${parameters}` },
})

export const noToken: OAuthError = {
  status: 401,
  error: 'invalid_token',
  description: 'Send an access token, as Authorization: Bearer TOKEN.',
  headers: { 'www-authenticate': 'Bearer' },
}

export const invalidToken = challenge({
  error: 'invalid_token',
  description: 'The access token is invalid or has expired',
})

/** For a token without this scope (RFC 6750 section 3.1). */
export const insufficientScope = (scope: string): OAuthError => ({
  status: 403,
  error: 'insufficient_scope',
  description: `The access token lacks the scope ${scope}.`,
  headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
})

/** For a log-in that proved less than the account can prove by now (RFC 9470 section 3). */
export const factorNeeded = (): OAuthError =>
  challenge({
    error: 'insufficient_user_authentication',
    description: 'Log in again, with a second factor',
    parameters: ', acr_values="mfa"',
  })
