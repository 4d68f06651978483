import { expect, test } from '@jest/globals'
import { randomId } from '../../functions/domain/random-id.ts'

// REQ-61
test('an id has 128 bits, each of which is random', () => {
  const ids = Array.from({ length: 200 }, () => Buffer.from(randomId(), 'base64url'))
  const bitsOf = (id: Buffer) => [...id].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const ones = ids.map(bitsOf).reduce((sums, bits) => sums.map((sum, at) => sum + Number(bits[at])), Array(128).fill(0))

  expect(ids.every(({ length }) => length === 16)).toBe(true)
  // None is the same in all: of 128 fair bits one would be so in one run of 10^57.
  expect(ones.filter((sum) => sum === 0 || sum === 200)).toEqual([])
})
