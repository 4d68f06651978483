import { afterAll, expect, test } from '@jest/globals'
import { openTable } from '../support/table.ts'
import { ends, race, underWay } from './pairs.ts'

const table = await openTable()
afterAll(table.close)

// A sample, before the last write of each; `npm run races` tries every pair at every call.
test.each(Object.keys(ends))('nothing that was under way is left after: %s', async (end) => {
  for (const [under, at] of [
    ['the code of an app', 3],
    ['another app', 5],
    ['a passkey alone', 4],
  ] as const) {
    const left = await race(table, underWay[under] as never, ends[end] as never, at)

    expect([under, left]).toEqual([under, expect.objectContaining({ alive: 0, exists: end !== 'delete' })])
    expect(left?.hasRecoveryCodes).toBe((left?.factors ?? 0) > 0)
    if (end === 'reset-factors') expect(left?.factors).toBe(0)
    if (end === 'delete') expect(left?.secrets).toEqual([])
  }
})
