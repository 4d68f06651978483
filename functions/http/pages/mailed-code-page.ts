import type { ApiResponse, Audit } from '../api/response.ts'
import { type PageContext, pageResponse } from './page.ts'
import { type Problem, problemText } from './parts/field.ts'
import { flowField, signInLink, withFlow } from './parts/flow-link.ts'
import { type Markup, markup } from './parts/html.ts'

/** Where a flow by mailed code begins. */
type Start = '/sign-up' | '/forgot'

type Shown = {
  readonly path: Start | `${Start}/confirm`
  readonly title: string
  readonly text?: string
  readonly fields: Markup
  readonly button: string
  readonly flow: string | undefined
  readonly problem?: Problem | undefined
  /** Where a new code can be asked for. */
  readonly start?: Start
}

type Given = Parameters<typeof pageResponse>[2]

/** A page with one form on the way to an account or a new password. */
export function formPage(context: PageContext, shown: Shown, given: Given): ApiResponse {
  const { path, title, text, fields, button, flow, problem, start } = shown
  const body = markup`${text === undefined ? '' : markup`<p>${text}</p>`}
${problemText(problem)}
<form method="post" action="${path}">
${flowField(flow)}
${fields}<button>${button}</button>
</form>
${start === undefined ? '' : markup`<p><a href="${withFlow(start, flow)}">${context.texts.newCode}</a></p>`}
${signInLink(context, flow)}`
  return pageResponse(context, { title, body }, given)
}

/** For a browser without the ticket of a code: it is over, or another browser has asked. */
export function noTicketPage(context: PageContext, start: Start, flow: string | undefined, audit: Audit): ApiResponse {
  const { expired: title, noTicketText, startAgain } = context.texts
  const body = markup`<p role="alert" class="plain">${noTicketText}</p>
<p><a href="${withFlow(start, flow)}">${startAgain}</a></p>
${signInLink(context, flow)}`
  return pageResponse(context, { title, body }, { status: 400, audit })
}

/** The end of the way: it leads to the sign-in. */
export function donePage(
  context: PageContext,
  { title, text, flow }: { readonly title: string; readonly text: string; readonly flow: string | undefined },
  audit: Audit,
): ApiResponse {
  const body = markup`<p role="status">${text}</p>
<p><a href="${withFlow('/sign-in', flow)}">${context.texts.signIn}</a></p>`
  return pageResponse(context, { title, body }, { audit })
}

/** Seconds that a browser keeps the ticket of a code: as long as the code is good. */
export const ticketLifetime = 600

/** The response to what was refused: the status, and when to try again. */
export const refusal = (retryAfter: number | undefined) =>
  retryAfter === undefined ? { status: 400 } : { status: 429, headers: { 'retry-after': String(retryAfter) } }
