import type { Factors } from '../../domain/factors/factors.ts'

/** A factor as its owner and administrators see it: nothing that proves anything. Times are NumericDates. */
export type FactorView =
  | { readonly type: 'totp'; readonly created_at: number }
  | {
      readonly type: 'passkey'
      readonly id: string
      readonly name: string
      readonly created_at: number
      readonly last_used_at: number
    }
  | { readonly type: 'recovery_codes'; readonly left: number }

export const viewFactors = ({ totp, passkeys, recoveryCodes }: Factors): readonly FactorView[] => [
  ...(totp === undefined ? [] : [{ type: 'totp', created_at: totp.createdAt } as const]),
  ...passkeys.map(({ id, name, createdAt, lastUsedAt }) => {
    const times = { created_at: createdAt, last_used_at: lastUsedAt }
    return { type: 'passkey', id, name, ...times } as const
  }),
  // They are there as long as any factor is, used up or not.
  ...(totp === undefined && passkeys.length === 0
    ? []
    : [{ type: 'recovery_codes', left: recoveryCodes.length } as const]),
]
