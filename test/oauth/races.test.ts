import { afterAll, expect, test } from '@jest/globals'
import { openTable } from '../support/table.ts'
import { ends, race, underWay } from './pairs.ts'

const table = await openTable()
afterAll(table.close)

// A sample, late in each act; `npm run races` tries every pair at every call.
test.each([
  ['an authorization', 3],
  ['a consent', 5],
  ['the exchange of a code', 2],
  ['a refresh', 3],
] as const)('nothing that was under way is left: %s', async (under, at) => {
  for (const end of Object.keys(ends)) {
    const left = await race({ table }, underWay[under] as never, ends[end] as never, at, end === 'a log-out')

    expect([end, left]).toEqual([end, { tokens: 0, browsers: 0 }])
  }
})
