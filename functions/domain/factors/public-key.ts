import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import { decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import { attempt } from './attempt.ts'
import { algorithms } from './passkey-options.ts'

export type PublicKeyRefusal = 'unsupported_algorithm' | 'invalid_public_key'

/** The algorithm that a COSE key (RFC 9052) is for. */
export const algorithmOf = (cose: Uint8Array): unknown => membersOf(cose).get(3)

/** Checks that a COSE key can verify signatures: WebAuthn L3 5.8.5 names the form for each algorithm. */
export function checkPublicKey(cose: Uint8Array): PublicKeyRefusal | undefined {
  const members = membersOf(cose)
  if (!algorithms.some((known) => known === members.get(3))) return 'unsupported_algorithm'
  return keyOf(members) ? undefined : 'invalid_public_key'
}

export type Signed = {
  readonly authenticatorData: Uint8Array
  readonly clientData: Uint8Array
  readonly signature: unknown
}

/** Verifies a signature over authenticator data and client data. Of ES256 it is DER to the bit, which the library leaves open. */
export function isSignedBy(cose: Uint8Array, { authenticatorData, clientData, signature }: Signed): boolean {
  const members = membersOf(cose)
  const key = keyOf(members)
  if (!key || !(signature instanceof Uint8Array)) return false
  const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()])
  return attempt(() => verify(members.get(3) === -8 ? null : 'sha256', signed, key, signature)) ?? false
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
function keyOf(members: ReadonlyMap<unknown, unknown>): KeyObject | undefined {
  const jwk = jwkOf(members)
  const key = jwk && attempt(() => createPublicKey({ key: jwk, format: 'jwk' }))
  if (!key || jwk.kty !== 'RSA') return key
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  const isBounded = modulusLength >= 2048 && modulusLength <= 4096 && publicExponent < 2n ** 32n
  return isBounded && publicExponent >= 65537n ? key : undefined
}
