import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readCredential } from '../../../functions/domain/factors/credential.ts'
import { createAuthenticator } from '../../support/authenticator.ts'
import {
  createPasskey,
  getAssertion,
  readAndAssert,
  readAndRegister,
  refused,
  setUpPasskey,
  userHandle,
} from './ceremonies.ts'

const base64url = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((bytes) => Buffer.from(bytes).toString('base64url'))

const responses = {
  registration: fc.record({ clientDataJSON: base64url(1, 300), attestationObject: base64url(1, 900) }),
  assertion: fc.record(
    {
      clientDataJSON: base64url(1, 300),
      authenticatorData: base64url(37, 300),
      signature: base64url(1, 300),
      userHandle: base64url(1, 64),
    },
    { requiredKeys: ['clientDataJSON', 'authenticatorData', 'signature'] },
  ),
}

const credentials = (response: fc.Arbitrary<object>) =>
  fc
    .tuple(base64url(16, 1023), response)
    .map(([id, made]) => ({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response: made }))

// REQ-173
describe('a credential', () => {
  test('of a registration is read, and what is not needed is left out', () => {
    const { json } = createPasskey(createAuthenticator(), { transports: ['usb', 'nfc', 'usb', 'not-yet-known'] })
    const { clientDataJSON, attestationObject } = json.response

    expect(readCredential({ ...json, more: 1 })).toEqual({
      ok: true,
      value: {
        kind: 'registration',
        id: json.id,
        clientDataJSON,
        attestationObject,
        transports: ['nfc', 'not-yet-known', 'usb'],
      },
    })
  })

  test.each([undefined, null])('of a registration without transports, as %s, is read', (transports) => {
    const { json } = createPasskey(createAuthenticator(), { transports })

    expect(readCredential(json)).toMatchObject({ ok: true, value: { transports: [] } })
  })

  test('of a log-in is read', async () => {
    const { authenticator } = await setUpPasskey()
    const { json } = getAssertion(authenticator)
    const { clientDataJSON, authenticatorData, signature } = json.response

    expect(readCredential(json)).toEqual({
      ok: true,
      value: { kind: 'assertion', id: json.id, clientDataJSON, authenticatorData, signature, userHandle },
    })
  })

  test('that is registration and log-in at once is refused', async () => {
    const { authenticator } = await setUpPasskey()
    const [{ json: created }, { json: got }] = [createPasskey(authenticator), getAssertion(authenticator)]

    expect(readCredential({ ...got, response: { ...got.response, ...created.response } })).toEqual(refused('malformed'))
  })

  test('that lacks any member, or has another type there, is refused', async () => {
    const { authenticator } = await setUpPasskey()
    const wrong = [
      undefined,
      null,
      7,
      true,
      [],
      {},
      '',
      '=',
      'A',
      'ö',
      'a b',
      '____+',
      ['AAAA'],
      { toString: () => 'AAAA' },
    ]

    for (const { json } of [createPasskey(authenticator), getAssertion(authenticator)]) {
      for (const value of wrong) {
        for (const member of ['id', 'rawId', 'type', 'response']) {
          expect(readCredential({ ...json, [member]: value })).toEqual(refused('malformed'))
        }
        for (const member of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature']) {
          if (member === 'authenticatorData' && 'attestationObject' in json.response) continue
          if (!(member in json.response)) continue
          const response = { ...json.response, [member]: value }
          expect(readCredential({ ...json, response })).toEqual(refused('malformed'))
        }
      }
    }
  })

  test('of any kind that is well formed is read as it is', () => {
    for (const [kind, response] of Object.entries(responses)) {
      fc.assert(
        fc.property(credentials(response), (json) => {
          const value = { kind, id: json.id, ...json.response, ...(kind === 'registration' && { transports: [] }) }
          expect(readCredential(json)).toEqual({ ok: true, value })
        }),
      )
    }
  })

  test('of any other value is refused without an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.jsonValue(), fc.record({ id: fc.anything(), response: fc.anything() })),
        (json) => {
          expect(readCredential(json)).toEqual(refused('malformed'))
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('of any bytes fails with a reason, and throws nothing later either', async () => {
    const { passkey } = await setUpPasskey()
    const { expected } = createPasskey(createAuthenticator())

    await fc.assert(
      fc.asyncProperty(credentials(responses.registration), credentials(responses.assertion), async (created, got) => {
        expect(await readAndRegister(created, expected)).toMatchObject({ ok: false })
        expect(await readAndAssert({ ...got, id: passkey.id, rawId: passkey.id }, passkey, expected)).toMatchObject({
          ok: false,
        })
      }),
    )
  })

  test('whose signed bytes are cut, doubled or exchanged anywhere is refused', async () => {
    const { authenticator, passkey } = await setUpPasskey()
    const { json, expected } = getAssertion(authenticator)
    const member = fc.constantFrom('authenticatorData', 'clientDataJSON', 'signature')
    const place = fc.nat({ max: 400 })

    await fc.assert(
      fc.asyncProperty(member, place, place, base64url(0, 40), async (name, from, to, put) => {
        const bytes = Buffer.from(String(json.response[name]), 'base64url')
        const changed = Buffer.concat([bytes.subarray(0, from), Buffer.from(put, 'base64url'), bytes.subarray(to)])
        fc.pre(!changed.equals(bytes))
        const response = { ...json.response, [name]: changed.toString('base64url') }
        expect(await readAndAssert({ ...json, response }, passkey, expected)).toMatchObject({ ok: false })
      }),
      { numRuns: 500 },
    )
  })
})
