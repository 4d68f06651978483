import { decodeAttestationObject } from '@simplewebauthn/server/helpers'
import { attempt } from './attempt.ts'
import { type AuthenticatorData, readAuthenticatorData } from './authenticator-data.ts'
import { isOneItem } from './cbor.ts'
import { algorithmOf, isSignedBy } from './public-key.ts'

export type Attestation = {
  readonly format: unknown
  readonly statement: ReadonlyMap<unknown, unknown>
  readonly authenticatorData: Uint8Array
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
  const [format, statement, authenticatorData]: readonly unknown[] = ['fmt', 'attStmt', 'authData'].map((key) =>
    object.get(key),
  )
  if (!(statement instanceof Map) || !(authenticatorData instanceof Uint8Array)) return undefined
  const data = readAuthenticatorData(authenticatorData)
  if (!data?.credentialID || !data.credentialPublicKey) return undefined
  const { credentialID, credentialPublicKey } = data
  return { format, statement, authenticatorData, data, credentialId: credentialID, publicKey: credentialPublicKey }
}

/**
 * None was asked for, so a client sends none, or leaves self attestation as it is (WebAuthn L3 5.1.3 step 22). Certificates
 * would prove nothing that matters here, and a verifier may have to fetch what they name.
 */
export function isSupportedAttestation({ format, statement, publicKey }: Attestation): boolean {
  if (format === 'none') return statement.size === 0
  return format === 'packed' && !statement.has('x5c') && statement.get('alg') === algorithmOf(publicKey)
}

/** Whether an attestation that is signed is signed by the passkey itself (WebAuthn L3 8.2). */
export const isSelfSigned = (
  { format, statement, publicKey, authenticatorData }: Attestation,
  clientData: Uint8Array,
): boolean =>
  format === 'none' || isSignedBy(publicKey, { authenticatorData, clientData, signature: statement.get('sig') })
