import { afterAll, describe, expect, test } from '@jest/globals'
import { openTable } from '../support/table.ts'
import { changes, ends, race, underWay } from './pairs.ts'

const table = await openTable()
afterAll(table.close)

const pairsOf = (others: object) =>
  Object.keys(underWay).flatMap((under) => Object.keys(others).map((other) => [under, other] as const))

async function everyOrder(under: string, other: string, acts: typeof ends) {
  const seen = []
  for (let at = 0; ; at += 1) {
    const left = await race(table, underWay[under] as never, acts[other] as never, at)
    if (!left) return seen
    seen.push(left)
  }
}

/**
 * A passkey says whose log-in it is with its third call. What ended sessions before that, and left the passkey, came before
 * the log-in.
 */
const beginsAfter = (under: string, end: string): number =>
  under === 'a passkey alone' && (end === 'revoke-sessions' || end === 'a new password') ? 3 : 0

// REQ-166, REQ-169, REQ-175
describe('whatever was under way when this came first, at each of its calls', () => {
  test.each(pairsOf(ends))('%s, and %s', async (under, end) => {
    const seen = await everyOrder(under, end, ends)

    expect(seen.length).toBeGreaterThan(2)
    for (const [at, left] of seen.entries()) {
      expect(left.alive).toBe(at < beginsAfter(under, end) ? 1 : 0)
      expect(left.exists).toBe(end !== 'delete')
      if (end === 'delete') expect(left.secrets).toEqual([])
      if (end === 'reset-factors') expect(left.factors).toBe(0)
      expect(left.hasRecoveryCodes).toBe(left.factors > 0)
    }
  })
})

describe('two changes of factors at once leave recovery codes exactly where there is a factor', () => {
  test.each(pairsOf(changes))('%s, and %s', async (under, other) => {
    for (const left of await everyOrder(under, other, changes)) expect(left.hasRecoveryCodes).toBe(left.factors > 0)
  })
})
