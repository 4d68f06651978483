import { expect, test } from '@jest/globals'
import { didYouMean } from '../../../../infra/command-line/line/closest.ts'

const names = ['start', 'invoke', 'admin', 'cost', 'create-user', 'show-user', 'set-scopes']

test.each([
  ['a swapped pair', 'strat', 'start'],
  ['a missing letter', 'invke', 'invoke'],
  ['a letter too many', 'adminn', 'admin'],
  ['a wrong letter', 'cosd', 'cost'],
  ['other case', 'Create-User', 'create-user'],
  ['the beginning of a name', 'cre', 'create-user'],
])('%s is understood: %s', (_, word, name) => {
  expect(didYouMean(word, names)).toBe(` Did you mean ${name}?`)
})

test.each(['deploy', 'x', '', '-', 'constructor', 'user'])('nothing is guessed for %j', (word) => {
  expect(didYouMean(word, names)).toBe('')
})
