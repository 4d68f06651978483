import { createSecretKey } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { createVerifyAccessToken } from '../../../functions/domain/tokens/access-token.ts'
import { createTestKey, forge, verificationKeys } from '../../support/builders/signing-key.ts'
import { stoppedClock } from '../../support/fakes/stopped-clock.ts'

const issuer = 'https://auth.example.com'
const audience = 'https://api.example.com'
const key = await createTestKey()
const keys = await verificationKeys(key)
const clock = stoppedClock()
const now = clock()
const header = { alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid }
const claims = { iss: issuer, aud: audience, sub: 's', client_id: 'web', jti: 'j', iat: now, exp: now + 900 }
const verify = createVerifyAccessToken({ issuer, audience, keys }, clock)
// One letter of the text made a byte that no UTF-8 has.
const brokenAt = (text: string, letter: string) =>
  Buffer.from(text).map((byte) => (byte === letter.charCodeAt(0) ? 0xff : byte))

describe('a rightly signed token', () => {
  // REQ-65: what decodes leniently could read as something else to the next reader.
  test.each([
    ['a header that is no JSON', forge(key, 'header', claims)],
    ['a header that is an array', forge(key, '[]', claims)],
    ['a header that is a number', forge(key, '1', claims)],
    ['a header that is no UTF-8', forge(key, brokenAt(JSON.stringify({ ...header, x: '?' }), '?'), claims)],
    ['claims that are no JSON', forge(key, header, 'claims')],
    ['claims that are an array', forge(key, header, '[]')],
    ['claims that are no UTF-8', forge(key, header, brokenAt(JSON.stringify({ ...claims, sub: '?' }), '?'))],
    ['claims that say sub twice', forge(key, header, JSON.stringify(claims).replace('{', '{"sub":"admin",'))],
  ])('with %s is malformed', async (_, token) => {
    expect(await verify(token)).toEqual({ ok: false, failure: { reason: 'malformed' } })
  })

  test('issued beyond all time has malformed claims', async () => {
    const endless = JSON.stringify(claims).replace(/"iat":\d+/, '"iat":1e999')

    expect(await verify(forge(key, header, endless))).toEqual({ ok: false, failure: { reason: 'malformed_claims' } })
  })
})

// REQ-75: a denial would hide that every token is refused.
test('a key with which nothing can be verified is a fault of ours, not of the token', async () => {
  const symmetric = createSecretKey(Buffer.alloc(32))
  const broken = createVerifyAccessToken({ issuer, audience, keys: new Map([[key.jwk.kid, symmetric]]) }, clock)

  await expect(broken(forge(key, header, claims))).rejects.toThrow('Invalid key object type')
})
