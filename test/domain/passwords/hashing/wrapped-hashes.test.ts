import { describe, expect, test } from '@jest/globals'
import { bcrypt } from '../../../../functions/adapters/bcrypt.ts'
import { createPasswordHasher } from '../../../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../../../functions/domain/passwords/password.ts'
import { hashes, password, publishedHashes, rareHashes } from '../../../support/builders/imported-hashes.ts'

const hasher = createPasswordHasher(bcrypt)
const typed = readPassword(password) as Password
const isFast = ([, hash]: readonly [string, string]) => /^(?:md5|sha\d+)\$|^\$[PH]\$|^\{SSHA/.test(hash)
const fast = rareHashes.filter(isFast)

async function importHash(hash: string): Promise<string> {
  const prepared = await hasher.prepareImport(hash)
  if (!prepared.ok || prepared.value === undefined) throw new Error(`Not importable: ${hash}`)
  return prepared.value
}

/** Characters that only the digest of this password has. */
const keyOf = (hash: string): string => (hash.startsWith('{') ? hash.slice(hash.indexOf('}') + 1) : hash.slice(-20))

describe('a digest that is too fast to be stored', () => {
  test.each(fast)('is stored inside a hash of argon2id: %s', async (_, hash) => {
    const [first, second] = await Promise.all([importHash(hash), importHash(hash)])

    expect(first).toMatch(/^wrapped\$[\w-]+\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(first).not.toBe(second)
    expect(await hasher.verify(typed, first)).toBe(true)
  })

  test.each(fast)('leaves nothing of itself but its salt: %s', async (_, hash) => {
    const stored = await importHash(hash)
    const [, inner = '', ...outer] = stored.split('$')
    const kept = Buffer.from(inner, 'base64url').toString()

    expect(kept).not.toContain(keyOf(hash))
    expect(outer.join('$')).not.toContain(keyOf(hash))
    // What is kept has the length and the salt of the hash, and is a hash that no password is known for.
    expect(kept).toHaveLength(hash.length)
    expect(await hasher.verify(typed, kept)).toBe(false)
  })

  test.each(fast)('is not wrapped again when our own export of it is imported: %s', async (_, hash) => {
    const stored = await importHash(hash)

    expect(await importHash(stored)).toBe(stored)
  })

  test('is replaced by a hash of its password at the first good log-in', async () => {
    for (const [, hash] of fast) expect(await hasher.isRenewable(typed, await importHash(hash))).toBe(true)
  })
})

test('hashes that are slow are stored as they are', async () => {
  const slow = [...hashes, ...rareHashes, ...publishedHashes.map(([maker, , hash]) => [maker, hash] as const)].filter(
    (each) => !isFast(each),
  )

  for (const [, hash] of slow) expect(await importHash(hash)).toBe(hash)
})
