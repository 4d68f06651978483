import type { FactorKind, Factors, StoredTotp } from '../../factors/factors.ts'
import type { Passkey } from '../../factors/passkeys.ts'
import type { Result } from '../../result.ts'

/** For how many seconds an enrolment can be confirmed: that of a passkey is a challenge, and good for as long as all of them. */
export const enrolmentLifetime = { totp: 600, passkey: 300 } as const

/** What an enrolment waits for: the secret of an app, encrypted, or the hash of the challenge that a passkey must sign. */
export type PendingFactors = {
  readonly totp: { readonly secret: string }
  readonly passkey: { readonly challenge: string; readonly userHandle: string }
}

/** Which enrolment: `holder` is the id of the session, or auth session, that began it. Another one cannot confirm it. */
export type PendingKey<Kind extends FactorKind> = { readonly kind: Kind; readonly holder: string }

/**
 * The account whose factors are changed, and what must still hold: its epoch, so that nothing is changed for someone whose
 * sessions were ended meanwhile, and the factors that were read.
 */
export type FactorChange = { readonly sub: string; readonly epoch: number; readonly version: number }

/** `recoveryCodes` are the hashes that come with the first factor. */
type Enrolment<Kind extends FactorKind> = FactorChange & {
  readonly pending: PendingKey<Kind>
  readonly recoveryCodes: readonly string[] | undefined
}

/**
 * Why nothing was changed: the sessions of the account were ended, other factors are there than were read (another try may
 * succeed), the enrolment is over, or another account has this passkey.
 */
export type EnrolmentRefusal = {
  readonly reason: 'session_ended' | 'factors_changed' | 'enrolment_over' | 'passkey_taken'
}

/** Where factors are enrolled and removed. Each change is one transaction; times are NumericDates in whole seconds. */
export type EnrolmentStore = {
  readonly putPending: <Kind extends FactorKind>(
    key: PendingKey<Kind>,
    pending: PendingFactors[Kind],
    expiresAt: number,
  ) => Promise<void>
  readonly findPending: <Kind extends FactorKind>(
    key: PendingKey<Kind>,
    now: number,
  ) => Promise<PendingFactors[Kind] | undefined>
  /** Enrols an app in the place of the one before. `step` is the time step that it was confirmed by, which is used up. */
  readonly addTotp: (
    enrolment: Enrolment<'totp'> & { readonly totp: StoredTotp; readonly step: number },
  ) => Promise<Result<void, EnrolmentRefusal>>
  /** `challenge` is the hash of the one that the passkey has signed. */
  readonly addPasskey: (
    enrolment: Enrolment<'passkey'> & { readonly passkey: Passkey; readonly challenge: string },
  ) => Promise<Result<void, EnrolmentRefusal>>
  /** Removes an app or a passkey; with the last factor also the recovery codes. */
  readonly removeFactor: (
    change: FactorChange & { readonly removed: 'totp' | { readonly passkey: string }; readonly isLast: boolean },
  ) => Promise<Result<void, EnrolmentRefusal>>
  readonly replaceRecoveryCodes: (
    change: FactorChange & { readonly recoveryCodes: readonly string[] },
  ) => Promise<Result<void, EnrolmentRefusal>>
  /**
   * Removes all factors of an account and ends its sessions by raising the epoch. False, and nothing changed, where there is
   * no such account or the factors are not those that were read.
   */
  readonly resetFactors: (sub: string, factors: Factors) => Promise<boolean>
}
