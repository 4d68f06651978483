import { afterAll, expect, test } from '@jest/globals'
import { createPairCheck, pairs } from './pairs.ts'
import { randomChoices, tryEveryOrder } from './schedule.ts'

const random = 2000
let orders = 0
afterAll(() => {
  process.stdout.write(`${pairs.length} pairs, ${orders.toLocaleString('en')} orders\n`)
})

// REQ-151, REQ-152, REQ-153
test.each(pairs)(
  '%s while %s: nothing that was ended works, in any order',
  async (under, end) => {
    const check = await createPairCheck(under, end)
    const wrong: unknown[] = []
    const note = async (seen: ReturnType<typeof check>) => {
      const found = await seen
      if (found) wrong.push(found)
    }
    orders += await tryEveryOrder(2, (choose) => note(check(choose)))
    for (let seed = 1; seed <= random; seed += 1) await note(check(randomChoices(seed)))
    orders += random

    expect(wrong.slice(0, 1)).toEqual([])
  },
  600_000,
)
