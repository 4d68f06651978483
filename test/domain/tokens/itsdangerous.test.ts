import { createHmac, createPublicKey } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { readRefreshToken } from '../../../functions/domain/sessions/refresh-token.ts'
import { createVerifyAccessToken } from '../../../functions/domain/tokens/access-token.ts'
import { encodePart } from '../../../functions/domain/tokens/jws.ts'
import { createTestKey, verificationKeys } from '../../support/builders/signing-key.ts'
import { stoppedClock } from '../../support/fakes/stopped-clock.ts'

const [issuer, audience] = ['https://auth.example.com', 'https://api.example.com']
const key = await createTestKey()
const clock = stoppedClock()
const verify = createVerifyAccessToken({ issuer, audience, keys: await verificationKeys(key) }, clock)

// TimedJSONWebSignatureSerializer of itsdangerous 1: a JWS in form, its end in the header, HMAC with the bare secret.
function serialise(secret: string | Buffer, header: object, payload: object): string {
  const input = `${encodePart({ alg: 'HS512', iat: clock(), exp: clock() + 3600, ...header })}.${encodePart(payload)}`
  return `${input}.${createHmac('sha512', secret).update(input).digest('base64url')}`
}

const pem = createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' })
const now = clock()
const ours = { iss: issuer, aud: audience, sub: '1', client_id: 'web', jti: 'j', iat: now, exp: now + 900 }

// REQ-149
describe('a token that itsdangerous signed', () => {
  test.each([
    ['as it was', serialise('the secret of old', {}, { id: 1 }), 'unsupported_header'],
    [
      'with the credentials in it',
      serialise('the secret of old', {}, { username: 'ada', password: 'x' }),
      'unsupported_header',
    ],
    ['keyed with our public key', serialise(pem, { typ: 'at+jwt', kid: key.jwk.kid }, ours), 'unsupported_header'],
    ['and that says RS256', serialise(pem, { alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid }, ours), 'bad_signature'],
    // Its first part is the payload: URLSafeTimedSerializer('secret') and URLSafeSerializer('secret') of itsdangerous 2.2.
    ['for a session cookie', 'eyJpZCI6MX0.awVVEw.rJR32-H4rPrepVsGbyn-Jj9UXR0', 'unsupported_header'],
    ['without a time', 'eyJpZCI6MX0.sVcvKVLrmaVWIntYpL7Gk1T9pu0', 'malformed'],
  ])('%s is refused, and is no refresh token either', async (_, token, reason) => {
    expect(await verify(token)).toEqual({ ok: false, failure: { reason } })
    expect(readRefreshToken(token)).toBeUndefined()
  })
})
