import { decodeAttestationObject } from '@simplewebauthn/server/helpers'
import { attempt } from './attempt.ts'
import { type AuthenticatorData, readAuthenticatorData } from './authenticator-data.ts'
import { isOneItem } from './cbor.ts'

export type Attestation = {
  readonly format: unknown
  readonly statement: ReadonlyMap<unknown, unknown>
  readonly data: AuthenticatorData
  readonly credentialId: Uint8Array
  /** A COSE key. */
  readonly publicKey: Uint8Array
}

/** Reads an attestation object (WebAuthn L3 6.5), in which the library overlooks what follows it and cut byte strings. */
export function readAttestation(bytes: Uint8Array): Attestation | undefined {
  if (!isOneItem(bytes)) return undefined
  const object: unknown = attempt(() => decodeAttestationObject(Uint8Array.from(bytes)))
  if (!(object instanceof Map) || object.size !== 3) return undefined
  const [format, statement, authData]: readonly unknown[] = ['fmt', 'attStmt', 'authData'].map((key) => object.get(key))
  if (!(statement instanceof Map) || !(authData instanceof Uint8Array)) return undefined
  const data = readAuthenticatorData(authData)
  if (!data?.credentialID || !data.credentialPublicKey) return undefined
  return { format, statement, data, credentialId: data.credentialID, publicKey: data.credentialPublicKey }
}

/**
 * None was asked for, so a client sends none, or leaves self attestation as it is (WebAuthn L3 5.1.3 step 22). Certificates
 * prove nothing that matters here, and whoever reads one may have to fetch what it names.
 */
export function isSupportedAttestation({ format, statement }: Attestation, algorithm: unknown): boolean {
  if (format === 'none') return statement.size === 0
  return format === 'packed' && !statement.has('x5c') && statement.get('alg') === algorithm
}
