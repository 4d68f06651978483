import { afterAll, describe, expect, test } from '@jest/globals'
import type { Flow } from './flow.ts'
import { atEachCall, createRuns, flows, mishaps, mishapsOf, type Place, placesOf, silence } from './places.ts'
import { openWorld } from './world.ts'

const world = await openWorld()
afterAll(() => world[Symbol.asyncDispose]())
const runs = createRuns(world)

/** One of what can happen to a call: each call and each flow begins with another one. `npm run races` has all of all. */
const sampleOf = (flow: Flow, place: Place, index: number) => {
  const possible = mishapsOf(place)
  return possible[(flows.indexOf(flow) + index) % possible.length] ?? silence
}

/** One call in three of a flow, beginning with the first, the second or the third one by turns. */
const sampledPlaces = (flow: Flow): readonly Place[] =>
  placesOf(flow).filter((_, index) => index % 3 === flows.indexOf(flow) % 3)

describe.each(flows)('$name', (flow) => {
  const places = sampledPlaces(flow)

  test('calls what the list says when all is well', async () => {
    const { text, underWay, calls } = await runs.run(flow)
    const expected = { text: flow.answer, underWay: [], calls: flow.calls.toSorted() }

    expect({ text, underWay, calls: calls.toSorted() }).toEqual(expected)
  })

  // REQ-75, REQ-131, REQ-132, REQ-134
  test('gives up, or goes on, when a call goes wrong, and nothing is half done', async () => {
    const outcomes = await atEachCall(places, async (place, index) => {
      const { name, outcome } = sampleOf(flow, place, index)
      return [name, ...(await outcome(runs, flow, place))]
    })

    const expectedAt = async (place: Place, index: number) => {
      const { name, expected } = sampleOf(flow, place, index)
      return [name, ...expected(flow, place)]
    }
    expect(outcomes).toEqual(await atEachCall(places, expectedAt))
  })
})

test('the sample has everything that can happen, and to several flows', () => {
  const sampled = flows.flatMap((flow) => [
    ...new Set(sampledPlaces(flow).map((place, index) => sampleOf(flow, place, index).name)),
  ])

  for (const { name } of mishaps) expect(sampled.filter((each) => each === name).length).toBeGreaterThan(5)
})

// REQ-75, REQ-131, REQ-132, REQ-134: one call of each flow, side by side, since all of them wait.
test('every flow gives up when the answer to a call never comes', async () => {
  const placeIn = (flow: Flow, index: number): readonly Place[] => {
    const places = placesOf(flow)
    return places.slice(index % places.length).slice(0, 1)
  }
  const outcomeOf = async (flow: Flow, index: number) =>
    [flow.name, await atEachCall(placeIn(flow, index), (place) => silence.outcome(runs, flow, place))] as const
  const expectedOf = async (flow: Flow, index: number) =>
    [flow.name, await atEachCall(placeIn(flow, index), async (place) => silence.expected(flow, place))] as const

  const outcomes = Object.fromEntries(await Promise.all(flows.map(outcomeOf)))
  expect(outcomes).toEqual(Object.fromEntries(await Promise.all(flows.map(expectedOf))))
})
