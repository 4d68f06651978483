import type { OAuthError } from '../api/oauth-error.ts'
import type { ApiResponse, Audit } from '../api/response.ts'
import { type PageContext, pageResponse } from './page.ts'
import { type Markup, markup } from './parts/html.ts'

type ErrorPage = {
  readonly status: number
  readonly title: string
  readonly text: string
  readonly detail?: string | undefined
  readonly link?: Markup
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** A page that tells a person what is wrong and what to do next. */
export const errorPage = (
  context: PageContext,
  { status, title, text, detail, link, headers }: ErrorPage,
  audit: Audit,
): ApiResponse => {
  const body = markup`<p role="alert" class="plain">${text}</p>${detail === undefined ? '' : markup`<p class="soft">${detail}</p>`}${link}`
  return pageResponse(context, { title, body }, { status, audit, ...(headers && { headers }) })
}

/** For a request that leads nowhere, because it is not known whose redirect URI it names. */
export function badRequestPage(context: PageContext, audit: Audit, detail?: string): ApiResponse {
  const { badRequest: title, badRequestText: text } = context.texts
  return errorPage(context, { status: 400, title, text, detail }, audit)
}

/** A fault of ours, as a page. */
export const faultPage =
  (context: PageContext) =>
  ({ status, headers }: OAuthError, audit: Audit): ApiResponse => {
    const { fault, unavailable, tryAgain } = context.texts
    return errorPage(context, { status, title: status === 503 ? unavailable : fault, text: tryAgain, headers }, audit)
  }

/** For a flow that is over, or that this browser has not begun. */
export const expiredPage = (context: PageContext, audit: Audit): ApiResponse =>
  signInAgainPage(context, { status: 400, title: context.texts.expired }, audit)

/** For a form that no page of ours has sent. */
export const crossSitePage = (context: PageContext, audit: Audit): ApiResponse =>
  signInAgainPage(context, { status: 403, title: context.texts.crossSite }, audit)

/** Links to the account too, for people who did not come from an app or have closed it. */
const signInAgainPage = (
  context: PageContext,
  shown: Pick<ErrorPage, 'status' | 'title'>,
  audit: Audit,
): ApiResponse => {
  const { expiredText: text, yourAccount } = context.texts
  return errorPage(context, { ...shown, text, link: markup`<p><a href="/account">${yourAccount}</a></p>` }, audit)
}
