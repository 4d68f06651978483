import type { PageContext } from '../page.ts'
import { type Markup, markup } from './html.ts'

const form = /^[\w-]{43}$/

/** The flow of a sign-in that a page interrupts: nobody looks it up there, it only leads back. What is no token is dropped. */
export function readFlowToken(values: ReadonlyMap<string, string> | undefined): string | undefined {
  const token = values?.get('flow') ?? ''
  return form.test(token) ? token : undefined
}

/** The address of a page of ours in the flow, if there is one. */
export const withFlow = (path: string, flow: string | undefined): string =>
  flow === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}flow=${flow}`

export const flowField = (flow: string | undefined): Markup =>
  flow === undefined ? markup`` : markup`<input type="hidden" name="flow" value="${flow}">`

export const signInLink = ({ texts }: PageContext, flow: string | undefined): Markup =>
  markup`<p><a href="${withFlow('/sign-in', flow)}">${texts.backToSignIn}</a></p>`
