import { afterAll, expect, test } from '@jest/globals'
import { atEachCall, createRuns, flows, type Mishap, mishapsOf, type Place, placesOf, silence } from './places.ts'
import { openWorld } from './world.ts'

const world = await openWorld()
afterAll(() => world[Symbol.asyncDispose]())
const runs = createRuns(world)

/** By their names, what each of these makes of a call. */
const byName = async <T>(some: readonly Mishap[], make: (mishap: Mishap) => Promise<T>) =>
  Object.fromEntries(await Promise.all(some.map(async (mishap) => [mishap.name, await make(mishap)] as const)))

// REQ-75, REQ-131, REQ-132, REQ-134
test.each(flows)('$name goes on, or gives up, whatever happens to any of its calls', async (flow) => {
  const at = (place: Place) => [...mishapsOf(place), silence]
  const outcomes = await atEachCall(placesOf(flow), (place) =>
    byName(at(place), ({ outcome }) => outcome(runs, flow, place)),
  )

  const expectedAt = (place: Place) => byName(at(place), async ({ expected }) => expected(flow, place))
  expect(outcomes).toEqual(await atEachCall(placesOf(flow), expectedAt))
})
