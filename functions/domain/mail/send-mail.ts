import type { Result } from '../result.ts'

/** One mail to one address. */
export type Mail = {
  /** An address as it is stored, without a display name. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/**
 * Why a mail was not sent, or why nobody knows whether it was.
 * - `throttled`: over the sending rate or the quota of a day. Another try may succeed later.
 * - `unavailable`: the mail service did not take the request. Another try may succeed.
 * - `response_lost`: the mail may have been sent. Another try may send it twice.
 * - `refused`: another try cannot succeed. `error` names the cause and holds no address, so it may be logged.
 */
export type SendMailFailure =
  | { readonly reason: 'throttled'; readonly error: string }
  | { readonly reason: 'unavailable'; readonly error: string }
  | { readonly reason: 'response_lost' }
  | { readonly reason: 'refused'; readonly error: string }

type SentMail = { readonly messageId: string }

export type SendMail = (mail: Mail) => Promise<Result<SentMail, SendMailFailure>>
