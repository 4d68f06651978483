import { afterAll, expect, test } from '@jest/globals'
import { atEachCall, createRuns, failureAt, faults, flows } from './places.ts'
import { openWorld } from './world.ts'

const world = await openWorld()
afterAll(() => world[Symbol.asyncDispose]())
const { meet } = createRuns(world)

// REQ-75, REQ-131, REQ-132, REQ-134
test.each(flows)('$name meets every fault at any of its calls', async (flow) => {
  const outcomes = await atEachCall(flow, async (place) =>
    Object.fromEntries(
      await Promise.all(faults.map(async (fault) => [fault, await meet(flow, place, fault)] as const)),
    ),
  )

  const expectedAt = async (place: Parameters<typeof failureAt>[1]) =>
    Object.fromEntries(
      faults.map((fault) => [fault, [fault === 'a slow answer' ? flow.answer : failureAt(flow, place)]]),
    )
  expect(outcomes).toEqual(await atEachCall(flow, expectedAt))
})
