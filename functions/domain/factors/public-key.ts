import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import { attempt } from './attempt.ts'
import { algorithms } from './passkey-options.ts'

export type PublicKeyRefusal = 'unsupported_algorithm' | 'invalid_public_key'

/** The algorithm that a COSE key (RFC 9052) is for. */
export const algorithmOf = (cose: Uint8Array): unknown => membersOf(cose).get(3)

/** Checks that a COSE key is one that the library verifies with later: WebAuthn L3 5.8.5 names the form for each algorithm. */
export function checkPublicKey(cose: Uint8Array): PublicKeyRefusal | undefined {
  const members = membersOf(cose)
  if (!algorithms.some((known) => known === members.get(3))) return 'unsupported_algorithm'
  const jwk = jwkOf(members)
  return jwk && isUsable(jwk) ? undefined : 'invalid_public_key'
}

const membersOf = (cose: Uint8Array): ReadonlyMap<unknown, unknown> => {
  const key: unknown = attempt(() => decodeCredentialPublicKey(Uint8Array.from(cose)))
  return key instanceof Map ? key : new Map()
}

function jwkOf(members: ReadonlyMap<unknown, unknown>): JsonWebKey | undefined {
  const [type, algorithm, first, second, third] = [1, 3, -1, -2, -3].map((label) => members.get(label))
  if (algorithm === -8 && type === 1 && first === 6) return { kty: 'OKP', crv: 'Ed25519', x: textOf(second) }
  if (algorithm === -7 && type === 2 && first === 1) {
    return { kty: 'EC', crv: 'P-256', x: textOf(second), y: textOf(third) }
  }
  if (algorithm === -257 && type === 3) return { kty: 'RSA', n: textOf(first), e: textOf(second) }
  return undefined
}

const textOf = (bytes: unknown): string =>
  bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64url') : 'not bytes'

// Node refuses points that are not on the curve. Long exponents would make each verification slow.
function isUsable(jwk: JsonWebKey): boolean {
  const details = attempt(() => createPublicKey({ key: jwk, format: 'jwk' }))?.asymmetricKeyDetails
  if (jwk.kty !== 'RSA') return details !== undefined
  const { modulusLength = 0, publicExponent = 0n } = details ?? {}
  return modulusLength >= 2048 && modulusLength <= 4096 && publicExponent >= 65537n && publicExponent < 2n ** 32n
}
