import type { ApiResponse, Audit } from '../api/response.ts'
import { type PageContext, pageResponse } from './page.ts'
import { markup } from './parts/html.ts'
import { nameOfResource } from './parts/resource-name.ts'
import { describeScope } from './parts/scope-text.ts'
import { isolated, withNames } from './parts/with-names.ts'

export type Consent = {
  readonly flow: string
  /** The name of what is shown. */
  readonly consent: string
  readonly client: string
  /** Of a client by URL: who says all this of it. */
  readonly clientHost: string | undefined
  readonly username: string
  readonly scope: readonly string[]
  /** What the tokens are for, if not the API of the service. */
  readonly resource: string | undefined
  readonly redirectUri: string
  /** Whether any program on the machine could say that it is this client. */
  readonly canBeImpersonated: boolean
}

/**
 * The page that asks whether a client may have what it asks for. Names are free to choose, so it is shown where the browser
 * goes on to, and of a client by URL also whose it is.
 */
export function consentPage(context: PageContext, consent: Consent, audit: Audit): ApiResponse {
  const { texts } = context
  const { flow, client, clientHost, username, scope, resource, canBeImpersonated } = consent
  const host = hostOf(consent.redirectUri)
  const body = markup`<p>${withNames(scope.length > 0 ? texts.consentText : texts.consentNothing, client, username)}</p>
${scope.length > 0 ? markup`<ul>${scope.map((token) => markup`<li>${describeScope(texts, token)}</li>`)}</ul>` : ''}
${
  resource === undefined
    ? ''
    : markup`<p>${texts.consentFor(nameOfResource(resource))}</p>
`
}${
  clientHost === undefined
    ? ''
    : markup`<p>${texts.consentHost(clientHost)}</p>
`
}<p class="soft">${canBeImpersonated ? texts.consentLocal(host) : texts.consentTo(host)}</p>
<form method="post" action="/consent">
<input type="hidden" name="flow" value="${flow}">
<input type="hidden" name="consent" value="${consent.consent}">
<button name="decision" value="allow">${texts.allow}</button>
<button name="decision" value="deny" class="second">${texts.deny}</button>
</form>
<p><a href="/sign-in?flow=${flow}">${texts.notYou}</a></p>`
  const titles = { title: texts.consent(isolated(client)), heading: withNames(texts.consent, client) }
  return pageResponse(context, { ...titles, body, endsAtClient: true }, { audit })
}

// Of a private-use URI the scheme, which is the reversed domain of the app's maker.
function hostOf(redirectUri: string): string {
  const { host, protocol } = new URL(redirectUri)
  return host || protocol.slice(0, -1)
}
