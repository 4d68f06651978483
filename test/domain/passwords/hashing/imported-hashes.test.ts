import { describe, expect, test } from '@jest/globals'
import { bcrypt } from '../../../../functions/adapters/bcrypt.ts'
import { createPasswordHasher } from '../../../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../../../functions/domain/passwords/password.ts'
import { hashes, password, unicodeHashes, unicodePassword } from '../../../support/builders/imported-hashes.ts'

const hasher = createPasswordHasher(bcrypt)
const read = (text: string) => readPassword(text) as Password
const scryptKey = 'ab'.repeat(64)
const sha256Key = 'ab'.repeat(32)
const bcryptTail = 'N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'

// REQ-50, REQ-149
describe('a hash of another system', () => {
  test.each(hashes)('verifies its password and no other: %s', async (_, hash) => {
    expect(await hasher.verify(read(password), hash)).toBe(true)
    expect(await hasher.verify(read(`${password}.`), hash)).toBe(false)
    expect(await hasher.prepareImport(hash)).toMatchObject({ ok: true })
  })

  test.each(unicodeHashes)('verifies a password beyond ASCII: %s', async (_, hash) => {
    expect(await hasher.verify(read(unicodePassword), hash)).toBe(true)
    expect(await hasher.verify(read(unicodePassword.replace('ä', 'a')), hash)).toBe(false)
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

  test('is not bcrypt where no bcrypt was given', async () => {
    const without = createPasswordHasher()
    const [, hash = ''] = hashes.find(([maker]) => maker.startsWith('bcrypt')) ?? []

    expect(await without.prepareImport(hash)).toMatchObject({ ok: false })
    expect(await without.verify(read(password), hash)).toBe(false)
  })
})

// REQ-51
describe('a hostile or malformed hash', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['Werkzeug scrypt of 16 GiB', `scrypt:16777216:8:1$saltsaltsalt$${scryptKey}`],
    ['Werkzeug scrypt of 2^31 blocks', `scrypt:2147483648:8:1$saltsaltsalt$${scryptKey}`],
    ['Werkzeug scrypt, N no power of two', `scrypt:32767:8:1$saltsaltsalt$${scryptKey}`],
    ['Werkzeug scrypt, N 1', `scrypt:1:8:1$saltsaltsalt$${scryptKey}`],
    ['Werkzeug scrypt, N 0', `scrypt:0:8:1$saltsaltsalt$${scryptKey}`],
    ['Werkzeug scrypt, r 0', `scrypt:32768:0:1$saltsaltsalt$${scryptKey}`],
    ['Werkzeug scrypt, r 999', `scrypt:2:999:1$saltsaltsalt$${scryptKey}`],
    ['Werkzeug scrypt, p 999', `scrypt:2:8:999$saltsaltsalt$${scryptKey}`],
    ['Werkzeug scrypt, much work in little memory', `scrypt:131072:8:5$saltsaltsalt$${scryptKey}`],
    ['Werkzeug scrypt without costs', `scrypt$saltsaltsalt$${scryptKey}`],
    ['Werkzeug scrypt, short salt', `scrypt:32768:8:1$salt$${scryptKey}`],
    ['Werkzeug scrypt, short key', 'scrypt:32768:8:1$saltsaltsalt$abababab'],
    ['Werkzeug scrypt, odd key', `scrypt:32768:8:1$saltsaltsalt$${scryptKey}a`],
    ['Werkzeug scrypt, upper-case key', `scrypt:32768:8:1$saltsaltsalt$${scryptKey.toUpperCase()}`],
    ['Werkzeug PBKDF2, odd key', `pbkdf2:sha256:260000$saltsaltsalt$${sha256Key}a`],
    ['Werkzeug PBKDF2 of 10^12 rounds', `pbkdf2:sha256:1000000000000$saltsaltsalt$${sha256Key}`],
    ['Werkzeug PBKDF2 of 5,000,001 rounds', `pbkdf2:sha256:5000001$saltsaltsalt$${sha256Key}`],
    ['Werkzeug PBKDF2 of 0 rounds', `pbkdf2:sha256:0$saltsaltsalt$${sha256Key}`],
    ['Werkzeug PBKDF2 of -1 rounds', `pbkdf2:sha256:-1$saltsaltsalt$${sha256Key}`],
    ['Werkzeug PBKDF2 of 1e9 rounds', `pbkdf2:sha256:1e9$saltsaltsalt$${sha256Key}`],
    ['Werkzeug PBKDF2 by MD5', `pbkdf2:md5:260000$saltsaltsalt$${sha256Key}`],
    ['Werkzeug PBKDF2 by SHA-1', `pbkdf2:sha1:260000$saltsaltsalt$${'ab'.repeat(20)}`],
    ['Werkzeug plain', 'plain$$password'],
    ['Werkzeug HMAC', `sha256$saltsaltsalt$${sha256Key}`],
    ['bcrypt of cost 31', `$2b$31$${bcryptTail}`],
    ['bcrypt of cost 15', `$2b$15$${bcryptTail}`],
    ['bcrypt of cost 99', `$2b$99$${bcryptTail}`],
    ['bcrypt of cost 03', `$2b$03$${bcryptTail}`],
    ['bcrypt 2x', `$2x$10$${bcryptTail}`],
    ['bcrypt 2', `$2$10$${bcryptTail}`],
    ['bcrypt, short', `$2b$10$${bcryptTail.slice(1)}`],
    ['bcrypt, long', `$2b$10$${bcryptTail}a`],
    ['bcrypt with a line feed', `$2b$10$${bcryptTail}\n`],
    ['Django PBKDF2 of 10^12 rounds', `pbkdf2_sha256$1000000000000$saltsaltsalt$${'A'.repeat(43)}=`],
    ['Django PBKDF2 by SHA-1', `pbkdf2_sha1$260000$saltsaltsalt$${'A'.repeat(27)}=`],
    ['Django PBKDF2, short key', 'pbkdf2_sha256$260000$saltsaltsalt$AAAA'],
    ['Django, no usable password', '!JcrHvAyBcKJm8D2pXbCGoo'],
    ['Django Argon2 of 4 GiB', `argon2$argon2id$v=19$m=4194304,t=2,p=8$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['Argon2i of 4 GiB', `$argon2i$v=19$m=4194304,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['Argon2d', `$argon2d$v=19$m=4096,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['Argon2id, less than 8 KiB a lane', `$argon2id$v=19$m=64,t=2,p=16$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['Argon2id of version 1.0', `$argon2id$m=4096,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['PHC PBKDF2 of 10^9 rounds', `$pbkdf2-sha256$i=1000000000$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['passlib PBKDF2 of 10^9 rounds', `$pbkdf2-sha256$1000000000$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['PHC PBKDF2 by MD5', `$pbkdf2-md5$i=1000$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['PHC scrypt of 16 GiB', `$scrypt$ln=24,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['PHC scrypt of ln 9999999999', `$scrypt$ln=9999999999,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['a megabyte', `$2b$10$${'A'.repeat(1_000_000)}`],
    ['a megabyte of dollars', '$'.repeat(1_000_000)],
    ['MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['crypt', '$6$saltsalt$abcdefgh'],
  ]

  test.each(hostile)('is told from a good one before anything is computed: %s', async (_, stored) => {
    expect(await hasher.prepareImport(stored)).toMatchObject({ ok: false })
    expect(await hasher.verify(read('password'), stored)).toBe(false)
  })
})
