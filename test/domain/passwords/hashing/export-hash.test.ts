import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { bcrypt } from '../../../../functions/adapters/bcrypt.ts'
import { exportHash, type HashFormat } from '../../../../functions/domain/passwords/hashing/export-hash.ts'
import { createPasswordHasher } from '../../../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../../../functions/domain/passwords/password.ts'
import { hashes, password, publishedHashes, rareHashes } from '../../../support/builders/imported-hashes.ts'

const hasher = createPasswordHasher(bcrypt)
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const unpadded = (bytes: Uint8Array) => base64(bytes).replace(/=+$/, '')
const [text, raw] = [Buffer.from('saltsaltsalt'), Buffer.alloc(16, 0xf7)]
const key = (length: number) => Buffer.alloc(length, 7)
const tail = `$2b$10$${'a'.repeat(53)}`
const crypt = `$6$saltsalt$${'a'.repeat(86)}`
const argon2id = `$argon2id$v=19$m=19456,t=2,p=1$${unpadded(raw)}$${unpadded(key(32))}`
const pbkdf2 = (digest: string, salt: Uint8Array, length: number) =>
  `$pbkdf2${digest === 'sha1' ? '' : `-${digest}`}$i=1000$${unpadded(salt)}$${unpadded(key(length))}`
const scrypt = (costs: string, salt: Uint8Array, length: number) =>
  `$scrypt$${costs}$${unpadded(salt)}$${unpadded(key(length))}`
const hex = (length: number) => key(length).toString('hex')

describe('a stored hash, written for another system', () => {
  test.each<readonly [string, string, Readonly<Record<HashFormat, string | undefined>>]>([
    ['argon2id', argon2id, { phc: argon2id, flask: argon2id, django: `argon2${argon2id}` }],
    ['bcrypt', tail, { phc: tail, flask: tail, django: `bcrypt$${tail}` }],
    ['bcrypt of PHP', tail.replace('2b', '2y'), { phc: tail, flask: tail, django: `bcrypt$${tail}` }],
    ['bcrypt of Spring', `{bcrypt}${tail}`, { phc: tail, flask: tail, django: `bcrypt$${tail}` }],
    ['SHA-crypt', crypt, { phc: crypt, flask: undefined, django: undefined }],
    [
      'PBKDF2 with a salt of text',
      `pbkdf2:sha256:1000$${text}$${hex(32)}`,
      {
        phc: pbkdf2('sha256', text, 32),
        flask: `pbkdf2:sha256:1000$${text}$${hex(32)}`,
        django: `pbkdf2_sha256$1000$${text}$${base64(key(32))}`,
      },
    ],
    [
      'PBKDF2 by SHA-1',
      `pbkdf2_sha1$1000$${text}$${base64(key(20))}`,
      {
        phc: pbkdf2('sha1', text, 20),
        flask: `pbkdf2:sha1:1000$${text}$${hex(20)}`,
        django: `pbkdf2_sha1$1000$${text}$${base64(key(20))}`,
      },
    ],
    [
      'PBKDF2 by SHA-512, which Django has not',
      `pbkdf2:sha512:1000$${text}$${hex(64)}`,
      { phc: pbkdf2('sha512', text, 64), flask: `pbkdf2:sha512:1000$${text}$${hex(64)}`, django: undefined },
    ],
    [
      'PBKDF2 with a salt of bytes',
      pbkdf2('sha256', raw, 32),
      { phc: pbkdf2('sha256', raw, 32), flask: undefined, django: undefined },
    ],
    [
      'PBKDF2 with a key that is not as long as its digest',
      pbkdf2('sha256', text, 64),
      { phc: pbkdf2('sha256', text, 64), flask: undefined, django: undefined },
    ],
    [
      'scrypt with a salt of text',
      `scrypt:16384:8:1$${text}$${hex(64)}`,
      {
        phc: scrypt('ln=14,r=8,p=1', text, 64),
        flask: `scrypt:16384:8:1$${text}$${hex(64)}`,
        django: `scrypt$16384$${text}$8$1$${base64(key(64))}`,
      },
    ],
    [
      'scrypt of more memory than Django takes',
      `scrypt:32768:8:1$${text}$${hex(64)}`,
      {
        phc: scrypt('ln=15,r=8,p=1', text, 64),
        flask: `scrypt:32768:8:1$${text}$${hex(64)}`,
        django: undefined,
      },
    ],
    [
      'scrypt with a key of 32 bytes',
      scrypt('ln=14,r=8,p=1', text, 32),
      { phc: scrypt('ln=14,r=8,p=1', text, 32), flask: undefined, django: undefined },
    ],
    ['what is no hash', 'plain', { phc: undefined, flask: undefined, django: undefined }],
  ])('has the form that it reads, or none: %s', (_, stored, forms) => {
    const formats = ['phc', 'flask', 'django'] as const

    expect(Object.fromEntries(formats.map((format) => [format, exportHash(stored, format)]))).toEqual(forms)
  })

  test.each(['$P$', '$wp$', 'sha256$', '{SSHA}', '$firebase', 'bcrypt_sha256', '68aafe18'])(
    'has no other form where only its own system computes it: %s',
    async (start) => {
      const hash = rareHashes.find((each) => each[1].startsWith(start))?.[1] ?? ''
      const prepared = await hasher.prepareImport(hash)
      const stored = (prepared.ok && prepared.value) || ''

      expect(stored).not.toBe('')
      for (const format of ['phc', 'flask', 'django'] as const) expect(exportHash(stored, format)).toBeUndefined()
    },
  )

  test('verifies the same password after it is imported again, and no other', async () => {
    const all = [
      ...[...hashes, ...rareHashes].map(([, hash]) => [password, hash] as const),
      ...publishedHashes.map(([, published, hash]) => [published, hash] as const),
    ].filter(([, hash]) => !hash.includes('rounds=') && !/\$12\$|:1000000|\$1000000\$/.test(hash))

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...all),
        fc.constantFrom<HashFormat>('phc', 'flask', 'django'),
        async ([of, hash], format) => {
          const exported = exportHash(hash, format)
          fc.pre(exported !== undefined)
          const typed = readPassword(of) as Password
          expect(await hasher.prepareImport(exported)).toEqual({ ok: true, value: exported })
          expect(await hasher.verify(typed, exported)).toBe(true)
          expect(await hasher.verify(readPassword(`${of}.`) as Password, exported)).toBe(false)
          expect(exportHash(exported, format)).toBe(exported)
        },
      ),
      { numRuns: 12, seed: 6 },
    )
  })
})
