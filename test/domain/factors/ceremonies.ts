import { randomBytes } from 'node:crypto'
import { readCredential } from '../../../functions/domain/factors/credential.ts'
import {
  creationOptions,
  newChallenge,
  newUserHandle,
  requestOptions,
} from '../../../functions/domain/factors/passkey-options.ts'
import {
  type Expected,
  type NewPasskey,
  verifyAssertion,
  verifyRegistration,
} from '../../../functions/domain/factors/passkeys.ts'
import {
  type Algorithm,
  type Authenticator,
  type CredentialJson,
  createAuthenticator,
  type Lies,
} from '../../support/authenticator.ts'
import type { Cbor } from '../../support/cbor.ts'

const rpId = 'example.com'
export const origin = 'https://example.com'
export const userHandle = newUserHandle('ada', randomBytes)

/** What is asked of one response, with a challenge that no other response answers. */
function newExpectation() {
  const { challenge, challengeHash } = newChallenge(randomBytes)
  const expected: Expected = { challengeHash, rpId, origins: ['https://app.example.com', origin] }
  return { challenge, expected }
}

export function createPasskey(authenticator: Authenticator, lies?: Lies) {
  const { challenge, expected } = newExpectation()
  const user = { userHandle, userName: 'ada', displayName: 'Ada' }
  const options = creationOptions({ rpId, rpName: 'Example', ...user, exclude: [], challenge })
  return { json: authenticator.create(options, lies), expected }
}

export function getAssertion(authenticator: Authenticator, lies?: Lies) {
  const { challenge, expected } = newExpectation()
  return { json: authenticator.get(requestOptions({ rpId, challenge }), lies), expected }
}

export async function readAndRegister(json: unknown, expected: Expected) {
  const read = readCredential(json)
  return read.ok ? verifyRegistration({ credential: read.value, ...expected }) : read
}

export async function readAndAssert(json: unknown, passkey: NewPasskey, expected: Expected, isDiscovered = true) {
  const read = readCredential(json)
  const stored = { ...passkey, userHandle }
  return read.ok ? verifyAssertion({ credential: read.value, passkey: stored, ...expected, isDiscovered }) : read
}

export async function register(authenticator: Authenticator, lies?: Lies) {
  const { json, expected } = createPasskey(authenticator, lies)
  return readAndRegister(json, expected)
}

export async function assert(authenticator: Authenticator, passkey: NewPasskey, lies?: Lies) {
  const { json, expected } = getAssertion(authenticator, lies)
  return readAndAssert(json, passkey, expected)
}

/** An authenticator with a registered passkey. The lies are those of its registration. */
export async function setUpPasskey(algorithm: Algorithm = 'ES256', lies?: Lies) {
  const authenticator = createAuthenticator(algorithm, { origin })
  const registered = await register(authenticator, lies)
  if (!registered.ok) throw new Error(`The registration is refused: ${registered.failure.reason}.`)
  return { authenticator, passkey: registered.value }
}

export const refused = (reason: string) => ({ ok: false, failure: { reason } })

/** Every form of a response in which one bit of one of its members is another. */
export function* flipEachBit(json: CredentialJson, member: string, step = 1): Generator<CredentialJson> {
  const bytes = Buffer.from(String(json.response[member]), 'base64url')
  for (let bit = 0; bit < bytes.length * 8; bit += step) {
    const flipped = Buffer.from(bytes)
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    yield { ...json, response: { ...json.response, [member]: flipped.toString('base64url') } }
  }
}

/** A registration that the passkey attests itself (WebAuthn L3 8.2), as some authenticators send it though none is asked for. */
export const selfAttestation = (algorithm: Algorithm): Lies => ({
  format: 'packed',
  statement: (signature) => statementOf({ ES256: -7, Ed25519: -8, RS256: -257 }[algorithm], signature),
})

export const statementOf = (alg: Cbor, sig: Cbor): Cbor =>
  new Map([
    ['alg', alg],
    ['sig', sig],
  ])
