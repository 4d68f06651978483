import { afterAll, expect, test } from '@jest/globals'
import { openTable } from '../support/table.ts'
import { ends, race, raceOfWithdrawal, underWay } from './pairs.ts'

const table = await openTable()
afterAll(table.close)

const pairs = Object.keys(underWay).flatMap((under) => Object.keys(ends).map((end) => [under, end] as const))

// A sign-in elsewhere does not belong to the browser that signs out, and one that has not read the epoch yet begins later.
// So does a consent that is not stored yet when the one before it is withdrawn.
const isSpared = (under: string, end: string, at: number): boolean =>
  (under.startsWith('a sign-in') && (end === 'a log-out' || (end === 'revoke-sessions' && at <= 4))) ||
  (under === 'a consent' && end === 'a withdrawal' && at <= 4)

// REQ-151, REQ-184
test.each(pairs)(
  '%s while %s happens: nothing that was ended works, whenever it comes',
  async (under, end) => {
    for (let at = 0; at < 30; at += 1) {
      const left = await race(table, underWay[under] as never, ends[end] as never, at, end === 'a log-out')
      if (!left) return
      // What there was before a sign-in again is never spared.
      const spared = !isSpared(under, end, at) ? {} : under === 'a sign-in again' ? { browsers: left.browsers } : left
      expect([at, left]).toEqual([at, { tokens: 0, browsers: 0, ...spared }])
    }
    throw new Error('There was no end of calls.')
  },
  600_000,
)

// REQ-183
test.each(Object.keys(underWay).filter((act) => act !== 'a consent'))(
  '%s comes into a withdrawal: nothing that was allowed before it works',
  async (act) => {
    for (let at = 0; at < 10; at += 1) {
      const left = await raceOfWithdrawal(table, underWay[act] as never, at)
      if (left === undefined) return
      expect([at, left]).toEqual([at, 0])
    }
    throw new Error('There was no end of calls.')
  },
  600_000,
)
