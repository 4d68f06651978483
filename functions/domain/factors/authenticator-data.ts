import { createHash } from 'node:crypto'
import { parseAuthenticatorData } from '@simplewebauthn/server/helpers'
import { attempt } from './attempt.ts'
import { isOneItem } from './cbor.ts'

export type AuthenticatorDataRefusal =
  | 'malformed'
  | 'wrong_rp_id'
  | 'user_not_present'
  | 'user_not_verified'
  | 'inconsistent_backup'

export type AuthenticatorData = ReturnType<typeof parseAuthenticatorData>

/** Reads authenticator data (WebAuthn L3 6.1). Its extensions are one shallow map, where the library takes all CBOR. */
export function readAuthenticatorData(bytes: Uint8Array): AuthenticatorData | undefined {
  const data = attempt(() => parseAuthenticatorData(Uint8Array.from(bytes)))
  return isMap(data?.extensionsDataBuffer ?? emptyMap) ? data : undefined
}

const emptyMap = Uint8Array.of(0xa0)
const isMap = (cbor: Uint8Array) => (cbor[0] ?? 0) >> 5 === 5 && isOneItem(cbor)

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
