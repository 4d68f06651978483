import { afterAll, describe, expect, test } from '@jest/globals'
import { type CredentialJson, createAuthenticator, type Lies } from '../support/authenticator.ts'
import { createHolder } from '../support/builders/factor-holder.ts'
import { createFactorService, origin } from '../support/builders/factor-service.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

type Change = (honest: CredentialJson) => unknown

const inResponse =
  (change: (response: CredentialJson['response']) => object): Change =>
  (honest) => ({ ...honest, response: change(honest.response) })

/** What no browser sends: the form is wrong, so nothing of it is verified. */
const malformed: Readonly<Record<string, Change>> = {
  'no object': () => 'credential',
  'a list': (honest) => [honest],
  'a number': () => 1,
  'nothing in it': () => ({}),
  'no response': ({ response: _, ...rest }) => rest,
  'a response that is a text': (honest) => ({ ...honest, response: 'x' }),
  'another id than rawId': (honest) => ({
    ...honest,
    id: `${honest.id.startsWith('A') ? 'B' : 'A'}${honest.id.slice(1)}`,
  }),
  'an id of 1,024 bytes': (honest) => {
    const id = Buffer.alloc(1024).toString('base64url')
    return { ...honest, id, rawId: id }
  },
  'a padded id': (honest) => ({ ...honest, id: `${honest.id}=`, rawId: `${honest.id}=` }),
  'another type': (honest) => ({ ...honest, type: 'password' }),
  'a type that is an object': (honest) => ({ ...honest, type: { toString: 'public-key' } }),
  'prototype names': () => JSON.parse('{"__proto__":{"id":"x"},"constructor":{"prototype":{}}}'),
  'client data that is a number': inResponse((response) => ({ ...response, clientDataJSON: 1 })),
  'client data of 8 KB': inResponse((response) => ({
    ...response,
    clientDataJSON: Buffer.alloc(8192, 'a').toString('base64url'),
  })),
  'no signature': inResponse(({ signature: _, ...response }) => response),
  'an empty signature': inResponse((response) => ({ ...response, signature: '' })),
  'a signature of 4 KB': inResponse((response) => ({
    ...response,
    signature: Buffer.alloc(4096).toString('base64url'),
  })),
  'a signature in base64': inResponse((response) => ({ ...response, signature: '+/+/' })),
  'a registration': inResponse((response) => ({ ...response, attestationObject: 'oA' })),
}

/** What has the form of a credential, and is a lie. */
const lies: Readonly<Record<string, Lies>> = {
  'another origin': { clientData: { origin: 'https://evil.example' } },
  'a frame of another origin': { clientData: { crossOrigin: true } },
  'another ceremony': { clientData: { type: 'webauthn.create' } },
  'another challenge': { clientData: { challenge: Buffer.alloc(32).toString('base64url') } },
  'client data that is no JSON': { clientDataJSON: '{' },
  'client data with a key twice': { clientDataJSON: '{"type":"webauthn.get","type":"webauthn.get"}' },
  'deep client data': { clientDataJSON: '['.repeat(2000) },
  'another RP ID': { rpId: 'evil.example' },
  'no presence': { flags: { up: false } },
  'no verified user': { flags: { uv: false } },
  'data after the authenticator data': { tail: new Uint8Array(16) },
  'a signature of zeros': { signature: new Uint8Array(64) },
  'another user': { userHandle: Buffer.from('somebody else').toString('base64url') },
}

async function setUp() {
  const service = await createFactorService(table)
  const { enrolPasskey } = createHolder(service)
  const { passkey } = await enrolPasskey()
  const ask = async () => {
    const { json } = await service.call('POST /login/passkey', {})
    return { auth_session: json['auth_session'], options: json['options'] as never }
  }
  return { service, passkey, ask }
}

// REQ-173, REQ-174
describe('POST /login/passkey', () => {
  test('refuses each malformed credential as malformed, and goes on with the right one', async () => {
    const { service, passkey, ask } = await setUp()
    for (const [name, change] of Object.entries(malformed)) {
      const { auth_session, options } = await ask()
      const honest = passkey.get(options)
      const answer = await service.call('POST /login/passkey', { auth_session, credential: change(honest) as object })

      expect([name, answer.status, answer.json['error']]).toEqual([name, 400, 'invalid_request'])
      // Nothing was verified, so nothing was counted.
      expect(await service.call('POST /login/passkey', { auth_session, credential: honest })).toMatchObject({
        status: 200,
      })
    }
  })

  test('refuses each lie with one and the same text', async () => {
    const { service, passkey, ask } = await setUp()
    const answers = new Set<string>()
    for (const [name, lie] of Object.entries(lies)) {
      const { auth_session, options } = await ask()
      const { status, json } = await service.call('POST /login/passkey', {
        ...{ auth_session, credential: passkey.get(options, lie) },
      })

      expect([name, status, json['error']]).toEqual([name, 400, 'invalid_grant'])
      answers.add(JSON.stringify(json))
    }
    const stranger = createAuthenticator('ES256', { origin })
    stranger.create({
      rp: { id: 'example.com' },
      user: { id: Buffer.from('nobody').toString('base64url') },
      challenge: 'x',
    })
    const { auth_session, options } = await ask()
    const unknown = { auth_session, credential: stranger.get(options) }
    answers.add(JSON.stringify((await service.call('POST /login/passkey', unknown)).json))

    expect([...answers]).toEqual([expect.stringContaining('invalid_grant')])
  })
})

// REQ-173
test('POST /factors/passkeys/confirm refuses each lie, and adds nothing', async () => {
  const service = await createFactorService(table)
  const { json: loggedIn } = await service.logIn()
  const token = String(loggedIn['access_token'])
  const refused: Readonly<Record<string, Lies>> = {
    'another origin': { clientData: { origin: 'https://evil.example' } },
    'another ceremony': { clientData: { type: 'webauthn.get' } },
    'another challenge': { clientData: { challenge: Buffer.alloc(32).toString('base64url') } },
    'another RP ID': { rpId: 'evil.example' },
    'no verified user': { flags: { uv: false } },
    'no attested data': { flags: { at: false } },
    'an attestation object that is no CBOR': { attestationObject: () => new Uint8Array([0xff, 0xff]) },
    'an attestation object that nests without end': { attestationObject: () => new Uint8Array(2000).fill(0x81) },
    'an attestation object that promises 4 GB': {
      attestationObject: () => new Uint8Array([0x5b, 0, 0, 0, 1, 0, 0, 0, 0]),
    },
    'a key of another kind': { publicKey: [[1, 99]] },
  }
  for (const [name, lie] of Object.entries(refused)) {
    const { json } = await service.call('POST /factors/passkeys', {}, token)
    const credential = createAuthenticator('ES256', { origin }).create(json['options'] as never, lie)
    const answer = await service.call('POST /factors/passkeys/confirm', { credential }, token)

    expect([name, answer.status]).toEqual([name, 400])
  }
  const { factors } = await service.factors.findCredentials(service.account.sub)
  expect(factors.passkeys).toEqual([])
})
