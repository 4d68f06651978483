import { expect, test } from '@jest/globals'
import { grantScope, readScope, scopeText } from '../../functions/domain/scope.ts'

test.each([
  ['', []],
  ['a', ['a']],
  ['orders:read orders:write', ['orders:read', 'orders:write']],
  ['a a b', ['a', 'b']],
])('the scope %j is %j', (text, scope) => {
  expect(readScope(text)).toEqual(scope)
  expect(readScope(scopeText(scope))).toEqual(scope)
})

test.each([' ', ' a', 'a ', 'a  b', 'a\tb', 'a"b', 'a\\b', 'ä', 'a\nb', '\0'])('%j is no scope', (text) => {
  expect(readScope(text)).toBeUndefined()
})

test('all is granted where nothing is asked for, and never more than there is', () => {
  expect(grantScope(['a', 'b'], undefined)).toEqual(['a', 'b'])
  expect(grantScope(['a', 'b'], ['b', 'c'])).toEqual(['b'])
  expect(grantScope(['a', 'b'], [])).toEqual([])
})
