import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { hashRecoveryCode, newRecoveryCodes } from '../../../functions/domain/factors/recovery-codes.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')

function setUp() {
  const { codes, hashes } = newRecoveryCodes(randomBytes)
  const [code = '', hash = ''] = [codes[0], hashes[0]]
  return { codes, hashes, code, hash }
}

// REQ-172
describe('recovery codes', () => {
  test('are ten, each 125 random bits in five groups of five characters', () => {
    const lengths: number[] = []
    const { codes } = newRecoveryCodes((count) => {
      lengths.push(count)
      return randomBytes(count)
    })

    expect(codes).toEqual(Array(10).fill(expect.stringMatching(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/)))
    expect(new Set(codes).size).toBe(10)
    expect(lengths).toEqual(Array(10).fill(25))
  })

  test('use each of 32 characters for as many values of a byte as any other', () => {
    let next = 0
    const { codes } = newRecoveryCodes((count) => Uint8Array.from({ length: count }, () => next++ % 32))
    const used = codes.join('').replaceAll('-', '')

    expect(new Set(used).size).toBe(32)
    for (const byte of [0, 31, 32, 255]) {
      const { codes: same } = newRecoveryCodes((count) => new Uint8Array(count).fill(byte))
      expect(same[0]).toBe(
        Array(5)
          .fill((used[byte % 32] ?? '').repeat(5))
          .join('-'),
      )
    }
  })

  test('are kept as SHA-256 of their 25 characters', () => {
    const { codes, hashes } = setUp()

    expect(hashes).toEqual(codes.map((code) => sha256(code.replaceAll('-', ''))))
    expect(codes.map(hashRecoveryCode)).toEqual(hashes)
  })

  test('may be typed in small letters, with other spaces and dashes or none, full-width, with O for 0, I and L for 1', () => {
    const { code, hash } = setUp()
    const plain = code.replaceAll('-', '')
    const wide = [...plain].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)).join('')

    const ways = [plain, code.toLowerCase(), code.replaceAll('-', ' – '), ` ${code}\r\n`, [...plain].join(' '), wide]
    for (const one of ['I', 'i', 'L', 'l']) ways.push(code.replaceAll('1', one))
    for (const zero of ['O', 'o']) ways.push(code.replaceAll('0', zero))
    expect(ways.map(hashRecoveryCode)).toEqual(ways.map(() => hash))
    expect(hashRecoveryCode('OoIiL-l0000-00000-00000-00000')).toBe(sha256(`001111${'0'.repeat(19)}`))
  })

  test.each([
    '',
    '0'.repeat(24),
    '0'.repeat(26),
    `U${'0'.repeat(24)}`,
    `_${'0'.repeat(24)}`,
    `é${'0'.repeat(24)}`,
    `ß${'0'.repeat(23)}`,
    `${'0'.repeat(25)}${' '.repeat(128)}`,
  ])('cannot be %j', (typed) => {
    expect(hashRecoveryCode(typed)).toBeUndefined()
  })

  test('of any text are undefined or one hash, and nothing throws', () => {
    const { hashes } = setUp()
    const typed = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9A-Za-z -]{20,40}$/))

    fc.assert(
      fc.property(typed, (text) => {
        expect(hashRecoveryCode(text) ?? sha256('')).toMatch(/^[\w-]{43}$/)
        expect(hashes).not.toContain(hashRecoveryCode(text))
      }),
    )
  })
})
