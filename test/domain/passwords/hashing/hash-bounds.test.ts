import { describe, expect, test } from '@jest/globals'
import { bcrypt } from '../../../../functions/adapters/bcrypt.ts'
import { createPasswordHasher } from '../../../../functions/domain/passwords/hashing/password-hasher.ts'
import { shaCrypt } from '../../../../functions/domain/passwords/hashing/rare/sha-crypt.ts'
import type { Password } from '../../../../functions/domain/passwords/password.ts'

const { prepareImport } = createPasswordHasher(bcrypt)
const isVerifiable = async (hash: string) => (await prepareImport(hash)).ok

const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64').replace(/=+$/, '')
const phc = (costs: string, salt = 16, key = 32) => `$${costs}$${base64(salt)}$${base64(key)}`
const argon2id = (m: number, t: number, p: number) => phc(`argon2id$v=19$m=${m},t=${t},p=${p}`)
const scrypt = (N: number, r: number, p: number) => `scrypt:${N}:${r}:${p}$saltsaltsalt$${'ab'.repeat(64)}`
const werkzeug = (rounds: number) => `pbkdf2:sha256:${rounds}$saltsaltsalt$${'ab'.repeat(32)}`
const django = (rounds: number) => `pbkdf2_sha256$${rounds}$saltsaltsalt$${base64(32)}=`
const ofCost = (cost: string) => `$2b$${cost}$${'a'.repeat(53)}`
const cheap = 'pbkdf2-sha256$i=1000'

// REQ-51
describe('a stored hash', () => {
  test.each([
    ['argon2id of 128 MiB', argon2id(131_072, 2, 1), argon2id(131_073, 2, 1)],
    ['argon2id of 8 KiB', argon2id(8, 2, 1), argon2id(7, 2, 1)],
    ['argon2id of 8 KiB a lane', argon2id(128, 2, 16), argon2id(127, 2, 16)],
    ['argon2id of ten passes', argon2id(256, 10, 1), argon2id(256, 11, 1)],
    ['argon2id of one pass', argon2id(256, 1, 1), argon2id(256, 0, 1)],
    ['argon2id of sixteen lanes', argon2id(256, 2, 16), argon2id(256, 2, 17)],
    ['argon2id of one lane', argon2id(256, 2, 1), argon2id(256, 2, 0)],
    ['scrypt of 128 MiB', scrypt(131_072, 8, 1), scrypt(131_072, 9, 1)],
    ['scrypt of 2^20 blocks', scrypt(524_288, 2, 1), scrypt(1_048_576, 2, 1)],
    ['scrypt of N below 2^(16 r)', scrypt(32_768, 1, 1), scrypt(65_536, 1, 1)],
    ['scrypt of two blocks', scrypt(2, 8, 1), scrypt(1, 8, 1)],
    ['scrypt of 128 MiB, four times', scrypt(131_072, 8, 4), scrypt(131_072, 8, 5)],
    ['scrypt of r 64', scrypt(2, 64, 1), scrypt(2, 65, 1)],
    ['scrypt of r 1', scrypt(2, 1, 1), scrypt(2, 0, 1)],
    ['scrypt of p 64', scrypt(2, 1, 64), scrypt(2, 1, 65)],
    ['scrypt of p 1', scrypt(2, 1, 1), scrypt(2, 1, 0)],
    ['PBKDF2 of five million rounds', werkzeug(5_000_000), werkzeug(5_000_001)],
    ['PBKDF2 of one round', werkzeug(1), werkzeug(0)],
    [
      'PBKDF2 of five million rounds over the blocks of its key',
      phc('pbkdf2-sha256$i=1250000', 16, 128),
      phc('pbkdf2-sha256$i=1250001', 16, 128),
    ],
    ['PBKDF2 of five million rounds by Django', django(5_000_000), django(5_000_001)],
    ['bcrypt of cost 14', ofCost('14'), ofCost('15')],
    ['bcrypt of cost 4', ofCost('04'), ofCost('03')],
    ['a salt of 8 bytes', phc(cheap, 8), phc(cheap, 7)],
    ['a salt of 128 bytes', phc(cheap, 128), phc(cheap, 129)],
    ['a key of 16 bytes', phc(cheap, 16, 16), phc(cheap, 16, 15)],
    ['a key of 128 bytes', phc(cheap, 16, 128), phc(cheap, 16, 129)],
  ])('is good up to %s, and not one further', async (_, within, beyond) => {
    expect(await isVerifiable(within)).toBe(true)
    expect(await isVerifiable(beyond)).toBe(false)
  })

  test.each([
    ['Werkzeug PBKDF2', werkzeug(1000)],
    ['Werkzeug scrypt', scrypt(32_768, 8, 1)],
    ['Django PBKDF2', django(1000)],
    ['Django argon2', `argon2${argon2id(256, 2, 1)}`],
    ['bcrypt', ofCost('10')],
    ['argon2id', argon2id(256, 2, 1)],
    ['argon2i', phc('argon2i$v=19$m=256,t=2,p=1')],
    ['PBKDF2 as passlib writes it', phc('pbkdf2-sha256$1000')],
    ['PBKDF2 with the base64 of passlib', `$pbkdf2-sha512$1000$${'.'.repeat(22)}$${'.'.repeat(43)}`],
    ['PBKDF2 as a PHC string', phc(cheap)],
  ])('of %s is none with anything before or after it', async (_, hash) => {
    expect(await isVerifiable(hash)).toBe(true)
    for (const text of [`x${hash}`, ` ${hash}`, `${hash} `, `${hash}$`, `${hash}\n`, `$${hash}`])
      expect(await isVerifiable(text)).toBe(false)
  })

  test('that names a cost twice is malformed, because two readers could take another one each', async () => {
    expect(await isVerifiable(phc('argon2id$v=19$m=256,t=2,p=1'))).toBe(true)
    expect(await isVerifiable(phc('argon2id$v=19$m=256,t=2,t=1,p=1'))).toBe(false)
  })

  test('of the most extreme costs that are good can be computed', async () => {
    const { verify } = createPasswordHasher(bcrypt)
    for (const hash of [scrypt(32_768, 1, 1), scrypt(2, 64, 1), scrypt(524_288, 2, 1), argon2id(8, 1, 1), werkzeug(1)])
      expect(await verify('a password' as Password, hash)).toBe(false)
  })

  test('may have a key of 28 bytes', async () => {
    expect(await isVerifiable(phc(cheap, 16, 28))).toBe(true)
  })
})

// REQ-51
test('SHA-crypt computes nothing for a password so long that its rounds would keep a log-in busy', async () => {
  const longest = '\u{1f600}'.repeat(256)
  const derive = async (rounds: number, password: string) => {
    const read = shaCrypt.read(`$5$rounds=${rounds}$saltsaltsaltsalt$${'a'.repeat(43)}`)
    return read.ok ? (await read.value.derive(password)).length : undefined
  }

  expect(await derive(250_000, longest)).toBe(43)
  expect(await derive(250_001, longest)).toBe(0)
  expect(await derive(1_000_000, 'a'.repeat(257))).toBe(0)
})
