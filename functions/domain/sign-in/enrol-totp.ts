import { usernameOf } from '../accounts/account.ts'
import type { Clock } from '../clock.ts'
import { matchTotp, newTotpSecret, totpUri } from '../factors/totp.ts'
import { fail, type Result } from '../result.ts'
import type { Tokens } from '../sessions/start-session.ts'
import type { DecryptSecret, EncryptSecret } from './encrypted-secret.ts'
import type { Enrol, EnrolFailure, Enrolled, TellOfFactor } from './enrol.ts'
import { type EnrolmentStore, enrolmentLifetime } from './enrolment-store.ts'
import type { Holder } from './find-holder.ts'

/** What an authenticator app is set up with; `uri` as its QR code has it. Shown once. */
type NewTotp = { readonly secret: string; readonly uri: string }

type EnrolTotpFailure = EnrolFailure | { readonly reason: 'wrong_totp' }

/** The enrolment of an authenticator app, in two steps: a secret, and a code that shows that the app has it. */
export type EnrolTotp<Started = Tokens> = {
  readonly begin: (holder: Holder) => Promise<NewTotp>
  readonly confirm: (
    holder: Holder,
    code: string,
    tell: TellOfFactor,
  ) => Promise<Result<Enrolled<Started>, EnrolTotpFailure>>
}

type Dependencies<Started> = {
  readonly enrol: Enrol<Started>
  readonly enrolments: Pick<EnrolmentStore, 'putPending' | 'findPending' | 'addTotp'>
  readonly encrypt: EncryptSecret
  readonly decrypt: DecryptSecret
  /** What the app shows as the name of the service. */
  readonly service: string
  readonly randomBytes: (count: number) => Uint8Array
  readonly clock: Clock
}

export function createEnrolTotp<Started = Tokens>(dependencies: Dependencies<Started>): EnrolTotp<Started> {
  const { enrol, enrolments, encrypt, decrypt, service, randomBytes, clock } = dependencies
  const now = () => Math.floor(clock())
  return {
    begin: async ({ id: holder, account }) => {
      const secret = newTotpSecret(randomBytes)
      const encrypted = await encrypt(secret, { sub: account.sub })
      await enrolments.putPending({ kind: 'totp', holder }, { secret: encrypted }, now() + enrolmentLifetime.totp)
      return { secret, uri: totpUri({ secret, issuer: service, account: usernameOf(account) }) }
    },
    confirm: async (holder, code, tell) => {
      const pending = { kind: 'totp', holder: holder.id } as const
      const createdAt = now()
      const begun = await enrolments.findPending(pending, createdAt)
      const secret = begun && (await decrypt(begun.secret, { sub: holder.account.sub }))
      const step = secret === undefined ? undefined : matchTotp(secret, code, createdAt)
      if (!begun || step === undefined) return fail({ reason: 'wrong_totp' })
      const totp = { secret: begun.secret, createdAt }
      return enrol(holder, 'totp', (change) => enrolments.addTotp({ ...change, pending, totp, step }), tell)
    },
  }
}
