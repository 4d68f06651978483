import type { Fault, Plan } from '../support/fakes/faulty-aws.ts'
import { accountFlows } from './accounts.ts'
import { type Flow, unavailable } from './flow.ts'
import { logInFlows } from './log-in.ts'
import { sessionFlows } from './sessions.ts'
import type { openWorld, Patience } from './world.ts'

export const flows: readonly Flow[] = [...logInFlows, ...sessionFlows, ...accountFlows]

export type Place = { readonly call: string; readonly nth: number }

export const placeOf = (call: string, index: number, calls: readonly string[]): Place => ({
  call,
  nth: calls.slice(0, index).filter((each) => each === call).length,
})

/** The text of the answer where a call fails: the usual one where the flow can do without that call. */
export const failureAt = ({ answer, failure = unavailable, harmless = [] }: Flow, { call }: Place): string =>
  harmless.includes(call) ? answer : failure

export const titleOf = ({ call, nth }: Place): string => `${call}${nth ? ` ${nth + 1}` : ''}`

// With clients that try once every fault is met.
const once: Patience = { maxAttempts: 1, milliseconds: 10_000 }

export function createRuns(world: Awaited<ReturnType<typeof openWorld>>) {
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
  /** Runs a flow with one fault at one call, goes on afterwards, and tells the answer and what was still under way then. */
  const run = (flow: Flow, place?: Place, fault?: Fault, patience?: Patience) =>
    runPlan(flow, place && fault && { call: place.call, at: (before) => before === place.nth, fault }, patience)
  /** Lets a client that tries once meet a fault, and tells the answer and what was still under way then. */
  const meet = async (flow: Flow, place: Place, fault: Fault): Promise<readonly string[]> => {
    const { text, underWay } = await run(flow, place, fault, once)
    return [text, ...underWay]
  }
  return { runPlan, run, meet }
}

// So many at once that a busy machine still opens every connection in time.
const atOnce = 4

export async function atEachCall<T>(flow: Flow, outcomeAt: (place: Place, index: number) => Promise<T>) {
  // The third call of a kind fails as the second does.
  const places = flow.calls.map(placeOf).filter(({ nth }) => nth < 2)
  const outcomes: [string, T][] = []
  while (outcomes.length < places.length) {
    const first = outcomes.length
    const some = places.slice(first, first + atOnce)
    const outcomeOf = async (place: Place, index: number): Promise<[string, T]> => [
      titleOf(place),
      await outcomeAt(place, first + index),
    ]
    outcomes.push(...(await Promise.all(some.map(outcomeOf))))
  }
  return Object.fromEntries(outcomes)
}

/** All are fatal to a client that tries once, but for the last. */
export const faults = [
  'throttling',
  'an internal error',
  'a broken connection',
  'an answer lost',
  'a slow answer',
] as const satisfies readonly Fault[]
