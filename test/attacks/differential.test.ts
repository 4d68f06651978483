import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { AccessTokenFailure } from '../../functions/domain/tokens/access-token.ts'
import { audience, issuer } from '../support/builders/service.ts'
import type { Verifier } from '../support/hostile/forgery.ts'
import { hostileTokens } from '../support/hostile/tokens.ts'
import { createVerifiers } from './verifiers.ts'

const { forgery, verify, judge } = createVerifiers()
const { now, header, sign } = forgery

/** For which reasons we refuse what each of the others takes: those that the table names and explains, and no more. */
const named = (verifier: Verifier): ReadonlySet<AccessTokenFailure['reason']> =>
  new Set(hostileTokens.filter(({ laxity }) => laxity?.of.includes(verifier)).map(({ reason }) => reason))

const stricter = { jose: named('jose'), 'aws-jwt-verify': named('aws-jwt-verify') }

// REQ-62, REQ-64
test('a good token is taken by all three', async () => {
  expect(await verify(forgery.good)).toMatchObject({ ok: true })
  expect(await judge(forgery.good)).toEqual({ jose: true, 'aws-jwt-verify': true })
})

// REQ-64 to REQ-69
describe('where we refuse', () => {
  test.each(hostileTokens.map((token) => [token.name, token.laxity?.of.join(' and ') ?? 'nobody', token] as const))(
    '%s: it would get past %s',
    async (_, __, { make, laxity }) => {
      const token = make(forgery)
      const takes = await judge(token)

      expect(await verify(token)).toMatchObject({ ok: false })
      expect(Object.entries(takes).flatMap(([verifier, taken]) => (taken ? [verifier] : []))).toEqual(laxity?.of ?? [])
    },
  )
})

/** Mostly what is right, now and then something near it, or any JSON at all. */
const mostly = (right: unknown, ...near: readonly unknown[]) =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constant(right) },
    { weight: 1, arbitrary: fc.constantFrom(undefined, null, '', 0, [right], { right }, ...near) },
    { weight: 1, arbitrary: fc.jsonValue() },
  )

const headers = fc.record({
  alg: mostly('RS256', 'none', 'HS256', 'rs256'),
  typ: mostly('at+jwt', 'application/at+jwt', 'JWT', 'AT+JWT'),
  kid: mostly(header['kid'], '__proto__', `${header['kid']} `),
  crit: mostly(undefined, ['exp'], ['b64']),
  b64: mostly(undefined, true, false),
  zip: mostly(undefined, 'DEF'),
  cty: mostly(undefined, 'JWT'),
  jku: mostly(undefined, forgery.attackersUrl),
  jwk: mostly(undefined, forgery.attackersKey.jwk),
})

const claimSets = fc.record({
  iss: mostly(issuer, `${issuer}/`, issuer.toUpperCase()),
  aud: mostly(audience, `${audience}/`, [audience, 'other']),
  sub: mostly('s', ['s'], 7),
  client_id: mostly('web'),
  jti: mostly('j'),
  iat: mostly(now, now - 600, now - 4000, now + 600, String(now)),
  exp: mostly(now + 900, now - 600, now + 7200, String(now + 900), Number.MAX_VALUE),
  nbf: mostly(undefined, now - 600, now + 600),
  sid: mostly('sid'),
  scope: mostly('a b', 'a  b'),
  auth_time: mostly(now - 600, String(now), now + 600),
  amr: mostly(['pwd', 'otp', 'mfa'], ['pwd'], 'pwd'),
  acr: mostly('mfa', 'pwd', ['mfa']),
})

// REQ-64
describe('whatever our own key has signed', () => {
  test('we take only what both of the others take, and refuse what one takes for a reason that is named', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(headers, claimSets, async (head, body) => {
        const token = sign(head, body)
        const verdict = await verify(token)
        const takes = await judge(token)

        if (verdict.ok) {
          taken += 1
          expect(takes).toEqual({ jose: true, 'aws-jwt-verify': true })
        } else {
          const { reason } = verdict.failure
          for (const verifier of ['jose', 'aws-jwt-verify'] as const) {
            expect({ reason, taken: takes[verifier] && !stricter[verifier].has(reason) }).toEqual({
              reason,
              taken: false,
            })
          }
        }
      }),
      { numRuns: 600 },
    )
    // Else the first branch was never taken, and nothing was compared.
    expect(taken).toBeGreaterThan(60)
  })

  test('a fault of the signature, the key, the issuer or the end is one for all three', () => {
    const ours = ['bad_signature', 'unknown_key', 'wrong_issuer', 'expired'] as const

    for (const reason of ours)
      expect([stricter.jose, stricter['aws-jwt-verify']].some((set) => set.has(reason))).toBe(false)
  })
})

describe('a token without a valid signature', () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    fc.json().map((json) => Buffer.from(json).toString('base64url')),
    headers.map((head) => Buffer.from(JSON.stringify(head)).toString('base64url')),
    claimSets.map((body) => Buffer.from(JSON.stringify(body)).toString('base64url')),
    fc.constantFrom(...forgery.good.split('.'), ''),
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.json(),
    fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.')),
  )

  test('bytes, texts, JSON and parts in any order are taken by none of the three', async () => {
    await fc.assert(
      fc.asyncProperty(
        text.filter((token) => token !== forgery.good),
        async (token) => {
          expect(await verify(token)).toMatchObject({ ok: false })
          expect(await judge(token)).toEqual({ jose: false, 'aws-jwt-verify': false })
        },
      ),
      { numRuns: 1500 },
    )
  })

  test('a value that is not a string is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (token) => {
        expect(await verify(token)).toEqual({ ok: false, failure: { reason: 'malformed' } })
      }),
      { numRuns: 300 },
    )
  })
})
