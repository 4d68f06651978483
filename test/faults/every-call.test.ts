import { afterAll, describe, expect, test } from '@jest/globals'
import { type Flow, unavailable } from './flow.ts'
import { atEachCall, createRuns, failureAt, faults, flows, type Place, placeOf, titleOf } from './places.ts'
import { openWorld, type Patience } from './world.ts'

const world = await openWorld()
afterAll(() => world[Symbol.asyncDispose]())
const { run, runPlan, meet } = createRuns(world)

describe.each(flows)('$name', (flow) => {
  const { answer, repeated = {} } = flow

  test('calls what the list says when all is well', async () => {
    const { text, underWay, calls } = await run(flow)
    const expected = { text: answer, underWay: [], calls: flow.calls.toSorted() }

    expect({ text, underWay, calls: calls.toSorted() }).toEqual(expected)
  })

  // REQ-75, REQ-131, REQ-132, REQ-134: one of the faults at each call; `npm run races` has all of them.
  test('meets a fault at any of its calls', async () => {
    const faultAt = (index: number) => faults[(flows.indexOf(flow) + index) % faults.length] ?? 'throttling'
    const outcomes = await atEachCall(flow, async (place, index) => [
      faultAt(index),
      ...(await meet(flow, place, faultAt(index))),
    ])
    const expected = await atEachCall(flow, async (place, index) => [
      faultAt(index),
      faultAt(index) === 'a slow answer' ? answer : failureAt(flow, place),
    ])

    expect(outcomes).toEqual(expected)
  })

  // REQ-132
  test('is repaired by the clients as they are where the answer to any one of its calls is lost', async () => {
    const outcomes = await atEachCall(flow, async (place) => (await run(flow, place, 'an answer lost')).text)

    expect(outcomes).toEqual(await atEachCall(flow, async (place) => repeated[titleOf(place)] ?? answer))
  })
})

const isWrite = ({ call }: Place) => /^(Put|Update|Delete|Transact)/.test(call)

// REQ-132, REQ-134
describe.each(flows.filter(({ calls }) => calls.map(placeOf).some(isWrite)))('$name', (flow) => {
  const writes = flow.calls.map(placeOf).filter(isWrite)
  const outcomesOf = async (at: (nth: number, before: number) => boolean) => {
    const outcomes = writes.map(async ({ call, nth }) => {
      const plan = { call, at: (before: number) => at(nth, before), fault: 'a conflict' } as const
      return [titleOf({ call, nth }), (await runPlan(flow, plan)).text] as const
    })
    return Object.fromEntries(await Promise.all(outcomes))
  }
  const all = (answer: string) => Object.fromEntries(writes.map((place) => [titleOf(place), answer]))

  test('goes on where any one of its writes meets a transaction twice', async () => {
    const outcomes = await outcomesOf((nth, before) => before === nth || before === nth + 1)

    expect(outcomes).toEqual(all(flow.answer))
  })

  test('gives up where one of its writes keeps meeting transactions, and nothing is half done', async () => {
    const outcomes = await outcomesOf((nth, before) => before >= nth)

    const conflicting = flow.failure?.replace('AWS did not answer in time.', 'DynamoDB kept reporting conflicts.')
    expect(outcomes).toEqual(all(conflicting ?? unavailable))
  })
})

// REQ-75, REQ-131, REQ-132, REQ-134: side by side, since all of them wait.
test('every flow gives up when the answer to any one of its calls never comes', async () => {
  const inVain: Patience = { maxAttempts: 1, milliseconds: 1000 }
  const outcomesOf = async (flow: Flow) =>
    [flow.name, await atEachCall(flow, async (place) => (await run(flow, place, 'no answer', inVain)).text)] as const
  const expectedOf = async (flow: Flow) =>
    [flow.name, await atEachCall(flow, async (place) => failureAt(flow, place))] as const

  const outcomes = Object.fromEntries(await Promise.all(flows.map(outcomesOf)))
  expect(outcomes).toEqual(Object.fromEntries(await Promise.all(flows.map(expectedOf))))
})
