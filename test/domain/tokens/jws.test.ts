import { expect, test } from '@jest/globals'
import { isCompactJws, readJsonPart } from '../../../functions/domain/tokens/jws.ts'

// REQ-78
test('a token is looked at up to 8,192 characters and no further', () => {
  const ofLength = (length: number) => `e30.${'A'.repeat(length - 9)}.AAAA`

  expect(isCompactJws(ofLength(8192))).toBe(true)
  expect(isCompactJws(ofLength(8193))).toBe(false)
})

// REQ-65: a reader that puts a sign in the place of what it cannot read makes one text of two.
test('a part that is no UTF-8 is not read', () => {
  const part = (bytes: string) => Buffer.from(`{"a":"${bytes}"}`, 'latin1').toString('base64url')

  expect(readJsonPart(part('\xc3\xa4'))).toEqual({ a: 'ä' })
  expect(readJsonPart(part('\xff'))).toBeUndefined()
})
