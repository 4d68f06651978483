import { describe, expect, test } from '@jest/globals'
import { createAuthenticator } from '../../support/authenticator.ts'
import {
  assert,
  createPasskey,
  flipEachBit,
  getAssertion,
  readAndAssert,
  readAndRegister,
  refused,
  selfAttestation,
  setUpPasskey,
  userHandle,
} from './ceremonies.ts'

const accepted = (counter: number, backedUp: boolean) => ({ ok: true, value: { counter, backedUp } })
const algorithms = ['ES256', 'Ed25519', 'RS256'] as const

// REQ-173
describe.each(algorithms)('a passkey with %s', (algorithm) => {
  test('is registered, and then logs in', async () => {
    const { authenticator, passkey } = await setUpPasskey(algorithm)

    expect(passkey).toEqual({
      id: authenticator.credentialId.toString('base64url'),
      publicKey: expect.stringMatching(/^[\w-]+$/),
      counter: 0,
      backupEligible: true,
      backedUp: true,
      transports: ['hybrid', 'internal'],
    })
    expect(await assert(authenticator, passkey)).toEqual(accepted(0, true))
  })

  test('is registered with an attestation that it signs itself', async () => {
    const { authenticator, passkey } = await setUpPasskey(algorithm, selfAttestation(algorithm))
    expect(await assert(authenticator, passkey)).toEqual(accepted(0, true))
  })

  test('is no other passkey, whatever that says', async () => {
    const { passkey } = await setUpPasskey(algorithm)

    for (const other of algorithms) {
      const authenticator = createAuthenticator(other)
      expect(await assert(authenticator, passkey, { userHandle })).toEqual(refused('wrong_credential'))
      expect(await assert(authenticator, passkey, { userHandle, id: passkey.id })).toEqual(refused('invalid_signature'))
    }
  })

  test('does not log in by a response of which any bit was changed', async () => {
    const { authenticator, passkey } = await setUpPasskey(algorithm)
    const { json, expected } = getAssertion(authenticator)
    const step = algorithm === 'ES256' ? 1 : 13

    const admitted: unknown[] = []
    for (const member of ['authenticatorData', 'clientDataJSON', 'signature', 'userHandle']) {
      for (const flipped of flipEachBit(json, member, step)) {
        const result = await readAndAssert(flipped, passkey, expected)
        if (result.ok) admitted.push(flipped)
      }
    }
    expect(admitted).toEqual([])
    expect(await readAndAssert(json, passkey, expected)).toEqual(accepted(0, true))
  })

  test('is not registered by a signed response of which any bit was changed', async () => {
    const { json, expected } = createPasskey(createAuthenticator(algorithm), selfAttestation(algorithm))
    const step = algorithm === 'ES256' ? 1 : 13

    const admitted: unknown[] = []
    for (const member of ['attestationObject', 'clientDataJSON']) {
      for (const flipped of flipEachBit(json, member, step)) {
        const result = await readAndRegister(flipped, expected)
        if (result.ok) admitted.push(flipped)
      }
    }
    expect(admitted).toEqual([])
    expect(await readAndRegister(json, expected)).toMatchObject({ ok: true })
  })
})
