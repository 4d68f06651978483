import { type Account, type AccountStore, addressOf } from '../../accounts/account.ts'
import type { TicketHandle } from '../../codes/code.ts'
import type { Codes } from '../../codes/codes.ts'
import { fail, type Result, succeed } from '../../result.ts'
import type { SessionStore } from '../../sessions/session.ts'

/** A mail to be sent, to the address that the account has proved. */
type EnrolmentMail = { readonly to: string; readonly code: string; readonly account: Account }

/** Why no mail is sent. */
type NoMail = { readonly reason: 'ticket_ended' | 'unknown_user' | 'user_disabled' | 'no_address' | 'limited' }

/** `admit` says whether another mail may go to an address: it counts the mail. */
export type MailEnrolmentCode = (
  handle: TicketHandle,
  admit: (address: string) => Promise<boolean>,
) => Promise<Result<EnrolmentMail, NoMail>>

type Dependencies = {
  readonly codes: Pick<Codes, 'find' | 'renewCode'>
  readonly accounts: Pick<AccountStore, 'findAccount'>
  readonly sessions: Pick<SessionStore, 'readEpoch'>
}

/**
 * Decides whether a code is mailed to someone who has logged in with a password and must enrol a factor: only to the address
 * that the log-in found, and only if nothing has ended the log-in since.
 */
export function createMailEnrolmentCode({ codes, accounts, sessions }: Dependencies): MailEnrolmentCode {
  return async (handle, admit) => {
    const entry = await codes.find('enrol', handle)
    if (!entry) return fail({ reason: 'ticket_ended' })
    const { sub, epoch, address } = entry.payload
    if ((await sessions.readEpoch(sub)) !== epoch) return fail({ reason: 'ticket_ended' })
    const account = await accounts.findAccount(sub)
    if (!account) return fail({ reason: 'unknown_user' })
    if (account.disabled) return fail({ reason: 'user_disabled' })
    if (addressOf(account) !== address || !account.emailVerified) return fail({ reason: 'no_address' })
    // A second run of the same request was counted by its first.
    if (!entry.hasCode && !(await admit(address))) return fail({ reason: 'limited' })
    const code = await codes.renewCode('enrol', handle, undefined)
    return code === undefined ? fail({ reason: 'ticket_ended' }) : succeed({ to: address, code, account })
  }
}
