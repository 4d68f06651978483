import { afterAll, expect, test } from '@jest/globals'
import type { Flow } from './flow.ts'
import { atEachCall, createRuns, flows, type Mishap, mishapsOf, type Place, placesOf, silence } from './places.ts'
import { openWorld } from './world.ts'

const world = await openWorld()
afterAll(() => world[Symbol.asyncDispose]())
const runs = createRuns(world)

/** By their names, what is made of each mishap that a call can meet. */
const ofEach = async <T>(place: Place, make: (mishap: Mishap) => Promise<T>) =>
  Object.fromEntries(
    await Promise.all(mishapsOf(place).map(async (mishap) => [mishap.name, await make(mishap)] as const)),
  )

// REQ-75, REQ-131, REQ-132, REQ-134
test.each(flows)('$name gives up, or goes on, whatever any of its calls meets', async (flow) => {
  const outcomes = await atEachCall(placesOf(flow), (place) =>
    ofEach(place, ({ outcome }) => outcome(runs, flow, place)),
  )

  const expectedAt = (place: Place) => ofEach(place, async ({ expected }) => expected(flow, place))
  expect(outcomes).toEqual(await atEachCall(placesOf(flow), expectedAt))
})

// REQ-75, REQ-131, REQ-132, REQ-134: side by side, since all of them wait.
test('every flow gives up when the answer to any one of its calls never comes', async () => {
  const ofAll = async (make: (flow: Flow, place: Place) => Promise<readonly string[]>) => {
    const made = flows.map(async (flow) => [flow.name, await atEachCall(placesOf(flow), (place) => make(flow, place))])
    return Object.fromEntries(await Promise.all(made))
  }

  const outcomes = await ofAll((flow, place) => silence.outcome(runs, flow, place))
  expect(outcomes).toEqual(await ofAll(async (flow, place) => silence.expected(flow, place)))
})
