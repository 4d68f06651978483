import { generateKeyPairSync } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { base64url, decodeJwt, SignJWT } from 'jose'
import {
  assertionForm,
  type ClientTestKey,
  claimsOf,
  createClientKey,
  signAssertion,
} from '../support/builders/assertions.ts'
import { openBrowser, redeem, refresh, responseIn } from '../support/builders/oauth-browser.ts'
import { createOAuthService, issuer, type OAuthService } from '../support/builders/oauth-service.ts'
import { countCalls } from '../support/count-calls.ts'
import { failAt } from '../support/fakes/failing-client.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const calls = countCalls(table.client)
const key = await createClientKey('ES256', { kid: 'first' })
const stranger = await createClientKey('ES256', { kid: 'first' })
const rsa = await createClientKey('RS256')

const withKeys = (...keys: readonly ClientTestKey[]) => ({
  ...{ grant_types: ['client_credentials'], redirect_uris: [], first_party: false, scope: 'orders:read' },
  ...{ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: keys.map(({ jwk }) => jwk) } },
})

async function setUp(metadata: object = withKeys(key)) {
  const service = await createOAuthService(table)
  const { id, secret } = await service.putClient(metadata)
  const claims = (changes: object = {}) => ({ ...claimsOf(id, service.clock()), ...changes })
  const send = (assertion: string, more: Readonly<Record<string, string>> = {}, headers = {}) =>
    ask(service, { ...assertionForm(assertion), ...more }, headers)
  return { service, id, secret, claims, send }
}

async function ask(service: OAuthService, form: Readonly<Record<string, string>>, headers = {}) {
  const { status, text } = await service.call('POST /token', {
    form: { grant_type: 'client_credentials', ...form },
    headers,
  })
  return { status, json: JSON.parse(text) }
}

const refused = { status: 401, json: { error: 'invalid_client' } }

describe('a client with keys', () => {
  // REQ-191
  test.each(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'])('proves itself by %s', async (alg) => {
    const own = await createClientKey(alg)
    const { id, claims, send } = await setUp(withKeys(own))

    const { status, json } = await send(await signAssertion(claims(), own))
    expect(status).toBe(200)
    expect(decodeJwt(json.access_token)).toMatchObject({ sub: id, client_id: id })
  })

  test('has no secret, and cannot prove itself by one', async () => {
    const { service, id, secret } = await setUp()
    const basic = { authorization: `Basic ${Buffer.from(`${id}:a`).toString('base64')}` }

    expect(secret).toBeUndefined()
    expect(await ask(service, {}, basic)).toMatchObject(refused)
    expect(await ask(service, { client_id: id, client_secret: '' })).toMatchObject(refused)
  })

  test('may have several, of which the kid names one, and without a kid all of its kind are tried', async () => {
    const [second, third] = [await createClientKey('ES256', { kid: 'second' }), await createClientKey('ES384')]
    const { claims, send } = await setUp(withKeys(rsa, key, second, third))

    for (const header of [{}, { kid: 'second' }])
      expect(await send(await signAssertion(claims(), second, header))).toMatchObject({ status: 200 })
    for (const kid of ['first', 'unknown', ''])
      expect(await send(await signAssertion(claims(), second, { kid }))).toMatchObject(refused)
    expect(await send(await signAssertion(claims(), third))).toMatchObject({ status: 200 })
  })

  // RFC 7521 section 4.2
  test('may repeat its id, and no other', async () => {
    const { id, claims, send } = await setUp()

    expect(await send(await signAssertion(claims(), key), { client_id: id })).toMatchObject({ status: 200 })
    expect(await send(await signAssertion(claims(), key), { client_id: 'other' })).toMatchObject({
      ...{ status: 400, json: { error: 'invalid_request' } },
    })
  })

  test.each([
    ['a list of one audience', { aud: [issuer] }],
    ['a time before which it is not good', (now: number) => ({ nbf: now })],
    ['a clock that is a little ahead', (now: number) => ({ iat: now + 25, nbf: now + 25 })],
    ['five minutes', (now: number) => ({ exp: now + 300 })],
  ])('may send %s', async (_, changes) => {
    const { service, claims, send } = await setUp()
    const change = typeof changes === 'function' ? changes(Math.floor(service.clock())) : changes

    expect(await send(await signAssertion(claims(change), key))).toMatchObject({ status: 200 })
  })

  test.each(['JWT', 'client-authentication+jwt'])('may say that it is a %s', async (typ) => {
    const { claims, send } = await setUp()

    expect(await send(await signAssertion(claims(), key, { typ }))).toMatchObject({ status: 200 })
  })

  test('signs people in with it: codes, refreshes and log-outs', async () => {
    const { service, id, claims } = await setUp({
      ...withKeys(key),
      ...{ grant_types: ['authorization_code', 'refresh_token'], redirect_uris: ['https://app.example.com/callback'] },
      first_party: true,
    })
    const client = { id, secret: undefined, redirectUri: 'https://app.example.com/callback' }
    const browser = openBrowser(service)
    const { verifier, page } = await browser.authorize(client)
    const { code = '' } = responseIn(await browser.signIn(page))
    const proof = async () => assertionForm(await signAssertion(claims(), key))
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: client.redirectUri }

    expect(await redeem(service, client, { code, code_verifier: verifier })).toMatchObject({ status: 401 })
    const tokens = await ask(service, { ...form, ...(await proof()) })
    expect(tokens).toMatchObject({ status: 200 })
    expect(await refresh(service, client, tokens.json.refresh_token)).toMatchObject({ status: 401 })
    const { refresh_token } = tokens.json
    const renewed = await ask(service, { grant_type: 'refresh_token', refresh_token, ...(await proof()) })
    expect(renewed).toMatchObject({ status: 200 })
    const revoke = async (proved: object) =>
      service.call('POST /revoke', { form: { token: renewed.json.refresh_token, ...proved } })
    expect(await revoke({ client_id: id })).toMatchObject({ status: 401 })
    expect(await revoke(await proof())).toMatchObject({ status: 200 })
    const again = { refresh_token: renewed.json.refresh_token, ...(await proof()) }
    expect(await ask(service, { grant_type: 'refresh_token', ...again })).toMatchObject({ status: 400 })
  })
})

// REQ-191
describe('an assertion is refused', () => {
  type Make = (claims: ReturnType<typeof claimsOf>, now: number) => string | Promise<string>
  const saying =
    (changes: object | ((now: number) => object), header: object = {}): Make =>
    (claims, now) =>
      signAssertion({ ...claims, ...(typeof changes === 'function' ? changes(now) : changes) }, key, header)
  const unsigned = (header: object, claims: object) =>
    [header, claims].map((part) => base64url.encode(JSON.stringify(part))).join('.')
  const bySecret = (claims: object, secret: string, alg = 'HS256') =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg }).sign(Buffer.from(secret.padEnd(64, ' ')))

  const hostile: Readonly<Record<string, readonly [reason: string, make: Make]>> = {
    'signed by somebody else': ['assertion_signature', (claims) => signAssertion(claims, stranger, { kid: 'first' })],
    'signed by a key that it brings along': [
      'assertion_signature',
      (claims) => signAssertion(claims, stranger, { jwk: stranger.jwk, jku: 'https://evil.example/jwks.json' }),
    ],
    'signed by a key of another kind': ['assertion_signature', (claims) => signAssertion(claims, rsa)],
    'not signed': ['assertion_header', (claims) => `${unsigned({ alg: 'none' }, claims)}.AAAA`],
    'signed by nothing, in capitals': ['assertion_header', (claims) => `${unsigned({ alg: 'NONE' }, claims)}.AAAA`],
    'signed by the public key as a secret': ['assertion_header', (claims) => bySecret(claims, JSON.stringify(key.jwk))],
    'signed by half a signature': [
      'assertion_signature',
      async (claims) => {
        const [header, payload, signature = ''] = (await signAssertion(claims, key)).split('.')
        return [header, payload, base64url.encode(base64url.decode(signature).subarray(0, 32))].join('.')
      },
    ],
    'signed by zeros': [
      'assertion_signature',
      (claims) => `${unsigned({ alg: 'ES256' }, claims)}.${base64url.encode(Buffer.alloc(64))}`,
    ],
    'without algorithm': ['assertion_header', (claims) => `${unsigned({}, claims)}.AAAA`],
    'an access token by its type': ['assertion_header', saying({}, { typ: 'at+jwt' })],
    'with an extension that is critical': [
      'assertion_header',
      async (claims) => {
        const [, payload, signature] = (await signAssertion(claims, key)).split('.')
        return `${base64url.encode(JSON.stringify({ alg: 'ES256', crit: ['exp'], exp: 1 }))}.${payload}.${signature}`
      },
    ],
    'changed after it was signed': [
      'assertion_signature',
      async (claims) => {
        const [header, , signature] = (await signAssertion(claims, key)).split('.')
        return `${header}.${base64url.encode(JSON.stringify({ ...claims, jti: 'another' }))}.${signature}`
      },
    ],
    'for the token endpoint': ['assertion_audience', saying({ aud: `${issuer}/token` })],
    'for the issuer with a slash': ['assertion_audience', saying({ aud: `${issuer}/` })],
    'for another server': ['assertion_audience', saying({ aud: 'https://other.example.com' })],
    'for this server and another': ['assertion_audience', saying({ aud: [issuer, 'https://other.example.com'] })],
    'for this server twice': ['assertion_audience', saying({ aud: [issuer, issuer] })],
    'for nobody': ['assertion_audience', saying({ aud: undefined })],
    'for no server': ['assertion_audience', saying({ aud: [] })],
    'for a list in a list': ['assertion_audience', saying({ aud: [[issuer]] })],
    'issued by somebody else': ['assertion_claims', saying({ iss: 'https://other.example.com' })],
    'issued by nobody': ['assertion_claims', saying({ iss: undefined })],
    'without id': ['assertion_claims', saying({ jti: undefined })],
    'with an empty id': ['assertion_claims', saying({ jti: '' })],
    'with a number as id': ['assertion_claims', saying({ jti: 1 })],
    'with a long id': ['assertion_claims', saying({ jti: 'a'.repeat(257) })],
    expired: ['assertion_times', saying((now) => ({ exp: now }))],
    'good for too long': ['assertion_times', saying((now) => ({ exp: now + 301 }))],
    'good for ever': ['assertion_times', saying({ exp: undefined })],
    'good until a text': ['assertion_times', saying((now) => ({ exp: `${now + 60}` }))],
    'not good yet': ['assertion_times', saying((now) => ({ nbf: now + 60 }))],
    'not good before a text': ['assertion_times', saying({ nbf: 'now' })],
    'issued tomorrow': ['assertion_times', saying((now) => ({ iat: now + 86_400 }))],
    'issued an hour ago': ['assertion_times', saying((now) => ({ iat: now - 3600 }))],
    'issued at null': ['assertion_times', saying({ iat: null })],
  }

  test.each(Object.entries(hostile))('that is %s', async (_, [reason, make]) => {
    const { service, id, claims, send } = await setUp()
    const assertion = await make(claims(), Math.floor(service.clock()))
    const before = calls.length

    expect(await send(assertion)).toMatchObject(refused)
    expect(service.logged().at(-1)).toMatchObject({ outcome: 'failure', reason, client_id: id })
    // What is refused uses up nothing, so nobody can spend the ids of others.
    expect(calls.slice(before).filter((call) => !/^(GetItem|Query)/.test(call))).toEqual(['UpdateItem'])
    expect(JSON.stringify(service.logged())).not.toContain(assertion.split('.')[2] || assertion)
  })

  test('without a signature, whatever its header says', async () => {
    const { claims, send } = await setUp()

    for (const alg of ['none', 'NONE', 'ES256'])
      expect(await send(`${unsigned({ alg }, claims())}.`)).toMatchObject(refused)
  })

  test.each(['', 'a', 'a.b', 'a.b.c', 'e30.e30.', '....', 'a.b.c.d.e', `${'a'.repeat(9000)}.b.c`])(
    'that is no JWS: %s',
    async (assertion) => {
      const { send } = await setUp()
      const { status, json } = await send(assertion)

      expect([400, 401]).toContain(status)
      expect(['invalid_request', 'invalid_client']).toContain(json.error)
    },
  )

  test('that is a token of ours, or of a client with a secret, or for nobody who is registered', async () => {
    const { service, claims, send } = await setUp()
    const token = (await send(await signAssertion(claims(), key))).json.access_token
    const bySecretOnly = await service.putClient({
      ...withKeys(key),
      ...{ token_endpoint_auth_method: 'client_secret_basic', jwks: undefined },
    })
    const nobody = claimsOf('nobody', service.clock())

    expect(await send(token)).toMatchObject(refused)
    for (const each of [claimsOf(bySecretOnly.id, service.clock()), nobody])
      expect(await send(await signAssertion(each, key))).toMatchObject(refused)
    expect(await send(await signAssertion({ ...nobody, sub: 1 }, key))).toMatchObject(refused)
  })

  test('beside another way to prove who the client is, or as another type', async () => {
    const { service, id, claims, send } = await setUp()
    const make = () => signAssertion(claims(), key)
    const invalid = { status: 400, json: { error: 'invalid_request' } }

    expect(await send(await make(), { client_secret: 'a' })).toMatchObject(invalid)
    const basic = { authorization: `Basic ${Buffer.from(`${id}:a`).toString('base64')}` }
    expect(await send(await make(), {}, basic)).toMatchObject(invalid)
    expect(await send(await make(), { client_assertion_type: 'saml2' })).toMatchObject(invalid)
    expect(await ask(service, { client_assertion: await make() })).toMatchObject(invalid)
    expect(await ask(service, { client_assertion_type: 'a', client_id: id })).toMatchObject(invalid)
  })

  test('the second time, and of many at once all but one, also in the names of several clients', async () => {
    const { service, claims, send } = await setUp()
    const assertion = await signAssertion(claims(), key)
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(assertion)))

    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(11).fill(401)])
    expect(await send(assertion)).toMatchObject(refused)
    expect(service.logged().filter(({ reason }) => reason === 'assertion_reused')).toHaveLength(12)
    // Ids are told apart by client.
    const other = await service.putClient(withKeys(key))
    const { jti } = decodeJwt(assertion)
    const theirs = { ...claimsOf(other.id, service.clock()), jti }
    expect(await send(await signAssertion(theirs, key))).toMatchObject({ status: 200 })
  })

  test('when the key was taken from the client', async () => {
    const { service, id, claims, send } = await setUp()
    await service.putClient({ ...withKeys(stranger), client_id: id })

    expect(await send(await signAssertion(claims(), key))).toMatchObject(refused)
    expect(await send(await signAssertion(claims(), stranger))).toMatchObject({ status: 200 })
  })
})

// DESIGN 19: at most 3 reads, 1 signature, and 1 write more than with a secret.
test('a token for an assertion costs 2 reads and 1 write', async () => {
  const { claims, send } = await setUp()
  await send(await signAssertion(claims(), key))
  const before = calls.length
  await send(await signAssertion(claims(), key))
  const made = calls.slice(before).map((call) => call.replace(/,.*/, ''))

  expect(made.sort()).toEqual(['GetItem', 'Query', 'UpdateItem'])
})

// REQ-131
test.each([
  ['of a call that was not made', false],
  ['of a call whose answer got lost', true],
])('a fault %s is 503, and another assertion gets a token', async (_, isSent) => {
  const { service, claims, send } = await setUp()
  const statuses: (number | undefined)[] = []
  for (let at = 0; at < 10; at += 1) {
    const { client, calls: tried } = failAt(table.client, at, isSent)
    const view = await createOAuthService(
      { client, name: table.name },
      { existing: service.account, clock: service.clock },
    )
    const { status } = await ask(view, assertionForm(await signAssertion(claims(), key)))
    if (tried.made <= at) break
    statuses.push(status)
    expect(await send(await signAssertion(claims(), key))).toMatchObject({ status: 200 })
  }

  expect(statuses.length).toBeGreaterThan(1)
  expect(new Set(statuses)).toEqual(new Set([503]))
})

describe('keys of a client', () => {
  const pemOf = (size: number) =>
    generateKeyPairSync('rsa', { modulusLength: size }).publicKey.export({ format: 'jwk' })
  const small = pemOf(1024)
  const rejected: Readonly<Record<string, unknown>> = {
    'a private key': { keys: [key.privateJwk] },
    'a symmetric key': { keys: [{ kty: 'oct', k: 'AAAA' }] },
    'a public key with a secret member': { keys: [{ ...key.jwk, d: '' }] },
    'RSA of 1024 bits': { keys: [small] },
    'RSA with exponent 3': { keys: [{ ...rsa.jwk, e: 'Aw' }] },
    'RSA with exponent 1': { keys: [{ ...rsa.jwk, e: 'AQ' }] },
    'a point that is not on its curve': { keys: [{ ...key.jwk, x: key.jwk.y }] },
    'another curve': {
      keys: [generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'jwk' })],
    },
    'X25519, which signs nothing': { keys: [generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' })] },
    'a curve of another type': { keys: [{ ...key.jwk, kty: 'OKP' }] },
    'a key to encrypt': { keys: [{ ...key.jwk, use: 'enc' }] },
    'a key that may not verify': { keys: [{ ...key.jwk, key_ops: ['sign'] }] },
    'an algorithm of another kind': { keys: [{ ...key.jwk, alg: 'RS256' }] },
    'the algorithm none': { keys: [{ ...key.jwk, alg: 'none' }] },
    'one kid twice': { keys: [key.jwk, stranger.jwk] },
    'eleven keys': { keys: Array(11).fill(rsa.jwk) },
    'no key': { keys: [] },
    'no list': { keys: {} },
    'a list': [key.jwk],
    'a name of every object': { keys: [{ kty: 'EC', crv: '__proto__', x: 'AAAA' }] },
    nothing: undefined,
    null: null,
  }

  // REQ-191
  test.each(Object.entries(rejected))('are refused: %s', async (_, jwks) => {
    await expect(setUp({ ...withKeys(key), jwks })).rejects.toThrow(/jwks must be/)
  })

  test('are only for a client that proves itself by them', async () => {
    const change = { token_endpoint_auth_method: 'client_secret_basic' }

    await expect(setUp({ ...withKeys(key), ...change })).rejects.toThrow(/jwks must be left out/)
  })

  test('are kept without what does not belong to them, and found as they were put', async () => {
    const { service, id } = await setUp({
      ...withKeys(),
      jwks: { keys: [{ ...key.jwk, use: 'sig', x5c: ['AAAA'], note: 'a' }], more: 1 },
    })

    expect((await service.clients.findClient(id))?.keys).toEqual([key.jwk])
  })
})
