import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { FindClient } from '../domain/clients/client.ts'
import { isRegistered } from '../domain/clients/redirect-uri.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import type { EndSso } from '../domain/sessions/end-sso.ts'
import type { SsoSession, SsoSessions } from '../domain/sessions/sso-session.ts'
import type { ReadIdTokenHint } from '../domain/tokens/id-token.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import type { Cookies } from '../http/pages/cookies.ts'
import { crossSitePage } from '../http/pages/error-page.ts'
import { type PageContext, pageResponse, redirect } from '../http/pages/page.ts'
import { markup } from '../http/pages/parts/html.ts'
import { rawQueryOf, readRequestParameters } from '../http/pages/query.ts'
import { isSameOrigin } from '../http/pages/same-origin.ts'

export type LogOutDependencies = {
  readonly context: PageContext & { readonly issuer: string }
  readonly cookies: Cookies
  readonly sso: Pick<SsoSessions, 'findToEnd'>
  readonly endSso: EndSso
  readonly findClient: FindClient
  readonly readIdTokenHint: ReadIdTokenHint
}

/**
 * GET /logout (RP-Initiated Logout 1.0): ends the browser's session at once where an ID token says that its client had part in
 * it; anybody else's link is asked about, and so is one that leads to an address that the client has not registered. Only with
 * such a token the browser goes back to the client.
 */
export function createLogOut(dependencies: LogOutDependencies): { readonly ask: Handler; readonly confirm: Handler } {
  const { context, cookies, sso, endSso } = dependencies
  return {
    ask: async (event) => {
      const session = await sso.findToEnd(cookies.read(event, 'sso'))
      const request = await readRequest(event, dependencies)
      if (session && !isAbout(request, session)) return askPage(context, request)

      if (session) await endSso(session)
      const location = request.ok ? request.value.location : undefined
      const cleared = [cookies.clear('sso')]
      return location === undefined
        ? signedOutPage(context, cleared, loggedOut(session))
        : redirect(location, loggedOut(session), cleared)
    },
    confirm: async (event) => {
      const failed = { event: 'session_logout', outcome: 'failure', reason: 'cross_site' } as const
      if (!isSameOrigin(event, context.issuer)) return crossSitePage(context, failed)

      const session = await sso.findToEnd(cookies.read(event, 'sso'))
      if (session) await endSso(session)

      return signedOutPage(context, [cookies.clear('sso')], loggedOut(session))
    },
  }
}

type LogOutRequest = { readonly sub: string; readonly location: string | undefined }

type LogOutFailure = { readonly reason: 'no_valid_hint' | 'unregistered_redirect_uri' }

/** What a client asks for: that of an ID token that is ours, and back to no address but one of its own. */
async function readRequest(
  event: APIGatewayProxyEventV2,
  { findClient, readIdTokenHint }: LogOutDependencies,
): Promise<Result<LogOutRequest, LogOutFailure>> {
  const { values, repeated } = readRequestParameters(rawQueryOf(event)) ?? { values: new Map(), repeated: new Set() }
  const hint = repeated.size === 0 ? readIdTokenHint(values.get('id_token_hint') ?? '') : undefined
  if (!hint || (values.has('client_id') && values.get('client_id') !== hint.clientId))
    return fail({ reason: 'no_valid_hint' })
  const uri = values.get('post_logout_redirect_uri')
  if (uri === undefined) return succeed({ sub: hint.sub, location: undefined })
  const client = await findClient(hint.clientId)
  return client && isRegistered(client.postLogoutRedirectUris, uri)
    ? succeed({ sub: hint.sub, location: withState(uri, values.get('state')) })
    : fail({ reason: 'unregistered_redirect_uri' })
}

const isAbout = (request: Result<LogOutRequest, LogOutFailure>, { sub }: SsoSession): boolean =>
  request.ok && request.value.sub === sub

const withState = (uri: string, state: string | undefined): string =>
  state === undefined ? uri : `${uri}${uri.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}`

const loggedOut = (session: SsoSession | undefined): Audit => ({
  event: 'session_logout',
  outcome: 'success',
  ...(session ? { sub: session.sub } : { reason: 'unknown_session' }),
})

function askPage(context: PageContext, request: Result<LogOutRequest, LogOutFailure>): ApiResponse {
  const { signOut: title, signOutText, badRedirect } = context.texts
  const isMisled = !request.ok && request.failure.reason === 'unregistered_redirect_uri'
  const body = markup`<p>${signOutText}</p>${isMisled ? markup`<p class="soft">${badRedirect}</p>` : ''}
<form method="post" action="/logout/confirm"><button>${title}</button></form>`
  const reason = isMisled ? request.failure.reason : 'asked'
  return pageResponse(context, { title, body }, { audit: { event: 'session_logout', outcome: 'success', reason } })
}

function signedOutPage(context: PageContext, cookies: readonly string[], audit: Audit): ApiResponse {
  const { signedOut: title, signedOutText } = context.texts
  return pageResponse(context, { title, body: markup`<p>${signedOutText}</p>` }, { cookies, audit })
}
