import { usernameOf } from '../domain/accounts/account.ts'
import type { MailAddressCode } from '../domain/accounts/mail-address-code.ts'
import type { AdmitMail } from '../domain/mail/limits.ts'
import type { CodeRequest, Occasion } from '../domain/mail/mail-event.ts'
import { type Result, succeed } from '../domain/result.ts'
import type { MailEnrolmentCode } from '../domain/sign-in/enrolment/mail-enrolment-code.ts'
import type { MailRecoveryCode, Recovery } from '../domain/sign-in/password/mail-recovery-code.ts'
import type { NoMail, PlannedMail } from './planned-mail.ts'

/** Decides what is mailed for a ticket, if anything. */
export type PlanCode = (request: Occasion & CodeRequest) => Promise<Result<PlannedMail, NoMail>>

type Dependencies = {
  readonly mailRecoveryCode: MailRecoveryCode
  readonly mailAddressCode: MailAddressCode
  readonly mailEnrolmentCode: MailEnrolmentCode
  readonly admitMail: AdmitMail
  /** Whether the account remembers the device of this hash, and has not ended its sessions since. */
  readonly isKnownDevice: (hash: string, recovery: Recovery) => Promise<boolean>
  readonly service: string
}

export function createPlanCode(dependencies: Dependencies): PlanCode {
  return (request) => {
    switch (request.purpose) {
      case 'recover':
        return planRecovery(request, dependencies)
      case 'enrol':
        return planEnrolment(request, dependencies)
      case 'register':
      case 'email':
        return planConfirmation(request, request.purpose, dependencies)
    }
  }
}

async function planRecovery(
  { id, codeKey, device, isTrusted, time, source }: Occasion & CodeRequest,
  { mailRecoveryCode, admitMail, isKnownDevice, service }: Dependencies,
): Promise<Result<PlannedMail, NoMail>> {
  const mailed = await mailRecoveryCode({ id, codeKey }, async (recovery) => {
    const trusted = isTrusted === true || (device !== undefined && (await isKnownDevice(device, recovery)))
    return admitMail({ kind: 'recoveryCode', address: recovery.address, source, isTrusted: trusted })
  })
  if (!mailed.ok) return mailed
  const { to, code, account } = mailed.value
  const facts = { service, time, source, code, username: usernameOf(account) }
  return succeed({ kind: 'recoveryCode', to, facts, sub: account.sub })
}

async function planEnrolment(
  { id, codeKey, time, source }: Occasion & CodeRequest,
  { mailEnrolmentCode, admitMail, service }: Dependencies,
): Promise<Result<PlannedMail, NoMail>> {
  const mailed = await mailEnrolmentCode({ id, codeKey }, (address) =>
    admitMail({ kind: 'enrolmentCode', address, source, isTrusted: false }),
  )
  if (!mailed.ok) return mailed
  const { to, code, account } = mailed.value
  const facts = { service, time, source, code, username: usernameOf(account) }
  return succeed({ kind: 'enrolmentCode', to, facts, sub: account.sub })
}

async function planConfirmation(
  { id, codeKey, time, source }: Occasion & CodeRequest,
  purpose: 'register' | 'email',
  { mailAddressCode, admitMail, service }: Dependencies,
): Promise<Result<PlannedMail, NoMail>> {
  const codeKind = purpose === 'register' ? 'registrationCode' : 'addressCode'
  const mailed = await mailAddressCode(purpose, { id, codeKey }, (kind, address) =>
    admitMail({ kind: kind === 'code' ? codeKind : kind, address, source, isTrusted: false }),
  )
  if (!mailed.ok) return mailed
  const facts = { service, time, source }
  return mailed.value.kind === 'code'
    ? succeed({ kind: codeKind, to: mailed.value.to, facts: { ...facts, code: mailed.value.code } })
    : succeed({ kind: 'addressInUse', to: mailed.value.to, facts })
}
