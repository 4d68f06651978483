import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  formatRefreshToken,
  hashSecret,
  isHashOf,
  newFamily,
  newSecret,
  readRefreshToken,
  sessionIdOf,
  successorOf,
} from '../../../functions/domain/sessions/refresh-token.ts'

const fresh = (subject = 'subject-of-22-letters.') => ({
  subject,
  family: newFamily(randomBytes),
  secret: newSecret(randomBytes),
})

const wellFormed = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((text) => text.isWellFormed())

describe('a refresh token', () => {
  // REQ-80
  test('holds 128 random bits of its family and 256 of its secret', () => {
    const { family, secret } = fresh()

    expect([family.length * 8, secret.length * 8]).toEqual([128, 256])
  })

  test('is read as it was written, whatever its subject', () => {
    const subjects = fc.oneof(wellFormed, fc.constantFrom('x', 'x'.repeat(128), '\uFEFFé', '\0'))
    fc.assert(
      fc.property(subjects, (subject) => {
        const token = fresh(subject)
        const read = readRefreshToken(formatRefreshToken(token))

        expect(read && { ...read, family: Buffer.from(read.family), secret: Buffer.from(read.secret) }).toEqual(token)
      }),
    )
  })

  test.each([
    ['empty', ''],
    ['no base64url', '!'.repeat(96)],
    ['padded', `${formatRefreshToken(fresh('ab'))}==`],
    ['followed by white space', `${formatRefreshToken(fresh())} `],
    ['in plain base64', Buffer.alloc(60, 0xfb).toString('base64')],
    ['without a subject', Buffer.alloc(48).toString('base64url')],
    ['of a subject that is no UTF-8', Buffer.concat([Buffer.from([0xff]), Buffer.alloc(48)]).toString('base64url')],
    ['of a subject of 129 bytes', formatRefreshToken(fresh('x'.repeat(129)))],
    ['as long as a body', 'A'.repeat(16_000)],
  ])('is none when it is %s', (_, text) => {
    expect(readRefreshToken(text)).toBeUndefined()
  })

  test('has one spelling: any character changed, it is another or none', () => {
    const token = fresh()
    const text = formatRefreshToken(token)
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. ']
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        fc.pre(text[at] !== character)
        const read = readRefreshToken(text.slice(0, at) + character + text.slice(at + 1))

        expect(read && formatRefreshToken(read)).not.toBe(text)
      }),
    )
  })

  test('has a session id that is a hash of its family and of nothing else', () => {
    const { family } = fresh()

    expect(sessionIdOf(family)).toMatch(/^[\w-]{22}$/)
    expect(sessionIdOf(family)).toBe(sessionIdOf(Buffer.from(family)))
    expect(sessionIdOf(family)).not.toBe(Buffer.from(family).toString('base64url'))
  })

  test('has one successor for a salt, and another for another', () => {
    const { secret } = fresh()
    const [salt, other] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')]

    expect(successorOf(salt, secret)).toEqual(successorOf(salt, Buffer.from(secret)))
    expect(successorOf(salt, secret)).not.toEqual(successorOf(other, secret))
    expect(successorOf(salt, secret)).toHaveLength(32)
  })

  // RFC 4231 section 4.2
  test('has the successor that HMAC-SHA256 makes of salt and secret', () => {
    const salt = Buffer.alloc(20, 0x0b).toString('base64url')

    expect(Buffer.from(successorOf(salt, Buffer.from('Hi There'))).toString('hex')).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    )
  })

  test('is known by the hash of its secret, and no other secret is', () => {
    const [mine, other] = [fresh().secret, fresh().secret]

    expect(isHashOf(hashSecret(mine), mine)).toBe(true)
    expect(isHashOf(hashSecret(mine), other)).toBe(false)
    expect(isHashOf('', mine)).toBe(false)
  })
})
