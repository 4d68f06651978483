import { expect, test } from '@jest/globals'
import { formatScope, grantScope, readScope } from '../../../functions/domain/scopes/scope.ts'

test.each([
  ['', []],
  ['a', ['a']],
  ['orders:read orders:write', ['orders:read', 'orders:write']],
  ['a a b', ['a', 'b']],
])('the scope %j is %j', (text, scope) => {
  expect(readScope(text)).toEqual(scope)
  expect(readScope(formatScope(scope))).toEqual(scope)
})

test.each([' ', ' a', 'a ', 'a  b', 'a\tb', 'a"b', 'a\\b', 'ä', 'a\nb', '\0'])('%j is no scope', (text) => {
  expect(readScope(text)).toBeUndefined()
})

// REQ-203
test('all is granted where nothing is asked for, and never more than there is', () => {
  expect(grantScope(undefined, ['a', 'b'])).toEqual(['a', 'b'])
  expect(grantScope(['b', 'c'], ['a', 'b'])).toEqual(['b'])
  expect(grantScope([], ['a', 'b'])).toEqual([])
  expect(grantScope(['a', 'b', 'c'], ['c', 'b', 'a'], ['a', 'c'], ['c', 'd'])).toEqual(['c'])
  expect(grantScope(undefined, ['a', 'b'], ['b'])).toEqual(['b'])
})
