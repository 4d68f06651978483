import { describe, expect, test } from '@jest/globals'
import { readGroups } from '../../../functions/domain/accounts/groups.ts'

const names = (count: number, length = 3) =>
  Array.from({ length: count }, (_, index) => `${index}`.padStart(length, 'g'))

describe('groups', () => {
  test.each<[string, string | readonly string[], readonly string[]]>([
    ['a list', ['editors', 'admin'], ['editors', 'admin']],
    ['a string with single spaces', 'editors admin', ['editors', 'admin']],
    ['nothing', '', []],
    ['an empty list', [], []],
    ['one name twice', ['admin', 'editors', 'admin'], ['admin', 'editors']],
    ['two cases of a name', 'admin Admin', ['admin', 'Admin']],
    ['a path of Keycloak', ['/staff/editors'], ['/staff/editors']],
    ['fifty', names(50), names(50)],
    ['one of 128 characters', ['g'.repeat(128)], ['g'.repeat(128)]],
    ['1,000 characters in all', [...names(9, 100), 'a'.repeat(91)], [...names(9, 100), 'a'.repeat(91)]],
  ])('are read from %s', (_, given, read) => {
    expect(readGroups(given)).toEqual(read)
  })

  test.each<[string, string | readonly string[]]>([
    ['fifty-one', names(51)],
    ['one of 129 characters', ['g'.repeat(129)]],
    ['more than 1,000 characters in all', [...names(9, 100), 'a'.repeat(92)]],
    ['an empty name', ['']],
    ['a space in a list', ['content editors']],
    ['two spaces', 'a  b'],
    ['a space at the end', 'a '],
    ['a comma', ['a,b']],
    ['a double quote', ['a"b']],
    ['a backslash', ['a\\b']],
    ['a line feed', ['a\nb']],
    ['a letter beyond ASCII', ['éditeurs']],
    ['a lone dash, which is an empty list elsewhere', ['-']],
  ])('are refused as a whole for %s', (_, given) => {
    expect(readGroups(given)).toBeUndefined()
  })
})
