import { createHmac } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { bcrypt } from '../../../../functions/adapters/bcrypt.ts'
import { createPasswordHasher } from '../../../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../../../functions/domain/passwords/password.ts'
import {
  hashes,
  password,
  publishedHashes,
  rareHashes,
  rareUnicodeHashes,
  unicodeHashes,
  unicodePassword,
} from '../../../support/builders/imported-hashes.ts'
import { numRuns } from '../../../support/random-runs.ts'

const hasher = createPasswordHasher(bcrypt)
const read = (text: string) => readPassword(text) as Password
const bcryptTail = 'N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'

async function importHash(hash: string): Promise<string> {
  const prepared = await hasher.prepareImport(hash)
  if (!prepared.ok || prepared.value === undefined) throw new Error(`Not importable: ${hash}`)
  return prepared.value
}

// REQ-50, REQ-149
describe('a hash of another system', () => {
  test.each([...hashes, ...rareHashes])('verifies its password and no other: %s', async (_, hash) => {
    const stored = await importHash(hash)

    expect(await hasher.verify(read(password), stored)).toBe(true)
    expect(await hasher.verify(read(`${password}.`), stored)).toBe(false)
  })

  test.each([...unicodeHashes, ...rareUnicodeHashes])('verifies a password beyond ASCII: %s', async (_, hash) => {
    const stored = await importHash(hash)

    expect(await hasher.verify(read(unicodePassword), stored)).toBe(true)
    expect(await hasher.verify(read(unicodePassword.replace('ä', 'a')), stored)).toBe(false)
  })

  test.each(publishedHashes)('verifies the password that it was published with: %s', async (_, text, hash) => {
    const stored = await importHash(hash)

    expect(await hasher.verify(read(text), stored)).toBe(true)
    expect(await hasher.verify(read(`${text}.`), stored)).toBe(false)
  })

  // The test vectors of crypt_blowfish. The last password has more than the 72 bytes that bcrypt takes.
  test.each([
    ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
    ['U*U*U', '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
    [
      '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored',
      '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui',
    ],
  ])('of bcrypt is computed as its authors do: %j', async (text, hash) => {
    expect(await hasher.verify(read(text), hash)).toBe(true)
    expect(await hasher.verify(read(`x${text}`), hash)).toBe(false)
  })

  test.each([
    ['bcrypt', `$2b$10$${bcryptTail}`],
    ['Django', `bcrypt$$2b$10$${bcryptTail}`],
    ['Spring', `{bcrypt}$2b$10$${bcryptTail}`],
    ['WordPress', `$wp$2y$10$${bcryptTail}`],
  ])('is not the bcrypt of %s where no bcrypt was given', async (_, hash) => {
    const without = createPasswordHasher()

    expect(await without.prepareImport(hash)).toMatchObject({ ok: false, failure: { part: 'scheme' } })
    expect(await without.verify(read(password), hash)).toBe(false)
  })

  test('of WordPress is compared without the spaces around the password, and one of phpBB with them', async () => {
    const spaced = read(`  ${password}\n`)
    const importOf = (start: string) => importHash(rareHashes.find(([, hash]) => hash.startsWith(start))?.[1] ?? '')

    expect(await hasher.verify(spaced, await importOf('$wp$'))).toBe(true)
    expect(await hasher.verify(spaced, await importOf('$P$'))).toBe(true)
    expect(await hasher.verify(spaced, await importOf('$H$'))).toBe(false)
  })

  test.each(['', '!', '!B3WyoCJdOXnQ62nNHrIyJKQdqWVHDL5hB0uW23g7'])(
    'that says that there is none is imported as no password: %j',
    async (hash) => {
      expect(await hasher.prepareImport(hash)).toEqual({ ok: true, value: undefined })
      expect(await hasher.verify(read(password), hash)).toBe(false)
    },
  )
})

// REQ-5, REQ-50
describe('an imported hash of a password that was not in NFC', () => {
  const werkzeug = (text: string) => importHash(`sha256$saltsalt$${hmac(text)}`)

  test.each([
    ['decomposed letters', 'cafe\u0301 au lait'],
    ['a letter that NFC takes apart', '\u0958 as the first letter'],
    ['a sign that NFC replaces', 'ten \u212b'],
  ])('verifies what was sent: %s', async (_, sent) => {
    expect(await hasher.verify(read(sent), await werkzeug(sent), sent)).toBe(true)
    expect(await hasher.verify(read(sent), await werkzeug(sent))).toBe(false)
    expect(await hasher.verify(read(sent), await werkzeug(sent.normalize('NFC')), sent)).toBe(true)
    expect(await hasher.verify(read(`${sent}.`), await werkzeug(sent), `${sent}.`)).toBe(false)
  })

  test('is no reason to try our own hashes with anything but NFC', async () => {
    const sent = 'cafe\u0301 au lait'
    const stored = await hasher.hash(sent as Password)

    expect(await hasher.verify(read(sent), stored, sent)).toBe(false)
    expect(await hasher.verify(read(sent), await hasher.hash(read(sent)), sent)).toBe(true)
  })
})

// REQ-51
describe('a hash with one character changed', () => {
  const cheap = [...hashes, ...rareHashes, ...publishedHashes.map(([maker, , hash]) => [maker, hash] as const)].filter(
    ([, hash]) =>
      /^(?:sha|md5|pbkdf2:sha1:1000\$|\$P|\$H|\{SSHA|\$firebase|\$S\$5|\$6\$[^r]|A[AQN]|\$argon2id.*m=8192)/.test(hash),
  )
  // $P$ and $H$ are one scheme, and the last character of base64 may have bits that mean nothing.
  const isSame = (hash: string, at: number) =>
    (/^\$[PH]/.test(hash) && at === 1) || ['$', '=', undefined].includes(hash[at + 1])

  test('verifies nothing, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...cheap),
        fc.nat(),
        fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
        async ([, hash], position, character) => {
          const at = position % hash.length
          fc.pre(hash[at] !== character && !isSame(hash, at))
          const changed = `${hash.slice(0, at)}${character}${hash.slice(at + 1)}`
          const prepared = await hasher.prepareImport(changed)
          const published = publishedHashes.find(([, , found]) => found === hash)?.[1] ?? password
          const stored = prepared.ok ? (prepared.value ?? '') : changed
          expect(await hasher.verify(read(published), stored)).toBe(false)
        },
      ),
      { numRuns: numRuns(100), seed: 13 },
    )
  })
})

function hmac(text: string): string {
  return createHmac('sha256', 'saltsalt').update(text).digest('hex')
}
