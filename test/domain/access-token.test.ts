import { createHmac, createPublicKey } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { createAccessTokenIssuer, createAccessTokenVerifier } from '../../functions/domain/access-token.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createTestKey, forge, verificationKeys } from '../support/signing-key.ts'
import { stoppedClock } from '../support/stopped-clock.ts'

const issuer = 'https://auth.example.com'
const audience = 'https://api.example.com'
const grant = {
  subject: 'subject-1',
  clientId: 'web',
  sessionId: 'session-1',
  scope: ['orders:read', 'orders:write'],
  authTime: 1_799_999_000,
}
// Made once: an RSA key takes longer than all the rest.
const key = await createTestKey()
const otherKey = await createTestKey()
const keys = await verificationKeys(key)

function setUp({ leeway = 0, accepted = keys } = {}) {
  const clock = stoppedClock()
  const issue = createAccessTokenIssuer({ issuer, audience, lifetime: 900 }, key.signer, clock, randomId)
  const verify = createAccessTokenVerifier({ issuer, audience, keys: accepted, leeway }, clock)
  const now = clock()
  const claims = { iss: issuer, aud: audience, sub: 's', client_id: 'web', jti: 'j', iat: now, exp: now + 900 }
  const header = { alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid }
  return { clock, issue, verify, now, claims, header }
}

describe('an issued token', () => {
  // SECURITY 56, 57, 60
  test('says what RFC 9068 asks for, and nothing more', async () => {
    const { issue, now } = setUp()
    const token = await issue(grant)

    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid })
    expect(decodeJwt(token)).toEqual({
      iss: issuer,
      aud: audience,
      sub: 'subject-1',
      client_id: 'web',
      iat: now,
      exp: now + 900,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      sid: 'session-1',
      scope: 'orders:read orders:write',
      auth_time: 1_799_999_000,
    })
  })

  // SECURITY 61
  test('has an id of its own', async () => {
    const { issue } = setUp()
    const ids = await Promise.all(Array.from({ length: 20 }, async () => decodeJwt(await issue(grant)).jti))

    expect(new Set(ids).size).toBe(20)
  })

  // SECURITY 62
  test('is accepted by jose, which did not make it', async () => {
    const { issue, clock } = setUp()
    const options = { algorithms: ['RS256'], typ: 'at+jwt', issuer, audience, currentDate: new Date(clock() * 1000) }

    const { payload } = await jwtVerify(await issue(grant), createLocalJWKSet({ keys: [key.jwk] }), options)
    expect(payload.sub).toBe('subject-1')
  })

  test('is verified into its claims', async () => {
    const { issue, verify } = setUp()

    expect(await verify(await issue(grant))).toEqual({
      ok: true,
      value: {
        sub: 'subject-1',
        client_id: 'web',
        jti: expect.any(String),
        sid: 'session-1',
        scope: 'orders:read orders:write',
      },
    })
  })

  test('is accepted in its last second and refused in the next', async () => {
    const { issue, verify, clock } = setUp()
    const token = await issue(grant)

    clock.advance(899)
    expect(await verify(token)).toMatchObject({ ok: true })
    clock.advance(1)
    expect(await verify(token)).toEqual({ ok: false, failure: { reason: 'expired' } })
  })

  test('of a key of 3,072 bits is accepted', async () => {
    const longKey = await createTestKey(3072)
    const { clock } = setUp()
    const issue = createAccessTokenIssuer({ issuer, audience, lifetime: 900 }, longKey.signer, clock, randomId)
    const verify = createAccessTokenVerifier({ issuer, audience, keys: await verificationKeys(key, longKey) }, clock)

    expect(await verify(await issue(grant))).toMatchObject({ ok: true })
  })

  // SECURITY 64: the text of a token is not its identity, unless it can be written in one way alone.
  test('with any one character changed is refused', async () => {
    const { issue, verify } = setUp()
    const token = await issue(grant)
    const character = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ')
    const changed = fc
      .tuple(fc.nat(token.length - 1), character)
      .map(([at, to]) => token.slice(0, at) + to + token.slice(at + 1))
      .filter((text) => text !== token)

    await fc.assert(
      fc.asyncProperty(changed, async (text) => {
        expect(await verify(text)).toMatchObject({ ok: false })
      }),
      { numRuns: 500 },
    )
  })

  test('is refused with every other last character', async () => {
    const { issue, verify } = setUp()
    const token = await issue(grant)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const others = [...alphabet].map((last) => token.slice(0, -1) + last).filter((text) => text !== token)

    const verdicts = await Promise.all(others.map(verify))
    expect(verdicts.filter(({ ok }) => ok)).toEqual([])
  })
})

describe('the form of a token', () => {
  // SECURITY 65, 78
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['an object', { token: 'x' }],
    ['an array', ['a.b.c']],
    ['empty text', ''],
    ['one part', 'e30'],
    ['two parts', 'e30.e30'],
    ['three empty parts', '..'],
    ['an empty signature', 'e30.e30.'],
    ['an empty payload', 'e30..AAAA'],
    ['five parts, as a JWE has', 'e30.e30.e30.e30.e30'],
    ['a JSON serialisation', '{"payload":"e30","signatures":[]}'],
    ['one megabyte', 'a'.repeat(1_000_000)],
    ['one megabyte of points', '.'.repeat(1_000_000)],
    ['five megabytes in form', `e30.${'AAAA'.repeat(1_250_000)}.AAAA`],
  ])('%s is malformed', async (_, token) => {
    const { verify } = setUp()

    expect(await verify(token)).toEqual({ ok: false, failure: { reason: 'malformed' } })
  })

  test.each([
    ['white space before', (token: string) => ` ${token}`],
    ['white space after', (token: string) => `${token} `],
    ['a line feed after', (token: string) => `${token}\n`],
    ['padding', (token: string) => `${token}==`],
    ['white space within', (token: string) => token.replace('.', '. ')],
    ['a NUL within', (token: string) => token.replace('.', '\0.')],
    ['a fourth part', (token: string) => `${token}.AAAA`],
    ['the alphabet of plain base64', (token: string) => token.replaceAll('_', '/').replaceAll('-', '+')],
  ])('a good token with %s is malformed', async (_, change) => {
    const { verify, issue } = setUp()
    // Until both characters that differ between the alphabets occur.
    let token = await issue(grant)
    while (!token.includes('_') && !token.includes('-')) token = await issue(grant)

    expect(await verify(change(token))).toEqual({ ok: false, failure: { reason: 'malformed' } })
  })

  test('more than 8,192 characters are not looked at', async () => {
    const { verify, header, claims } = setUp()
    const long = forge(key, header, { ...claims, padding: 'x'.repeat(6000) })

    expect(long.length).toBeGreaterThan(8192)
    expect(await verify(long)).toEqual({ ok: false, failure: { reason: 'malformed' } })
  })
})

describe('the header of a token', () => {
  // SECURITY 66 to 69
  test.each([
    ['alg none', { alg: 'none' }],
    ['alg nOnE', { alg: 'nOnE' }],
    ['alg rs256', { alg: 'rs256' }],
    ['alg HS256', { alg: 'HS256' }],
    ['alg RS512', { alg: 'RS512' }],
    ['alg PS256', { alg: 'PS256' }],
    ['alg ES256', { alg: 'ES256' }],
    ['alg as an array', { alg: ['RS256'] }],
    ['no alg', { alg: undefined }],
    ['typ JWT', { typ: 'JWT' }],
    ['typ of another case', { typ: 'AT+JWT' }],
    ['no typ', { typ: undefined }],
    ['typ as an array', { typ: ['at+jwt'] }],
    ['no kid', { kid: undefined }],
    ['kid as a number', { kid: 1 }],
    ['kid as null', { kid: null }],
    ['crit', { crit: ['exp'] }],
    ['empty crit', { crit: [] }],
    ['unknown crit', { crit: ['x'], x: 1 }],
    ['b64 false', { b64: false, crit: ['b64'] }],
    ['b64 true', { b64: true }],
    ['zip', { zip: 'DEF' }],
  ])('with %s is unsupported', async (_, change) => {
    const { verify, header, claims } = setUp()

    expect(await verify(forge(key, { ...header, ...change }, claims))).toEqual({
      ok: false,
      failure: { reason: 'unsupported_header' },
    })
  })

  // SECURITY 67
  test.each(['', '__proto__', 'constructor', 'toString', '../../etc/passwd', "' OR 1=1 --", 'x'.repeat(500)])(
    'with the kid %j finds no key',
    async (kid) => {
      const { verify, header, claims } = setUp()

      expect(await verify(forge(key, { ...header, kid }, claims))).toEqual({
        ok: false,
        failure: { reason: 'unknown_key' },
      })
    },
  )

  // SECURITY 67: whoever brings his own key along is not asked for it.
  test.each([
    ['jwk', { jwk: otherKey.jwk }],
    ['jku', { jku: 'https://attacker.example/jwks.json' }],
    ['x5u', { x5u: 'https://attacker.example/cert.pem' }],
    ['x5c', { x5c: ['MIIB'] }],
  ])('with %s of an attacker is judged by our key', async (_, change) => {
    const { verify, header, claims } = setUp()

    expect(await verify(forge(otherKey, { ...header, ...change }, claims))).toEqual({
      ok: false,
      failure: { reason: 'bad_signature' },
    })
  })

  test('may give the type in full', async () => {
    const { verify, header, claims } = setUp()

    expect(await verify(forge(key, { ...header, typ: 'application/at+jwt' }, claims))).toMatchObject({ ok: true })
  })

  test.each([
    ['text', 'header'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a number', '1'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1')],
    ['JSON after a byte-order mark', `\ufeff${JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid })}`],
    ['a name twice', `{"alg":"none","alg":"RS256","typ":"at+jwt","kid":"${key.jwk.kid}"}`],
  ])('that is %s is malformed or unsupported', async (_, header) => {
    const { verify, claims } = setUp()

    expect(await verify(forge(key, header, claims))).toMatchObject({ ok: false })
  })
})

describe('the signature of a token', () => {
  // SECURITY 66: RS256 to HS256 confusion, with the public key in every encoding.
  test.each([
    ['PEM', createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' })],
    ['PKCS 1', createPublicKey(key.privateKey).export({ type: 'pkcs1', format: 'pem' })],
    ['DER', createPublicKey(key.privateKey).export({ type: 'spki', format: 'der' })],
    ['JWK', JSON.stringify(key.jwk)],
    ['modulus', Buffer.from(key.jwk.n, 'base64url')],
  ])('is no HMAC keyed with the public key as %s', async (_, secret) => {
    const { verify, claims, header } = setUp()
    for (const alg of ['HS256', 'RS256']) {
      const input = forge(key, { ...header, alg }, claims)
        .split('.')
        .slice(0, 2)
        .join('.')
      const mac = createHmac('sha256', secret).update(input).digest('base64url')

      expect(await verify(`${input}.${mac}`)).toMatchObject({ ok: false })
    }
  })

  test.each([
    ['of zeros', () => 'A'.repeat(342)],
    ['cut short', (signature: string) => signature.slice(0, -2)],
    ['cut to four characters', (signature: string) => signature.slice(0, 4)],
    ['written twice', (signature: string) => signature.slice(0, 340) + signature],
  ])('%s is refused', async (_, change) => {
    const { verify, claims, header } = setUp()
    const [head, payload, signature = ''] = forge(key, header, claims).split('.')

    expect(await verify(`${head}.${payload}.${change(signature)}`)).toMatchObject({ ok: false })
  })

  // SECURITY 116
  test('of a retired key is refused, also under the new kid', async () => {
    const { claims, header, clock } = setUp()
    const verify = createAccessTokenVerifier({ issuer, audience, keys: await verificationKeys(otherKey) }, clock)

    expect(await verify(forge(key, header, claims))).toEqual({ ok: false, failure: { reason: 'unknown_key' } })
    expect(await verify(forge(key, { ...header, kid: otherKey.jwk.kid }, claims))).toEqual({
      ok: false,
      failure: { reason: 'bad_signature' },
    })
  })
})

describe('the claims of a token', () => {
  const base = setUp()
  const { now } = base

  // SECURITY 69
  test.each([
    ['another issuer', { iss: 'https://attacker.example' }, 'wrong_issuer'],
    ['our issuer with a slash', { iss: `${issuer}/` }, 'wrong_issuer'],
    ['an issuer in an array', { iss: [issuer] }, 'wrong_issuer'],
    ['no issuer', { iss: undefined }, 'wrong_issuer'],
    ['another audience', { aud: 'https://other.example.com' }, 'wrong_audience'],
    ['our audience among others', { aud: [audience, 'https://other.example.com'] }, 'wrong_audience'],
    ['our audience in an array', { aud: [audience] }, 'wrong_audience'],
    ['no audience', { aud: undefined }, 'wrong_audience'],
    ['no exp', { exp: undefined }, 'malformed_claims'],
    ['exp as a text', { exp: String(now + 900) }, 'malformed_claims'],
    ['exp as null', { exp: null }, 'malformed_claims'],
    ['exp in the past', { exp: now - 1 }, 'expired'],
    ['exp now', { exp: now }, 'expired'],
    ['no iat', { iat: undefined }, 'malformed_claims'],
    ['iat as a text', { iat: String(now) }, 'malformed_claims'],
    ['iat in the future', { iat: now + 1 }, 'not_yet_valid'],
    ['nbf in the future', { nbf: now + 1 }, 'not_yet_valid'],
    ['nbf as a text', { nbf: String(now) }, 'not_yet_valid'],
    ['a life of more than an hour', { exp: now + 3601 }, 'malformed_claims'],
    ['a life that began long ago', { iat: now - 3000, exp: now + 601 }, 'malformed_claims'],
    ['no sub', { sub: undefined }, 'malformed_claims'],
    ['an empty sub', { sub: '' }, 'malformed_claims'],
    ['sub as a number', { sub: 7 }, 'malformed_claims'],
    ['sub as an array', { sub: ['s'] }, 'malformed_claims'],
    ['sub as an object', { sub: { id: 's' } }, 'malformed_claims'],
    ['no client_id', { client_id: undefined }, 'malformed_claims'],
    ['an empty client_id', { client_id: '' }, 'malformed_claims'],
    ['no jti', { jti: undefined }, 'malformed_claims'],
    ['an empty jti', { jti: '' }, 'malformed_claims'],
    ['jti as a number', { jti: 1 }, 'malformed_claims'],
    ['sid as a number', { sid: 1 }, 'malformed_claims'],
    ['scope as an array', { scope: ['a'] }, 'malformed_claims'],
  ])('with %s are refused', async (_, change, reason) => {
    const { verify, header, claims } = base

    expect(await verify(forge(key, header, { ...claims, ...change }))).toEqual({ ok: false, failure: { reason } })
  })

  test.each([
    ['exp beyond every number', (json: string) => json.replace(/"exp":\d+/, '"exp":1e999')],
    ['iat before every number', (json: string) => json.replace(/"iat":\d+/, '"iat":-1e999')],
    ['sub twice', (json: string) => json.replace('{', '{"sub":"admin",')],
    ['an escaped sub twice', (json: string) => json.replace('{', '{"s\\u0075b":"admin",')],
    ['a byte-order mark before', (json: string) => `\ufeff${json}`],
    ['an array', () => '[]'],
    ['null', () => 'null'],
    ['a text', () => '"claims"'],
    ['nothing', () => ' '],
    ['nesting without end', () => '['.repeat(3000)],
  ])('with %s are refused', async (_, change) => {
    const { verify, header, claims } = base

    expect(await verify(forge(key, header, change(JSON.stringify(claims))))).toMatchObject({ ok: false })
  })

  test('may lack sid and scope, and hold what is not ours', async () => {
    const { verify, header, claims } = base

    expect(await verify(forge(key, header, { ...claims, roles: [{ name: 'x' }], __proto__: null }))).toEqual({
      ok: true,
      value: { sub: 's', client_id: 'web', jti: 'j' },
    })
  })

  test('may be of exactly one hour', async () => {
    const { verify, header, claims } = base

    expect(await verify(forge(key, header, { ...claims, exp: now + 3600 }))).toMatchObject({ ok: true })
  })
})

describe('leeway', () => {
  test('is given for clocks that differ, where it is set', async () => {
    const { verify, header, claims, now } = setUp({ leeway: 60 })

    expect(await verify(forge(key, header, { ...claims, iat: now - 900, exp: now - 59 }))).toMatchObject({ ok: true })
    expect(await verify(forge(key, header, { ...claims, iat: now - 900, exp: now - 60 }))).toMatchObject({ ok: false })
    expect(await verify(forge(key, header, { ...claims, iat: now + 60 }))).toMatchObject({ ok: true })
    expect(await verify(forge(key, header, { ...claims, iat: now + 61 }))).toMatchObject({ ok: false })
  })

  test.each([-1, 61, Number.NaN, Number.POSITIVE_INFINITY])('of %d seconds is refused', (leeway) => {
    expect(() => setUp({ leeway })).toThrow('0 to 60 seconds')
  })
})

test('anything at all is answered, and nothing but our own token is accepted', async () => {
  const { verify } = setUp()
  const anything = fc.oneof(
    fc.anything(),
    fc.string(),
    fc.array(fc.base64String(), { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.')),
  )

  await fc.assert(
    fc.asyncProperty(anything, async (token) => {
      expect(await verify(token)).toMatchObject({ ok: false })
    }),
    { numRuns: 300 },
  )
})
