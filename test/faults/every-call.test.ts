import { afterAll, describe, expect, test } from '@jest/globals'
import type { Fault, Plan } from '../support/fakes/faulty-aws.ts'
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

const failureAt = ({ answer, failure = unavailable, harmless = [] }: Flow, { call }: Place): string =>
  harmless.includes(call) ? answer : failure

const titleOf = ({ call, nth }: Place): string => `${call}${nth ? ` ${nth + 1}` : ''}`

/** Runs a flow with one fault at one call, goes on afterwards, and tells the answer and what was still under way then. */
const run = (flow: Flow, place?: Place, fault?: Fault, patience?: Patience) =>
  runPlan(flow, place && fault && { call: place.call, at: (before) => before === place.nth, fault }, patience)

async function runPlan(flow: Flow, plan?: Plan, patience?: Patience) {
  const case_ = world.newCase({ plan, patience })
  try {
    const { act, afterwards } = await flow.begin(case_)
    const outcome = await act(case_.faulty)
    const result = { text: outcome.text, underWay: case_.pending(), calls: [...case_.calls] }
    await afterwards(outcome)
    return result
  } catch (error) {
    throw new Error(`${flow.name}, after ${plan?.fault} at ${plan?.call}: ${error}`, { cause: error })
  } finally {
    case_.close()
  }
}

// So many at once that a busy machine still opens every connection in time.
const atOnce = 4

async function atEachCall<T>(flow: Flow, outcomeAt: (place: Place) => Promise<T>) {
  // The third call of a kind fails as the second does.
  const places = flow.calls.map(placeOf).filter(({ nth }) => nth < 2)
  const outcomes: [string, T][] = []
  while (outcomes.length < places.length) {
    const some = places.slice(outcomes.length, outcomes.length + atOnce)
    outcomes.push(
      ...(await Promise.all(some.map(async (place) => [titleOf(place), await outcomeAt(place)] as [string, T]))),
    )
  }
  return Object.fromEntries(outcomes)
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
  const { answer, repeated = {} } = flow

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

    const expectedAt = (place: Place) => ({
      ...Object.fromEntries(fatal.map((fault) => [fault, [failureAt(flow, place)]])),
      'a slow answer': [answer],
    })
    expect(outcomes).toEqual(await atEachCall(flow, async (place) => expectedAt(place)))
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
