import { test } from '@jest/globals'
import { expectKeptPromises } from './kill.ts'

/** How often the server is killed. ROUNDS=50 npm run races -- test/faults/kill does it for some minutes. */
const rounds = Number(process.env['ROUNDS'] ?? 4)

test(
  `a server that is killed ${rounds} times at any moment has kept every write that it acknowledged`,
  () => expectKeptPromises(Array.from({ length: rounds }, () => 1 + Math.floor(Math.random() * 25))),
  3_600_000,
)
