import type { Amr } from '../authentication.ts'
import type { Proof } from './next-step.ts'

/**
 * What was proved, in the words of RFC 8176. A recovery code is an `otp`; a passkey proves a key (`pop`) and its user
 * (`user`), and is `mfa` by itself. A code that was mailed proves nothing but the way to an address.
 */
export function amrOf(proved: readonly Proof[]): readonly Amr[] {
  const isProved = (...proofs: readonly Proof[]): boolean => proofs.some((proof) => proved.includes(proof))
  return [
    ...(isProved('password') ? (['pwd'] as const) : []),
    ...(isProved('totp', 'recovery_code') ? (['otp'] as const) : []),
    ...(isProved('passkey') ? (['pop', 'user'] as const) : []),
    ...(isProved('totp', 'recovery_code', 'passkey') ? (['mfa'] as const) : []),
  ]
}
