import { test } from '@jest/globals'
import { expectKeptPromises } from './kill.ts'

test('a server that is killed at any moment has kept every write that it acknowledged', () => expectKeptPromises([17]))
