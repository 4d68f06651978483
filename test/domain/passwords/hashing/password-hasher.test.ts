import { describe, expect, test } from '@jest/globals'
import { createPasswordHasher } from '../../../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../../../functions/domain/passwords/password.ts'

const hasher = createPasswordHasher()

function password(text: string): Password {
  const read = readPassword(text)
  if (read === undefined) throw new Error('No password.')
  return read
}

describe('a password hash', () => {
  // REQ-47, REQ-48
  test('is argon2id with the costs that OWASP names first, and a salt of its own', async () => {
    const hashes = await Promise.all([hasher.hash(password('correct horse')), hasher.hash(password('correct horse'))])

    for (const hash of hashes) {
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    }
    expect(hashes[0]).not.toBe(hashes[1])
  })

  test.each(['correct horse', ' ', '💥'.repeat(256), 'e\u0301'])(
    'verifies its password %j and no other',
    async (text) => {
      const hash = await hasher.hash(password(text))

      expect(await hasher.verify(password(text), hash)).toBe(true)
      expect(await hasher.verify(password(`${[...text].slice(1).join('')}x`), hash)).toBe(false)
    },
  )

  // REQ-4: no 72-byte end, as bcrypt has one.
  test('tells passwords apart that differ only in their last character', async () => {
    const hash = await hasher.hash(password(`${'a'.repeat(255)}b`))

    expect(await hasher.verify(password(`${'a'.repeat(255)}c`), hash)).toBe(false)
  })

  // Made by another implementation (the argon2 reference, as libargon2's own test suite states it).
  test.each([
    '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc',
  ])('%s of another implementation verifies "password"', async (hash) => {
    expect(await hasher.verify(password('password'), hash)).toBe(true)
    expect(await hasher.verify(password('differentpassword'), hash)).toBe(false)
  })

  // RFC 7914 section 12, the third vector.
  test('by scrypt verifies', async () => {
    const derived =
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887'
    const encoded = Buffer.from(derived, 'hex').toString('base64').replace(/=+$/, '')
    const hash = `$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$${encoded}`

    expect(await hasher.verify(password('pleaseletmein'), hash)).toBe(true)
    expect(await hasher.verify(password('pleaseletmeout'), hash)).toBe(false)
  })

  // REQ-51: refused before anything is computed. Four gigabytes or a trillion rounds would not come back.
  test.each([
    '',
    'plain text',
    '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$m=19456,t=1000000000,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$m=19456,t=2,p=999$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$m=0,t=0,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$m=256,t=2,p=1$c29t$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65',
    '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$',
    '$scrypt$ln=31,r=8,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$scrypt$ln=14,r=1000000,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$constructor$m=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    `$argon2id$v=19$${'m=1,'.repeat(10000)}m=1$c29tZXNhbHQ$nf65`,
  ])('that is stored as %.60s verifies nothing', async (stored) => {
    expect(await hasher.verify(password('password'), stored)).toBe(false)
  })
})

describe('the decoy', () => {
  // REQ-3
  test('costs what a new hash costs, and matches nothing', async () => {
    const costs = (hash: string) => hash.split('$').slice(0, 4)

    expect(costs(hasher.decoy)).toEqual(costs(await hasher.hash(password('x'))))
    expect(await hasher.verify(password('decoy'), hasher.decoy)).toBe(false)
  })
})
