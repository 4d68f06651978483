import { type Account, type AccountStore, addressOf, usernameOf } from '../domain/accounts/account.ts'
import { kindOf } from '../domain/accounts/identifier.ts'
import type { AdmitMail } from '../domain/mail/limits.ts'
import type { Notice, Occasion } from '../domain/mail/mail-event.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import type { NoMail, PlannedMail } from './planned-mail.ts'

/** Decides whom a notice is mailed to, if anyone. */
export type PlanNotice = (notice: Occasion & Notice) => Promise<Result<PlannedMail, NoMail>>

type Dependencies = {
  readonly accounts: Pick<AccountStore, 'findSubject' | 'findAccount'>
  readonly admitMail: AdmitMail
  readonly service: string
}

export function createPlanNotice({ accounts, admitMail, service }: Dependencies): PlanNotice {
  return async (notice) => {
    const sub = 'sub' in notice ? notice.sub : await accounts.findSubject(notice.identifier)
    const account = sub === undefined ? undefined : await accounts.findAccount(sub)
    if (!account) return fail({ reason: 'unknown_user' })
    // Guesses at an account that lets nobody in are not its owner's concern.
    if (account.disabled && notice.kind === 'wrongPasswords') return fail({ reason: 'user_disabled' })
    const address = 'to' in notice ? notice.to : addressOf(account)
    if (address === undefined) return fail({ reason: 'no_address' })
    const { kind, source } = notice
    if (!(await admitMail({ kind, address, source, isTrusted: false }))) return fail({ reason: 'limited' })
    return succeed({ ...mailOf(notice, account, service), to: address, sub: account.sub })
  }
}

function mailOf(notice: Occasion & Notice, account: Account, service: string): Pick<PlannedMail, 'kind' | 'facts'> {
  const { kind, time, source } = notice
  const facts = { service, time, source, username: usernameOf(account) }
  switch (notice.kind) {
    case 'wrongPasswords':
      return { kind, facts: { ...facts, attempts: notice.attempts } }
    case 'addressChanged':
      // It names neither address, so an account without a name is not named.
      return { kind, facts: { ...facts, username: account.identifiers.find((each) => kindOf(each) === 'name') } }
    case 'factorAdded':
    case 'factorRemoved':
      return { kind, facts: { ...facts, factor: notice.factor } }
    case 'recoveryCodeUsed':
      return { kind, facts: { ...facts, left: notice.left } }
    case 'passwordChanged':
    case 'sessionEndedAsReused':
    case 'factorsReset':
      return { kind, facts }
  }
}
