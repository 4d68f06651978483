import { describe, expect, test } from '@jest/globals'
import { bcrypt } from '../../../../functions/adapters/bcrypt.ts'
import { createPasswordHasher } from '../../../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../../../functions/domain/passwords/password.ts'
import { bcryptOfEighty, hashes, password, rareHashes } from '../../../support/builders/imported-hashes.ts'

const hasher = createPasswordHasher(bcrypt)
const read = (text: string) => readPassword(text) as Password

// REQ-49
describe('a hash that its password has matched', () => {
  test.each([...hashes, ...rareHashes])('is to be replaced unless it is of the present scheme: %s', async (_, hash) => {
    expect(await hasher.isRenewable(read(password), hash)).toBe(true)
  })

  test('is left as it is when it is of the present scheme', async () => {
    expect(await hasher.isRenewable(read(password), await hasher.hash(read(password)))).toBe(false)
  })

  test.each([
    ['more passes', 'm=19456,t=3,p=1'],
    ['less memory', 'm=19455,t=2,p=1'],
    ['more lanes', 'm=19456,t=2,p=10'],
  ])('is to be made anew when it is argon2id of %s', async (_, costs) => {
    const hash = hasher.decoy.replace('m=19456,t=2,p=1', costs)

    expect(await hasher.isRenewable(read(password), hash)).toBe(true)
  })

  test('may have taken 72 bytes of more, and then proves too little to be replaced', async () => {
    const [typed, longer] = [read('a'.repeat(80)), read(`${'a'.repeat(72)}anything`)]

    expect(await hasher.verify(typed, bcryptOfEighty)).toBe(true)
    expect(await hasher.verify(longer, bcryptOfEighty)).toBe(true)
    expect(await hasher.isRenewable(longer, bcryptOfEighty)).toBe(false)
    expect(await hasher.isRenewable(read('a'.repeat(72)), bcryptOfEighty)).toBe(true)
    expect(await hasher.isRenewable(read('ä'.repeat(37)), bcryptOfEighty)).toBe(false)
  })

  test('may have taken 72 bytes of what was sent, though NFC has fewer', async () => {
    const sent = 'a\u0308'.repeat(30)

    expect(Buffer.byteLength(read(sent))).toBeLessThan(72)
    expect(await hasher.isRenewable(read(sent), bcryptOfEighty)).toBe(true)
    expect(await hasher.isRenewable(read(sent), bcryptOfEighty, sent)).toBe(false)
  })

  test.each([
    ['Django', 'bcrypt$'],
    ['Spring', '{bcrypt}'],
  ])('proves as little when %s writes its name before the bcrypt', async (_, prefix) => {
    const stored = `${prefix}${bcryptOfEighty}`

    expect(await hasher.verify(read('a'.repeat(80)), stored)).toBe(true)
    expect(await hasher.isRenewable(read('a'.repeat(80)), stored)).toBe(false)
    expect(await hasher.isRenewable(read('a'.repeat(72)), stored)).toBe(true)
  })
})
