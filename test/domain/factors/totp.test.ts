import { randomBytes, randomInt } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { generateHOTP } from '@oslojs/otp'
import fc from 'fast-check'
import { Secret, TOTP, URI } from 'otpauth'
import { matchTotp, newTotpSecret, totpUri } from '../../../functions/domain/factors/totp.ts'

// The key of RFC 6238 appendix B.
const rfcKey = Buffer.from('12345678901234567890')

function setUp(key = randomBytes(20)) {
  const secret = newTotpSecret(() => key)
  // Another implementation than the one that is tested.
  const codeOf = (step: number) => generateHOTP(key, BigInt(step), 6)
  return { secret, codeOf, match: (code: string, now: number) => matchTotp(secret, code, now) }
}

describe('a TOTP secret', () => {
  test('is 160 random bits in base32, upper case, without padding', () => {
    const lengths: number[] = []
    const random = (count: number) => {
      lengths.push(count)
      return randomBytes(64).subarray(7, 7 + count)
    }

    expect(newTotpSecret(random)).toMatch(/^[A-Z2-7]{32}$/)
    expect(lengths).toEqual([20])
    expect(newTotpSecret(randomBytes)).not.toBe(newTotpSecret(randomBytes))
    expect(newTotpSecret(() => rfcKey)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  })
})

// REQ-170
describe('a TOTP code', () => {
  // RFC 6238 appendix B for SHA-1, the last six of eight digits.
  test.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %s is %s', (now, code) => {
    const { match } = setUp(rfcKey)

    expect(match(code, now)).toBe(Math.floor(now / 30))
  })

  test('matches its own time step, the one before and the one after, as another implementation computes it', () => {
    for (let round = 0; round < 1000; round += 1) {
      const { codeOf, match } = setUp()
      const now = randomInt(2 ** 40)
      const current = Math.floor(now / 30)
      const near = [current - 1, current, current + 1]
      const far = [current - 2, current + 2].filter((step) => !near.map(codeOf).includes(codeOf(step)))

      // Two of the three have the same code once in 300,000 times.
      expect(near.map((step) => codeOf(match(codeOf(step), now) ?? -1))).toEqual(near.map(codeOf))
      expect(near.some((step) => match(codeOf(step), now) === step)).toBe(true)
      expect(far.map((step) => match(codeOf(step), now))).toEqual(far.map(() => undefined))
    }
  })

  test('matches to the second', () => {
    const { codeOf, match } = setUp(rfcKey)
    const code = codeOf(1000)

    const seconds = [29_969, 29_970, 29_999.9, 30_000, 30_029, 30_030, 30_059.9, 30_060]
    expect(seconds.map((now) => match(code, now))).toEqual([undefined, 1000, 1000, 1000, 1000, 1000, 1000, undefined])
  })

  test('that two steps share is the one of the later step', () => {
    const { codeOf, match } = setUp(rfcKey)

    expect([codeOf(910737), codeOf(910738)]).toEqual(['911617', '911617'])
    expect([910736, 910737, 910738, 910739].map((step) => match('911617', step * 30))).toEqual([
      910737, 910738, 910738, 910738,
    ])
    expect([codeOf(153567), codeOf(153569)]).toEqual(['468457', '468457'])
    expect(match('468457', 153568 * 30)).toBe(153569)
  })

  test('has no step before the first', () => {
    const { codeOf, match } = setUp(rfcKey)

    expect(match(codeOf(0), 0)).toBe(0)
    expect(match(codeOf(1), 0)).toBe(1)
    expect(match(codeOf(0), -31)).toBeUndefined()
  })

  test('may be typed with spaces, dashes and full-width digits', () => {
    const { match } = setUp(rfcKey)

    for (const typed of ['005 924', ' 005924\n', '005-924', '00–59–24', '００５９２４', '0 0 5 9 2 4']) {
      expect(match(typed, 1234567890)).toBe(41152263)
    }
  })

  test.each([
    '',
    '5924',
    '0005924',
    '89005924',
    '00592४',
    '٠٠٥٩٢٤',
    '005924x',
    '0x05924',
    '+05924',
    '5924.0',
    `005924${' '.repeat(64)}`,
  ])('cannot be %j', (typed) => {
    const { match } = setUp(rfcKey)

    expect(match(typed, 1234567890)).toBeUndefined()
  })

  test('of any other text matches nothing and throws nothing', () => {
    const { codeOf, match } = setUp(rfcKey)
    const good = [99, 100, 101].map(codeOf)

    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^\d{5,7}$/)), (typed) => {
        const plain = typed.normalize('NFKC').replace(/[\s\p{Pd}]/gu, '')
        expect(match(typed, 3000) !== undefined).toBe(good.includes(plain))
      }),
    )
  })
})

describe('the URI for an authenticator app', () => {
  test('names issuer, account, secret and what the code is made by', () => {
    expect(totpUri({ secret: 'GEZDGNBVGY3TQOJQ', issuer: 'Example', account: 'ada@example.com' })).toBe(
      'otpauth://totp/Example:ada%40example.com?issuer=Example&secret=GEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30',
    )
  })

  test('gives back any name and the same codes to the app that reads it', () => {
    const { secret, codeOf } = setUp()

    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.integer({ min: 0, max: 2 ** 40 }),
        (account, step) => {
          const uri = totpUri({ secret, issuer: 'A & B, Inc.', account })
          const { pathname, searchParams } = new URL(uri)
          const read = URI.parse(uri)

          expect(decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1))).toBe(`A & B, Inc.:${account}`)
          expect(searchParams.get('issuer')).toBe('A & B, Inc.')
          expect(read instanceof TOTP && read.generate({ timestamp: step * 30_000 })).toBe(codeOf(step))
        },
      ),
    )
  })

  test('has no colon in the issuer, at which apps would end it, and replaces what is no Unicode text', () => {
    const uri = totpUri({ secret: new Secret().base32, issuer: 'localhost:3000', account: 'a\ud800:b' })

    expect(uri).toContain('totp/localhost%203000:a%EF%BF%BD%3Ab?issuer=localhost%203000&')
  })
})
