import type { AuthorizationError, ResponseTarget } from '../../domain/oauth/authorization-request.ts'
import type { ApiResponse, Audit } from '../api/response.ts'
import { type PageContext, pageResponse, redirect } from './page.ts'
import { markup } from './parts/html.ts'

type Outcome = { readonly code: string } | AuthorizationError

// Without it the person presses the button.
const script = 'document.forms[0].submit()'

/**
 * The response to an authorization request, which goes through the browser to the client. It names its issuer, so that a
 * client of several servers knows whose code it has got (RFC 9207).
 */
export function authorizationResponse(
  context: PageContext & { readonly issuer: string },
  { redirectUri, responseMode, state }: ResponseTarget,
  outcome: Outcome,
  audit: Audit,
  cookies: readonly string[] = [],
): ApiResponse {
  const answer = 'code' in outcome ? { code: outcome.code } : errorMembers(outcome)
  const members = Object.entries({ ...answer, ...(state !== undefined && { state }), iss: context.issuer })
  if (responseMode === 'query') return redirect(withQuery(redirectUri, members), audit, cookies)
  const fields = members.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`)
  const body = markup`<p>${context.texts.noScript}</p>
<form method="post" action="${redirectUri}">${fields}<button>${context.texts.goOn}</button></form>`
  const page = { title: context.texts.goOn, body, script, endsAtClient: true }
  return pageResponse(context, page, { cookies, audit })
}

const errorMembers = ({ error, description }: AuthorizationError) => ({ error, error_description: description })

// The query that the redirect URI has is kept (RFC 6749 section 4.1.2).
const withQuery = (uri: string, members: readonly (readonly [string, string])[]): string => {
  const query = members.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  return `${uri}${uri.includes('?') ? '&' : '?'}${query}`
}
