import type { Handler } from '../http/api/endpoint.ts'
import { errorPage } from '../http/pages/error-page.ts'
import { type PageContext, redirect } from '../http/pages/page.ts'
import { rawFormOf } from '../http/pages/query.ts'

/**
 * Asks the browser to send a form of another site again, by GET: only then it sends the cookies that are `Lax`. Nothing is
 * read, so the form can do no more than a link.
 */
export const repeatByGet =
  (context: PageContext, path: string): Handler =>
  async (event) => {
    const form = rawFormOf(event)
    const { badRequest: title, badRequestText: text } = context.texts
    const failed = { event: 'authorization', outcome: 'failure', reason: 'malformed_body' } as const
    const query = form?.replace(/[^\w.~%+&=*-]/gu, encodeURIComponent)
    if (query === undefined || query.length > maxLength) return errorPage(context, { status: 400, title, text }, failed)
    return redirect(`${path}?${query}`, {
      event: 'authorization',
      outcome: 'success',
      reason: 'repeated',
    })
  }

// API Gateway takes about 10 KB of request line and headers.
const maxLength = 6000
