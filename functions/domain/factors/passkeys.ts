import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { fail, type Result, succeed } from '../result.ts'
import { attemptLater } from './attempt.ts'
import { type Attestation, isSelfSigned, isSupportedAttestation, readAttestation } from './attestation.ts'
import {
  type AuthenticatorData,
  type AuthenticatorDataRefusal,
  checkAuthenticatorData,
  readAuthenticatorData,
} from './authenticator-data.ts'
import { type ClientDataRefusal, checkClientData } from './client-data.ts'
import type { AssertionCredential, Credential, RegistrationCredential } from './credential.ts'
import { algorithms, hashChallenge } from './passkey-options.ts'
import { checkPublicKey, isSignedBy, type PublicKeyRefusal } from './public-key.ts'

/** A passkey as it is stored: a credential record (WebAuthn L3 4). Bytes are base64url without padding. */
export type Passkey = {
  /** Up to 1023 bytes: 1364 characters, more than a sort key of DynamoDB holds. */
  readonly id: string
  /** A COSE key. */
  readonly publicKey: string
  /** Stays 0 for most passkeys. */
  readonly counter: number
  /** Never changes: whether the passkey may be copied to other devices. */
  readonly backupEligible: boolean
  /** Whether it has been. */
  readonly backedUp: boolean
  readonly transports: readonly string[]
  readonly userHandle: string
  readonly name: string
  readonly createdAt: number
  readonly lastUsedAt: number
}

/** What a registration proves. */
export type NewPasskey = Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'backupEligible' | 'backedUp' | 'transports'>

type PasskeyRefusal =
  | ClientDataRefusal
  | AuthenticatorDataRefusal
  | PublicKeyRefusal
  | 'wrong_credential'
  | 'wrong_user'
  | 'unsupported_attestation'
  | 'invalid_attestation'
  | 'backup_eligibility_changed'
  | 'counter_not_increased'
  | 'invalid_signature'

export type PasskeyFailure = { readonly reason: PasskeyRefusal }

/** What the response to our options must say. */
export type Expected = {
  readonly challengeHash: string
  readonly rpId: string
  /** Compared exactly, scheme and port included. */
  readonly origins: readonly string[]
}

/**
 * Verifies a new passkey (WebAuthn L3 7.1). The caller uses the challenge up, and stores the id only where no account has it
 * (step 26).
 */
export async function verifyRegistration({
  credential,
  ...expected
}: Expected & {
  readonly credential: Credential
}): Promise<Result<NewPasskey, PasskeyFailure>> {
  if (credential.kind !== 'registration') return refuse('malformed')
  const attestation = readAttestation(bytesOf(credential.attestationObject))
  if (!attestation) return refuse('malformed')
  const { data, publicKey } = attestation
  const clientData = bytesOf(credential.clientDataJSON)
  const refusal =
    checkClientData(clientData, { ...expected, type: 'webauthn.create' }) ??
    checkAuthenticatorData(data, expected.rpId) ??
    checkAttestation(attestation, credential)
  if (refusal) return refuse(refusal)
  const isAttested = isSelfSigned(attestation, clientData) && (await isRegistration(credential, expected))
  if (!isAttested) return refuse('invalid_attestation')

  return succeed({
    id: credential.id,
    publicKey: textOf(publicKey),
    counter: data.counter,
    backupEligible: data.flags.be,
    backedUp: data.flags.bs,
    transports: credential.transports,
  })
}

function checkAttestation(attestation: Attestation, credential: RegistrationCredential): PasskeyRefusal | undefined {
  const { credentialId, publicKey } = attestation
  if (textOf(credentialId) !== credential.id) return 'wrong_credential'
  const refusal = checkPublicKey(publicKey)
  if (refusal) return refusal
  return isSupportedAttestation(attestation) ? undefined : 'unsupported_attestation'
}

/**
 * Verifies a log-in by a passkey (WebAuthn L3 7.2). The caller uses the challenge up, and stores the counter only if it has
 * not changed meanwhile.
 */
export async function verifyAssertion({
  credential,
  passkey,
  isDiscovered,
  ...expected
}: Expected & {
  readonly credential: Credential
  /** The one whose id the credential has. */
  readonly passkey: Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'backupEligible' | 'userHandle'>
  /** Whether nothing but the credential says whose log-in this is. Then it must name the user too. */
  readonly isDiscovered: boolean
}): Promise<Result<Pick<Passkey, 'counter' | 'backedUp'>, PasskeyFailure>> {
  if (credential.kind !== 'assertion') return refuse('malformed')
  if (credential.id !== passkey.id) return refuse('wrong_credential')
  const clientData = bytesOf(credential.clientDataJSON)
  const authenticatorData = bytesOf(credential.authenticatorData)
  const data = readAuthenticatorData(authenticatorData)
  if (!data) return refuse('malformed')
  const userHandle = credential.userHandle ?? (isDiscovered ? undefined : passkey.userHandle)
  if (userHandle !== passkey.userHandle) return refuse('wrong_user')
  const refusal =
    checkClientData(clientData, { ...expected, type: 'webauthn.get' }) ??
    checkAuthenticatorData(data, expected.rpId) ??
    compareWithStored(data, passkey)
  if (refusal) return refuse(refusal)
  const signed = { authenticatorData, clientData, signature: bytesOf(credential.signature) }
  const isSigned = isSignedBy(bytesOf(passkey.publicKey), signed) && (await isAssertion(credential, passkey, expected))
  if (!isSigned) return refuse('invalid_signature')

  return succeed({ counter: data.counter, backedUp: data.flags.bs })
}

function compareWithStored(
  { flags, counter }: AuthenticatorData,
  stored: Pick<Passkey, 'backupEligible' | 'counter'>,
): PasskeyRefusal | undefined {
  if (flags.be !== stored.backupEligible) return 'backup_eligibility_changed'
  const isUnused = counter === 0 && stored.counter === 0
  return isUnused || counter > stored.counter ? undefined : 'counter_not_increased'
}

// Two locks: what is checked above, the library checks again in its own way, as far as it does.
async function isRegistration(credential: RegistrationCredential, expected: Expected): Promise<boolean> {
  const { id, clientDataJSON, attestationObject } = credential
  const verified = await attemptLater(() =>
    verifyRegistrationResponse({
      response: { ...jsonOf(id), response: { clientDataJSON, attestationObject } },
      supportedAlgorithmIDs: [...algorithms],
      requireUserVerification: true,
      ...expectationsOf(expected),
    }),
  )
  return verified?.verified === true
}

async function isAssertion(
  { id, clientDataJSON, authenticatorData, signature }: AssertionCredential,
  { publicKey, counter }: Pick<Passkey, 'publicKey' | 'counter'>,
  expected: Expected,
): Promise<boolean> {
  const verified = await attemptLater(() =>
    verifyAuthenticationResponse({
      response: { ...jsonOf(id), response: { clientDataJSON, authenticatorData, signature } },
      credential: { id, publicKey: bytesOf(publicKey), counter },
      requireUserVerification: true,
      ...expectationsOf(expected),
    }),
  )
  return verified?.verified === true
}

const jsonOf = (id: string) => ({ id, rawId: id, type: 'public-key', clientExtensionResults: {} }) as const

const expectationsOf = ({ challengeHash, rpId, origins }: Expected) => ({
  expectedChallenge: (challenge: string) => hashChallenge(challenge) === challengeHash,
  expectedOrigin: [...origins],
  expectedRPID: rpId,
})

const refuse = (reason: PasskeyRefusal) => fail<PasskeyFailure>({ reason })
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'base64url'))
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
