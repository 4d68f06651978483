import { countOf, kindsOf } from '../../factors/factors.ts'
import { newRecoveryCodes } from '../../factors/recovery-codes.ts'
import { fail, type Result, succeed } from '../../result.ts'
import type { FactorRules } from '../next-step.ts'
import type { EnrolmentRefusal, EnrolmentStore } from './enrolment-store.ts'
import type { Holder } from './find-holder.ts'

/** What to remove: the app, or a passkey by its id. */
type Removal = 'totp' | { readonly passkey: string }

type ChangeFailure = EnrolmentRefusal | { readonly reason: 'unknown_factor' | 'last_factor' | 'no_factor' }

/** What an owner does to factors that are enrolled. */
export type ChangeFactors = {
  readonly remove: (holder: Holder, removal: Removal) => Promise<Result<void, ChangeFailure>>
  /** New recovery codes in the place of all that were there. They are shown this once. */
  readonly renewRecoveryCodes: (holder: Holder) => Promise<Result<readonly string[], ChangeFailure>>
}

type Dependencies = {
  readonly enrolments: Pick<EnrolmentStore, 'removeFactor' | 'replaceRecoveryCodes'>
  readonly factorRules: FactorRules
  readonly randomBytes: (count: number) => Uint8Array
}

/**
 * The last factor takes the recovery codes with it. Where one is required it stays: another app can take the place of an
 * app, and another passkey can be added first.
 */
export function createChangeFactors({ enrolments, factorRules, randomBytes }: Dependencies): ChangeFactors {
  return {
    remove: async ({ account: { sub }, epoch, factors }, removed) => {
      if (!isEnrolled(factors, removed)) return fail({ reason: 'unknown_factor' })
      const isLast = countOf(factors) === 1
      if (isLast && factorRules.policy === 'required') return fail({ reason: 'last_factor' })
      return enrolments.removeFactor({ sub, epoch, version: factors.version, removed, isLast })
    },
    renewRecoveryCodes: async ({ account: { sub }, epoch, factors }) => {
      if (kindsOf(factors).length === 0) return fail({ reason: 'no_factor' })
      const { codes, hashes } = newRecoveryCodes(randomBytes)
      const change = { sub, epoch, version: factors.version, recoveryCodes: hashes }
      const replaced = await enrolments.replaceRecoveryCodes(change)
      return replaced.ok ? succeed(codes) : replaced
    },
  }
}

const isEnrolled = ({ totp, passkeys }: Holder['factors'], removal: Removal): boolean =>
  removal === 'totp' ? totp !== undefined : passkeys.some(({ id }) => id === removal.passkey)
