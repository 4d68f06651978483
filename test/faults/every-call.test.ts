import { afterAll, describe, expect, test } from '@jest/globals'
import type { Fault } from '../support/fakes/faulty-aws.ts'
import { accountFlows } from './accounts.ts'
import { type Flow, unavailable } from './flow.ts'
import { logInFlows } from './log-in.ts'
import { sessionFlows } from './sessions.ts'
import { openWorld, type Patience } from './world.ts'

const flows = [...logInFlows, ...sessionFlows, ...accountFlows]
const world = await openWorld()
afterAll(() => world[Symbol.asyncDispose]())

type Place = { readonly call: string; readonly nth: number }

const placeOf = (call: string, index: number, calls: readonly string[]): Place => ({
  call,
  nth: calls.slice(0, index).filter((each) => each === call).length,
})

const titleOf = (place: Place | undefined): string =>
  place ? `${place.call}${place.nth ? ` ${place.nth + 1}` : ''}` : 'no call'

/** Runs a flow with one fault at one call, goes on afterwards, and tells the answer and what was still under way then. */
async function run(flow: Flow, place?: Place, fault?: Fault, patience?: Patience) {
  const plan = place && fault && { call: place.call, at: (before: number) => before === place.nth, fault }
  const case_ = world.newCase({ plan, patience })
  try {
    const { act, afterwards } = await flow.begin(case_)
    const outcome = await act(case_.faulty)
    const result = { text: outcome.text, underWay: case_.pending(), calls: [...case_.calls] }
    await afterwards(outcome)
    return result
  } catch (error) {
    throw new Error(`${flow.name}, after ${fault} at ${titleOf(place)}: ${error}`, { cause: error })
  } finally {
    case_.close()
  }
}

async function atEachCall<T>(flow: Flow, outcomeAt: (place: Place) => Promise<T>) {
  const outcomes = flow.calls.map(placeOf).map(async (place) => [titleOf(place), await outcomeAt(place)] as const)
  return Object.fromEntries(await Promise.all(outcomes))
}

const fatal = [
  'throttling',
  'an internal error',
  'a broken connection',
  'an answer lost',
] as const satisfies readonly Fault[]
const faults = [...fatal, 'a slow answer'] as const

// With clients that try once every fault is met.
const once: Patience = { maxAttempts: 1, milliseconds: 10_000 }

describe.each(flows)('$name', (flow) => {
  const { answer, failure = unavailable, repeated = {} } = flow

  test('calls what the list says when all is well', async () => {
    const { text, underWay, calls } = await run(flow)
    const expected = { text: answer, underWay: [], calls: flow.calls.toSorted() }

    expect({ text, underWay, calls: calls.toSorted() }).toEqual(expected)
  })

  // REQ-75, REQ-131, REQ-132, REQ-134
  test('meets a fault at any of its calls', async () => {
    const outcome = async (place: Place, fault: Fault) => {
      const { text, underWay } = await run(flow, place, fault, once)
      return [fault, [text, ...underWay]] as const
    }
    const outcomes = await atEachCall(flow, async (place) =>
      Object.fromEntries(await Promise.all(faults.map((fault) => outcome(place, fault)))),
    )

    const expected = { ...Object.fromEntries(fatal.map((fault) => [fault, [failure]])), 'a slow answer': [answer] }
    expect(outcomes).toEqual(await atEachCall(flow, async () => expected))
  })

  // REQ-132
  test('is repaired by the clients as they are where the answer to any one of its calls is lost', async () => {
    const outcomes = await atEachCall(flow, async (place) => (await run(flow, place, 'an answer lost')).text)

    expect(outcomes).toEqual(await atEachCall(flow, async (place) => repeated[titleOf(place)] ?? answer))
  })
})

// REQ-75, REQ-131, REQ-132, REQ-134: side by side, since all of them wait.
test('whatever waits in vain for the answer to any one of its calls gives up', async () => {
  const inVain: Patience = { maxAttempts: 1, milliseconds: 1000 }
  const outcomesOf = async (flow: Flow) =>
    [flow.name, await atEachCall(flow, async (place) => (await run(flow, place, 'no answer', inVain)).text)] as const
  const expectedOf = async (flow: Flow) =>
    [flow.name, await atEachCall(flow, async () => flow.failure ?? unavailable)] as const

  const outcomes = Object.fromEntries(await Promise.all(flows.map(outcomesOf)))
  expect(outcomes).toEqual(Object.fromEntries(await Promise.all(flows.map(expectedOf))))
})
