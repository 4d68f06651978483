import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { readCredential } from '../../../functions/domain/factors/credential.ts'
import {
  creationOptions,
  newChallenge,
  newUserHandle,
  requestOptions,
} from '../../../functions/domain/factors/passkey-options.ts'
import { type NewPasskey, verifyAssertion, verifyRegistration } from '../../../functions/domain/factors/passkeys.ts'
import { type Algorithm, type Authenticator, createAuthenticator, type Lies } from '../../support/authenticator.ts'

const rpId = 'example.com'
const origin = 'https://example.com'
const origins = ['https://app.example.com', origin]
const userHandle = newUserHandle('ada', randomBytes)
const algorithms = ['ES256', 'Ed25519', 'RS256'] as const

/** A registration with a challenge of its own. */
async function register(authenticator: Authenticator, lies?: Lies) {
  const { challenge, challengeHash } = newChallenge(randomBytes)
  const user = { userHandle, userName: 'ada', displayName: 'Ada' }
  const options = creationOptions({ rpId, rpName: 'Example', ...user, exclude: [], challenge })
  const read = readCredential(authenticator.create(options, lies))
  return read.ok ? verifyRegistration({ credential: read.value, challengeHash, rpId, origins }) : read
}

/** A log-in with a challenge of its own. */
async function assert(authenticator: Authenticator, passkey: NewPasskey, lies?: Lies, isDiscovered = true) {
  const { challenge, challengeHash } = newChallenge(randomBytes)
  const read = readCredential(authenticator.get(requestOptions({ rpId, challenge, allow: [passkey] }), lies))
  const stored = { ...passkey, userHandle }
  return read.ok
    ? verifyAssertion({ credential: read.value, passkey: stored, challengeHash, rpId, origins, isDiscovered })
    : read
}

async function setUp(algorithm: Algorithm = 'ES256') {
  const authenticator = createAuthenticator(algorithm)
  const registered = await register(authenticator)
  if (!registered.ok) throw new Error(`The authenticator is refused: ${registered.failure.reason}`)
  return { authenticator, passkey: registered.value }
}

// REQ-173
describe.each(algorithms)('a passkey with %s', (algorithm) => {
  test('is registered, and then logs in', async () => {
    const { authenticator, passkey } = await setUp(algorithm)

    expect(passkey).toEqual({
      id: authenticator.credentialId.toString('base64url'),
      publicKey: expect.stringMatching(/^[\w-]+$/),
      counter: 0,
      backupEligible: true,
      backedUp: true,
      transports: ['hybrid', 'internal'],
    })
    expect(await assert(authenticator, passkey)).toEqual({ ok: true, value: { counter: 0, backedUp: true } })
    expect(await assert(createAuthenticator(algorithm), passkey, { id: passkey.id, userHandle })).toEqual({
      ok: false,
      failure: { reason: 'invalid_signature' },
    })
  })
})
