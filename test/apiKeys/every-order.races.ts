import { afterAll, expect, test } from '@jest/globals'
import { openTable } from '../support/table.ts'
import { nothingWorks, pairs, raceIntoAct, raceIntoEnd } from './pairs.ts'

const table = await openTable()
afterAll(table.close)

// REQ-151, REQ-166, REQ-190
test.each(pairs)(
  '%s while %s happens: nothing that was ended works, whenever either comes into the other',
  async (under, end) => {
    for (const race of [raceIntoAct, raceIntoEnd]) {
      let at = 0
      for (; at < 30; at += 1) {
        const left = await race(table, under, end, at)
        if (!left) break
        expect([race.name, at, left]).toEqual([race.name, at, nothingWorks])
      }
      expect(at).toBeGreaterThan(0)
      expect(at).toBeLessThan(30)
    }
  },
  600_000,
)
