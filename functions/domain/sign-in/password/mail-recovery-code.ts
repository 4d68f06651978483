import { type Account, type AccountStore, addressOf } from '../../accounts/account.ts'
import type { TicketHandle } from '../../codes/code.ts'
import type { Codes } from '../../codes/codes.ts'
import { fail, type Result, succeed } from '../../result.ts'
import type { SessionStore } from '../../sessions/session.ts'
import type { AskForRecovery } from '../ask-old-system.ts'

/** A mail to be sent: `to` is the address that the account has stored, whatever was typed (REQ-111). */
type RecoveryMail = { readonly to: string; readonly code: string; readonly account: Account }

/** Why no mail is sent. */
type NoMail = { readonly reason: 'ticket_ended' | 'unknown_user' | 'user_disabled' | 'no_address' | 'limited' }

/** A recovery that is about to be mailed. */
export type Recovery = { readonly sub: string; readonly epoch: number; readonly address: string }

/** `admit` says whether another mail may go to an address: it counts the mail. */
export type MailRecoveryCode = (
  handle: TicketHandle,
  admit: (recovery: Recovery) => Promise<boolean>,
) => Promise<Result<RecoveryMail, NoMail>>

type Dependencies = {
  readonly codes: Pick<Codes, 'find' | 'renewCode'>
  readonly accounts: Pick<AccountStore, 'findSubject' | 'findAccount'>
  readonly sessions: Pick<SessionStore, 'readEpoch'>
  /** Absent unless accounts come from another system. */
  readonly askOldSystem?: AskForRecovery | undefined
}

/**
 * Decides whether a recovery is mailed, and binds it to the account and its epoch. The epoch is read before the account, so
 * that a recovery bound to an account as it was has ended with what changed it. Someone unknown here may be known to the
 * old system.
 */
export function createMailRecoveryCode({
  codes,
  accounts,
  sessions,
  askOldSystem = async () => false,
}: Dependencies): MailRecoveryCode {
  const findSubject = async (identifier: string) => {
    const found = await accounts.findSubject(identifier)
    if (found !== undefined || !(await askOldSystem(identifier))) return found
    return accounts.findSubject(identifier)
  }
  return async (handle, admit) => {
    const entry = await codes.find('recover', handle)
    if (!entry) return fail({ reason: 'ticket_ended' })
    const sub = await findSubject(entry.payload.identifier)
    if (sub === undefined) return fail({ reason: 'unknown_user' })
    const epoch = await sessions.readEpoch(sub)
    const account = await accounts.findAccount(sub)
    if (!account) return fail({ reason: 'unknown_user' })
    if (account.disabled) return fail({ reason: 'user_disabled' })
    const address = addressOf(account)
    if (address === undefined) return fail({ reason: 'no_address' })
    const recovery = { sub, epoch, address }
    // A second run of the same request was counted by its first.
    if (!entry.hasCode && !(await admit(recovery))) return fail({ reason: 'limited' })
    const code = await codes.renewCode('recover', handle, recovery)
    return code === undefined ? fail({ reason: 'ticket_ended' }) : succeed({ to: address, code, account })
  }
}
