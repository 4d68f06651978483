import { expect, test } from '@jest/globals'
import { createPairCheck, pairs } from './pairs.ts'
import { randomChoices } from './schedule.ts'

const sample = 40

// REQ-151, REQ-152, REQ-153: `npm run races` tries every order with at most two preemptions, and 2,000 random ones.
test.each(pairs)('%s while %s: nothing that was ended works, in any of forty orders', async (under, end) => {
  const check = await createPairCheck(under, end)
  const wrong = []
  for (let seed = 1; seed <= sample; seed += 1) wrong.push(await check(randomChoices(seed)))

  expect(wrong.filter((each) => each !== undefined).slice(0, 1)).toEqual([])
})
