import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { randomId } from '../../../functions/domain/random-id.ts'
import { createIssueAccessToken, createVerifyAccessToken } from '../../../functions/domain/tokens/access-token.ts'
import { createTestKey, forge, verificationKeys } from '../../support/builders/signing-key.ts'
import { stoppedClock } from '../../support/fakes/stopped-clock.ts'
import { createForgery } from '../../support/hostile/forgery.ts'
import { hostileTokens } from '../../support/hostile/tokens.ts'

const issuer = 'https://auth.example.com'
const audience = 'https://api.example.com'
const grant = {
  subject: 'subject-1',
  clientId: 'web',
  sessionId: 'session-1',
  scope: 'orders:read orders:write',
  authTime: 1_799_999_000,
  amr: ['pwd', 'otp', 'mfa'],
} as const
// Made once: an RSA key takes longer than all the rest.
const key = await createTestKey()
const otherKey = await createTestKey()
const keys = await verificationKeys(key)

function setUp({ accepted = keys } = {}) {
  const clock = stoppedClock()
  const issue = createIssueAccessToken({ issuer, audience, lifetime: 900 }, key.signer, clock, randomId)
  const verify = createVerifyAccessToken({ issuer, audience, keys: accepted }, clock)
  const now = clock()
  const claims = { iss: issuer, aud: audience, sub: 's', client_id: 'web', jti: 'j', iat: now, exp: now + 900 }
  const header = { alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid }
  return { clock, issue, verify, now, claims, header }
}

describe('an issued token', () => {
  // REQ-56, REQ-57, REQ-60
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
      amr: ['pwd', 'otp', 'mfa'],
      acr: 'mfa',
    })
  })

  // REQ-61
  test('has an id of its own', async () => {
    const { issue } = setUp()
    const ids = await Promise.all(Array.from({ length: 20 }, async () => decodeJwt(await issue(grant)).jti))

    expect(new Set(ids).size).toBe(20)
  })

  // REQ-62
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
        auth_time: 1_799_999_000,
        amr: ['pwd', 'otp', 'mfa'],
        acr: 'mfa',
        claims: {},
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
    const issue = createIssueAccessToken({ issuer, audience, lifetime: 900 }, longKey.signer, clock, randomId)
    const verify = createVerifyAccessToken({ issuer, audience, keys: await verificationKeys(key, longKey) }, clock)

    expect(await verify(await issue(grant))).toMatchObject({ ok: true })
  })
})

// REQ-64 to REQ-69, REQ-78, REQ-116, REQ-149
describe('a token that must not get in', () => {
  const clock = stoppedClock()
  const forgery = createForgery({ issuer, audience, key, attackersKey: otherKey, now: clock() })

  test.each(hostileTokens.map((token) => [token.name, token.reason, token] as const))(
    '%s, is refused: %s',
    async (_, reason, { make }) => {
      const { verify } = setUp()

      expect(await verify(make(forgery))).toEqual({ ok: false, failure: { reason } })
    },
  )

  test('is made of one that gets in', async () => {
    expect(await setUp().verify(forgery.good)).toMatchObject({ ok: true })
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['an object', { token: 'x' }],
    ['an array', ['a.b.c']],
  ])('%s, which is no text, is malformed', async (_, token) => {
    const { verify } = setUp()

    expect(await verify(token)).toEqual({ ok: false, failure: { reason: 'malformed' } })
  })
})

describe('what a token may say', () => {
  test('the type in full', async () => {
    const { verify, header, claims } = setUp()

    expect(await verify(forge(key, { ...header, typ: 'application/at+jwt' }, claims))).toMatchObject({ ok: true })
  })

  test('groups, and claims of the owner, none of which takes the place of ours', async () => {
    const { issue, verify } = setUp()
    const claims = { tenant: 't', sub: 'eve', scope: 'all', groups: ['admin'], exp: 9e9, amr: ['mfa'] }
    const verified = await verify(await issue({ ...grant, groups: ['editors'], claims }))

    expect(verified).toMatchObject({
      value: { sub: 'subject-1', scope: grant.scope, groups: ['editors'], amr: grant.amr, claims: { tenant: 't' } },
    })
    expect(Object(verified).value.claims).toEqual({ tenant: 't' })
  })

  test('neither sid nor scope nor how someone authenticated, and what is not ours', async () => {
    const { verify, header, claims } = setUp()

    expect(await verify(forge(key, header, { ...claims, roles: [{ name: 'x' }], __proto__: null }))).toEqual({
      ok: true,
      value: { sub: 's', client_id: 'web', jti: 'j', claims: { roles: [{ name: 'x' }] } },
    })
  })

  test('a life of exactly one hour', async () => {
    const { verify, header, claims, now } = setUp()

    expect(await verify(forge(key, header, { ...claims, exp: now + 3600 }))).toMatchObject({ ok: true })
  })

  // Two clocks of AWS differ by milliseconds, and API Gateway would cache the denial.
  test.each(['iat', 'nbf', 'auth_time'])(
    'an %s up to 5 seconds ahead of our clock, and not one second more',
    async (claim) => {
      const { verify, header, claims, now } = setUp()
      const ahead = (seconds: number) => verify(forge(key, header, { ...claims, [claim]: now + seconds }))

      expect(await ahead(5)).toMatchObject({ ok: true })
      expect(await ahead(6)).toEqual({ ok: false, failure: { reason: 'not_yet_valid' } })
    },
  )
})

describe('the end of a token', () => {
  test('is the second that it names: there is no leeway', async () => {
    const { verify, header, claims, now } = setUp()
    const ending = (exp: number) => verify(forge(key, header, { ...claims, iat: now - 60, exp }))

    expect(await ending(now + 1)).toMatchObject({ ok: true })
    expect(await ending(now)).toEqual({ ok: false, failure: { reason: 'expired' } })
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
