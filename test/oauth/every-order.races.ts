import { afterAll, expect, test } from '@jest/globals'
import { openAgentHost } from '../support/builders/clients-by-url.ts'
import { openTable } from '../support/table.ts'
import { ends, race, raceOfWithdrawal, underWay } from './pairs.ts'

const table = await openTable()
afterAll(table.close)
const host = await openAgentHost(table.client)
afterAll(() => host[Symbol.asyncDispose]())

const places = [
  ['a registered client', { table }],
  ['a client by URL', { table, host }],
] as const

// Nobody deletes a client by URL.
const pairs = places.flatMap(([kind, place]) =>
  Object.keys(underWay).flatMap((under) =>
    Object.keys(ends)
      .filter((end) => kind === 'a registered client' || end !== 'the end of the client')
      .map((end) => [under, end, kind, place] as const),
  ),
)

// A sign-in elsewhere does not belong to the browser that signs out, and one that has not read the epoch yet begins later.
// So does a consent that is not stored yet when the one before it is withdrawn: of a client by URL two calls later, because
// its document is read and stored first.
const isSpared = (under: string, end: string, kind: string, at: number): boolean =>
  (under.startsWith('a sign-in') && (end === 'a log-out' || (end === 'revoke-sessions' && at <= 4))) ||
  (under === 'a consent' && end === 'a withdrawal' && at <= (kind === 'a client by URL' ? 6 : 4))

// REQ-151, REQ-184
test.each(pairs)(
  '%s while %s happens, for %s: nothing that was ended works, whenever it comes',
  async (under, end, kind, place) => {
    for (let at = 0; at < 30; at += 1) {
      const left = await race(place, underWay[under] as never, ends[end] as never, at, end === 'a log-out')
      if (!left) return
      // What there was before a sign-in again is never spared.
      const later = under === 'a sign-in again' ? { browsers: left.browsers } : left
      const spared = isSpared(under, end, kind, at) ? later : {}
      expect([at, left]).toEqual([at, { tokens: 0, browsers: 0, ...spared }])
    }
    throw new Error('There was no end of calls.')
  },
  600_000,
)

// REQ-183
test.each(
  places.flatMap(([kind, place]) =>
    Object.keys(underWay)
      .filter((act) => act !== 'a consent')
      .map((act) => [act, kind, place] as const),
  ),
)(
  '%s comes into a withdrawal, for %s: nothing that was allowed before it works',
  async (act, _, place) => {
    for (let at = 0; at < 10; at += 1) {
      const left = await raceOfWithdrawal(place, underWay[act] as never, at)
      if (left === undefined) return
      expect([at, left]).toEqual([at, 0])
    }
    throw new Error('There was no end of calls.')
  },
  600_000,
)
