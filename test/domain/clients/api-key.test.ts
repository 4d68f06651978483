import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { clientNamedBy, isSecretOf, newApiKey, readApiKey } from '../../../functions/domain/clients/api-key.ts'

const anyKey = fc
  .uint8Array({ minLength: 44, maxLength: 44 })
  .map((bytes) => newApiKey((count) => (count === 12 ? bytes.subarray(32) : bytes.subarray(0, 32))))

// What docs/api-keys.md tells those who write a secret scanner.
const scanned = /\blk_[0-9A-Za-z]{17}_[0-9A-Za-z]{49}\b/
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const numberOf = (text: string) => [...text].reduce((value, digit) => value * 62 + digits.indexOf(digit), 0)

// REQ-190
test('every key has the form that scanners look for, and a checksum that they can check', () => {
  fc.assert(
    fc.property(anyKey, ({ key }) => {
      expect(scanned.exec(`KEY="${key}"`)?.[0]).toBe(key)
      expect(numberOf(key.slice(-6))).toBe(crc32(key.slice(0, -6)))
    }),
  )
})

test('every key is read as what it was made of', () => {
  fc.assert(
    fc.property(anyKey, ({ id, key, secretHash }) => {
      const read = readApiKey(key)
      expect(read?.id).toBe(id)
      expect(isSecretOf({ secretHash }, read?.secret ?? '')).toBe(true)
      expect(isSecretOf({ secretHash: newApiKey(randomBytes).secretHash }, read?.secret ?? '')).toBe(false)
      expect(clientNamedBy(key)).toBe(`lk_${id}`)
    }),
  )
})

test('no key with another character in it is one', () => {
  fc.assert(
    fc.property(anyKey, fc.nat(69), fc.constantFrom(...digits, '_', '-', ' ', 'é'), ({ key }, place, other) => {
      const changed = key.slice(0, place) + other + key.slice(place + 1)
      expect(readApiKey(changed) === undefined).toBe(changed !== key)
    }),
  )
})

test.each(['', 'lk_', 'lk__', `lk_${'a'.repeat(67)}`, ' lk_', 'LK_'])('"%s" is no key', (text) => {
  expect(readApiKey(text)).toBe(undefined)
})

test('two keys have nothing in common', () => {
  const [a, b] = [newApiKey(randomBytes), newApiKey(randomBytes)]

  expect(a.id).not.toBe(b.id)
  expect(a.secretHash).not.toBe(b.secretHash)
})
