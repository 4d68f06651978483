import { createHash } from 'node:crypto'
import { parseAuthenticatorData } from '@simplewebauthn/server/helpers'
import { attempt } from './attempt.ts'

export type AuthenticatorDataRefusal =
  | 'malformed'
  | 'wrong_rp_id'
  | 'user_not_present'
  | 'user_not_verified'
  | 'inconsistent_backup'

export type AuthenticatorData = ReturnType<typeof parseAuthenticatorData>

export const readAuthenticatorData = (bytes: Uint8Array): AuthenticatorData | undefined =>
  attempt(() => parseAuthenticatorData(Uint8Array.from(bytes)))

/** Checks what the authenticator says (WebAuthn L3 6.1, 7.1 steps 13 to 17, 7.2 steps 16 to 19). */
export function checkAuthenticatorData(
  { rpIdHash, flags }: AuthenticatorData,
  rpId: string,
): AuthenticatorDataRefusal | undefined {
  if (!createHash('sha256').update(rpId).digest().equals(rpIdHash)) return 'wrong_rp_id'
  if (!flags.up) return 'user_not_present'
  if (!flags.uv) return 'user_not_verified'
  if (flags.bs && !flags.be) return 'inconsistent_backup'
  return undefined
}
