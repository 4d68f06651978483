import { expect, test } from '@jest/globals'
import { isCompactJws } from '../../functions/domain/compact-jws.ts'

// SECURITY 78
test('a token is looked at up to 8,192 characters and no further', () => {
  const ofLength = (length: number) => `e30.${'A'.repeat(length - 9)}.AAAA`

  expect(isCompactJws(ofLength(8192))).toBe(true)
  expect(isCompactJws(ofLength(8193))).toBe(false)
})
