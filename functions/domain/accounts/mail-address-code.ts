import type { TicketHandle } from '../codes/code.ts'
import type { Codes } from '../codes/codes.ts'
import { fail, type Result, succeed } from '../result.ts'
import { type AccountStore, addressOf } from './account.ts'

/** A mail to be sent: the code for the address, or to its owner that someone wanted to use it. */
type AddressMail =
  | { readonly kind: 'code'; readonly to: string; readonly code: string }
  | { readonly kind: 'addressInUse'; readonly to: string }

/** Why no mail is sent. */
type NoMail = { readonly reason: 'ticket_ended' | 'no_address' | 'limited' }

/** Whether another mail may go to an address: it counts the mail. */
type Admit = (kind: AddressMail['kind'], address: string) => Promise<boolean>

/** Decides what a registration or a change of address mails, and to whom. */
export type MailAddressCode = (
  purpose: 'register' | 'email',
  handle: TicketHandle,
  admit: Admit,
) => Promise<Result<AddressMail, NoMail>>

type Dependencies = {
  readonly codes: Pick<Codes, 'find' | 'renewCode'>
  readonly accounts: Pick<AccountStore, 'findSubject' | 'findAccount'>
}

export function createMailAddressCode({ codes, accounts }: Dependencies): MailAddressCode {
  return async (purpose, handle, admit) => {
    const entry = await codes.find(purpose, handle)
    if (!entry) return fail({ reason: 'ticket_ended' })
    const { payload } = entry
    const owner = await accounts.findSubject(payload.address)
    // An account may confirm the address that it has.
    const isFree = owner === undefined || ('sub' in payload && payload.sub === owner)
    if (isFree) {
      // A second run of the same request was counted by its first.
      if (!entry.hasCode && !(await admit('code', payload.address))) return fail({ reason: 'limited' })
      const code = await codes.renewCode(purpose, handle, undefined)
      return code === undefined
        ? fail({ reason: 'ticket_ended' })
        : succeed({ kind: 'code', to: payload.address, code })
    }
    const account = await accounts.findAccount(owner)
    const to = account && addressOf(account)
    if (to === undefined) return fail({ reason: 'no_address' })
    return (await admit('addressInUse', to)) ? succeed({ kind: 'addressInUse', to }) : fail({ reason: 'limited' })
  }
}
