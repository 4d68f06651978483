import { usernameOf } from '../../accounts/account.ts'
import type { Clock } from '../../clock.ts'
import { isSameSecret, matchTotp, newTotpSecret, totpUri } from '../../factors/totp.ts'
import { fail, type Result } from '../../result.ts'
import type { Tokens } from '../../sessions/start-session.ts'
import type { DecryptSecret, EncryptSecret } from '../encrypted-secret.ts'
import type { Enrol, EnrolFailure, Enrolled, TellOfFactor } from './enrol.ts'
import { type EnrolmentStore, enrolmentLifetime } from './enrolment-store.ts'
import type { Holder } from './find-holder.ts'

/** What an authenticator app is set up with; `uri` as its QR code has it. Shown once. */
type NewTotp = { readonly secret: string; readonly uri: string }

type EnrolTotpFailure = EnrolFailure | { readonly reason: 'wrong_totp' }

/** The enrolment of an authenticator app, in two steps: a secret, and a code that shows that the app has it. */
export type EnrolTotp<Started = Tokens> = {
  readonly begin: (holder: Holder) => Promise<NewTotp>
  /** What was begun and waits for a code, for a page that shows this secret already; undefined where it waits for none or another. */
  readonly findBegun: (holder: Holder, secret: string) => Promise<NewTotp | undefined>
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
  const describe = (secret: string, { account }: Holder): NewTotp => ({
    secret,
    uri: totpUri({ secret, issuer: service, account: usernameOf(account) }),
  })
  const findPending = async ({ id, account: { sub } }: Holder, at: number) => {
    const begun = await enrolments.findPending({ kind: 'totp', holder: id }, at)
    return begun && { encrypted: begun.secret, secret: await decrypt(begun.secret, { sub }) }
  }
  return {
    begin: async (holder) => {
      const secret = newTotpSecret(randomBytes)
      const encrypted = await encrypt(secret, { sub: holder.account.sub })
      const pending = { kind: 'totp', holder: holder.id } as const
      await enrolments.putPending(pending, { secret: encrypted }, now() + enrolmentLifetime.totp)
      return describe(secret, holder)
    },
    findBegun: async (holder, secret) => {
      const begun = await findPending(holder, now())
      return begun && isSameSecret(begun.secret, secret) ? describe(secret, holder) : undefined
    },
    confirm: async (holder, code, tell) => {
      const pending = { kind: 'totp', holder: holder.id } as const
      const createdAt = now()
      const begun = await findPending(holder, createdAt)
      const step = begun && matchTotp(begun.secret, code, createdAt)
      if (!begun || step === undefined) return fail({ reason: 'wrong_totp' })
      const totp = { secret: begun.encrypted, createdAt }
      return enrol(holder, 'totp', (change) => enrolments.addTotp({ ...change, pending, totp, step }), tell)
    },
  }
}
