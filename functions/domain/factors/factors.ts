import type { Passkey } from './passkeys.ts'

/** A second factor that an account can enrol. Recovery codes are none: they stand in for one that is lost. */
export type FactorKind = 'totp' | 'passkey'

/** `secret` is encrypted with the subject as its context. Times are NumericDates. */
export type StoredTotp = { readonly secret: string; readonly createdAt: number }

/**
 * The second factors of an account. `version` grows whenever one is added or removed; it is 0 before the first one.
 * Of the recovery codes that are left only hashes are kept.
 */
export type Factors = {
  readonly version: number
  readonly totp: StoredTotp | undefined
  readonly passkeys: readonly Passkey[]
  readonly recoveryCodes: readonly string[]
}

export const noFactors: Factors = { version: 0, totp: undefined, passkeys: [], recoveryCodes: [] }

/** The kinds of factors that an account has. Any of them makes the password alone insufficient. */
export const kindsOf = ({ totp, passkeys }: Factors): readonly FactorKind[] => [
  ...(totp === undefined ? [] : (['totp'] as const)),
  ...(passkeys.length === 0 ? [] : (['passkey'] as const)),
]

/** How many factors an account has: the last one takes the recovery codes with it. */
export const countOf = ({ totp, passkeys }: Factors): number => passkeys.length + (totp === undefined ? 0 : 1)
