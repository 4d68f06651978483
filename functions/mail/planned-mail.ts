import type { MailFacts, MailKind } from '../domain/mail/mail.ts'

/** A mail that is to be sent: to whom, and what it says. `sub` is the account that it is about, for the log. */
export type PlannedMail<Kind extends MailKind = MailKind> = {
  readonly kind: Kind
  readonly to: string
  readonly facts: MailFacts[Kind]
  readonly sub?: string
}

/** Why no mail is sent. */
export type NoMail = {
  readonly reason: 'ticket_ended' | 'unknown_user' | 'user_disabled' | 'no_address' | 'address_not_mailable' | 'limited'
}
