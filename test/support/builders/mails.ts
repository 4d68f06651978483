import type { MailFacts, MailKind } from '../../../functions/domain/mail/mail.ts'

type SampleFacts = { readonly service?: string; readonly username?: string; readonly source?: string }

/** What a mail of each kind may say. 1,800,000,000 is 15 January 2027, 08:00 UTC. */
export function sampleFacts({ service = 'Shop', username = 'ada', source = '192.0.2.7' }: SampleFacts = {}): MailFacts {
  const request = { service, source, time: 1_800_000_000 }
  const ofAccount = { ...request, username }
  return {
    registrationCode: { ...request, code: '01234567' },
    addressInUse: request,
    recoveryCode: { ...ofAccount, code: '01234567' },
    enrolmentCode: { ...ofAccount, code: '01234567' },
    addressCode: { ...request, code: '01234567' },
    passwordChanged: ofAccount,
    addressChanged: ofAccount,
    factorAdded: { ...ofAccount, factor: 'passkey' },
    factorRemoved: { ...ofAccount, factor: 'totp' },
    factorsReset: { ...ofAccount, source: undefined },
    recoveryCodeUsed: { ...ofAccount, left: 9 },
    sessionEndedAsReused: ofAccount,
    wrongPasswords: { ...ofAccount, attempts: 10 },
  }
}

export const mailKinds = Object.keys(sampleFacts()) as readonly MailKind[]
