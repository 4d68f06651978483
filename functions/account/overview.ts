import type { SignedIn } from '../domain/oauth/continue-flow.ts'
import type { OwnApp } from '../domain/oauth/own-apps.ts'
import { toHour } from '../domain/sessions/own-sessions.ts'
import type { Session } from '../domain/sessions/session.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { accountField, identity, type OwnPageContext } from '../http/pages/own-page.ts'
import { pageResponse } from '../http/pages/page.ts'
import { type Markup, markup } from '../http/pages/parts/html.ts'
import { nameOfResource } from '../http/pages/parts/resource-name.ts'
import { describeScope } from '../http/pages/parts/scope-text.ts'
import type { Texts } from '../http/pages/texts/texts.ts'

/** `pages` are those that there are besides this one. */
export type OverviewContext = OwnPageContext & { readonly pages: readonly string[] }

/** What the page shows of an account. `name` is what people are told that a session's client is called. */
type Overview = {
  readonly signedIn: SignedIn
  readonly sessions: readonly (Session & { readonly name: string })[]
  readonly apps: readonly OwnApp[]
}

/** The page of an account: who is signed in, where, and what may use it. */
export function overviewPage(context: OverviewContext, overview: Overview, audit: Audit): ApiResponse {
  const { texts } = context
  const { signedIn, sessions, apps } = overview
  const body = markup`${identity(texts, signedIn)}
${links(context)}
<form method="post" action="/logout/confirm"><button class="second">${texts.signOut}</button></form>
<h2>${texts.accountSessions}</h2>
${sessions.length === 0 ? markup`<p>${texts.accountNoSessions}</p>` : markup`<ul class="rows">${sessions.map((session, index) => sessionRow(texts, signedIn, session, index))}</ul>`}
<p class="soft">${texts.accountEndAllText}</p>
<form method="post" action="/account/sessions/end-all">${accountField(signedIn)}<button>${texts.accountEndAll}</button></form>
<h2>${texts.accountApps}</h2>
${apps.length === 0 ? markup`<p>${texts.accountNoApps}</p>` : markup`<ul class="rows">${apps.map((app, index) => appRow(texts, signedIn, app, index))}</ul>`}`
  return pageResponse(context, { title: texts.yourAccount, body }, { audit })
}

function links({ texts, pages }: OverviewContext): Markup {
  const labels: Readonly<Record<string, string>> = {
    '/account/password': texts.accountPassword,
    '/account/email': texts.accountEmail,
    '/account/factors': texts.accountFactors,
  }
  return markup`<ul>${pages.map((page) => markup`<li><a href="${page}">${labels[page] ?? page}</a></li>`)}</ul>`
}

function sessionRow(
  texts: Texts,
  signedIn: SignedIn,
  { id, name, codeGrant, createdAt, lastUsedAt }: Overview['sessions'][number],
  index: number,
): Markup {
  // The hour of the last use may have begun before the session.
  const used = Math.max(createdAt, toHour(lastUsedAt))
  const times = texts.accountSessionTimes(format(texts, createdAt), format(texts, used))
  const isHere = codeGrant?.sso === signedIn.sso.id
  return markup`<li><p id="session-${index}"><strong><bdi>${name}</bdi></strong>${isHere ? ` (${texts.accountThisBrowser})` : ''}<br>
<span class="soft">${times}</span></p>
<form method="post" action="/account/sessions/end">${accountField(signedIn)}<input type="hidden" name="id" value="${id}">
<button class="second" aria-describedby="session-${index}">${texts.accountEndSession}</button></form></li>`
}

function appRow(
  texts: Texts,
  signedIn: SignedIn,
  { clientId, name, scope, resources = [] }: OwnApp,
  index: number,
): Markup {
  const names = resources.map(nameOfResource).join(', ')
  const allowed =
    scope.length === 0
      ? markup`<p>${texts.accountAppNothing}</p>`
      : markup`<p>${texts.accountAppScope}</p><ul>${scope.map((token) => markup`<li>${describeScope(texts, token)}</li>`)}</ul>`
  return markup`<li><p id="app-${index}"><strong><bdi>${name}</bdi></strong></p>
${allowed}${
  resources.length === 0
    ? ''
    : markup`
<p class="soft">${texts.consentFor(names)}</p>`
}
<form method="post" action="/account/apps/withdraw">${accountField(signedIn)}<input type="hidden" name="client" value="${clientId}">
<button class="second" aria-describedby="app-${index}">${texts.accountWithdraw}</button></form></li>`
}

// Where the reader is, the service does not know.
const format = ({ language }: Texts, time: number): string =>
  `${new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(time * 1000)} UTC`
