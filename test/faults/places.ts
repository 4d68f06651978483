import type { Fault, Plan } from '../support/fakes/faulty-aws.ts'
import { accountFlows } from './accounts.ts'
import { factorFlows } from './factors.ts'
import { type Flow, unavailable } from './flow.ts'
import { logInFlows } from './log-in.ts'
import { passkeyFlows } from './passkeys.ts'
import { sessionFlows } from './sessions.ts'
import { type openWorld, type Patience, patient } from './world.ts'

export const flows: readonly Flow[] = [...logInFlows, ...factorFlows, ...passkeyFlows, ...sessionFlows, ...accountFlows]

export type Place = { readonly call: string; readonly nth: number }

const placeOf = (call: string, index: number, calls: readonly string[]): Place => ({
  call,
  nth: calls.slice(0, index).filter((each) => each === call).length,
})

// The third call of a kind fails as the second does.
export const placesOf = ({ calls }: Flow): readonly Place[] => calls.map(placeOf).filter(({ nth }) => nth < 2)

/** The text of the answer where a call fails: the usual one where the flow can do without that call. */
const failureAt = ({ answer, failure = unavailable, harmless = [] }: Flow, { call }: Place): string =>
  harmless.includes(call) ? answer : failure

const titleOf = ({ call, nth }: Place): string => `${call}${nth ? ` ${nth + 1}` : ''}`

// With clients that try once every fault is met.
const once: Patience = { maxAttempts: 1, milliseconds: patient }

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

/** What comes of a flow at each of these calls. */
export async function atEachCall<T>(
  places: readonly Place[],
  outcomeAt: (place: Place, index: number) => Promise<T>,
): Promise<Readonly<Record<string, T>>> {
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
const faults = [
  'throttling',
  'an internal error',
  'a broken connection',
  'an answer lost',
  'a slow answer',
] as const satisfies readonly Fault[]

type Runs = ReturnType<typeof createRuns>

/** A way in which a call can go wrong: what comes of it, with what was under way at the answer, and what must. */
export type Mishap = {
  readonly name: string
  readonly happensTo?: (place: Place) => boolean
  readonly outcome: (runs: Runs, flow: Flow, place: Place) => Promise<readonly string[]>
  readonly expected: (flow: Flow, place: Place) => readonly string[]
}

const metOnce = faults.map(
  (fault): Mishap => ({
    name: fault,
    outcome: ({ meet }, flow, place) => meet(flow, place, fault),
    expected: (flow, place) => [fault === 'a slow answer' ? flow.answer : failureAt(flow, place)],
  }),
)

const isWrite = ({ call }: Place): boolean => /^(Put|Update|Delete|Transact)/.test(call)

const conflictWhere = async ({ runPlan }: Runs, flow: Flow, { call }: Place, at: Plan['at']) => [
  (await runPlan(flow, { call, at, fault: 'a conflict' })).text,
]

export const mishaps: readonly Mishap[] = [
  ...metOnce,
  {
    name: 'an answer lost, and a client that tries again',
    outcome: async ({ run }, flow, place) => [(await run(flow, place, 'an answer lost')).text],
    expected: ({ answer, repeated = {} }, place) => [repeated[titleOf(place)] ?? answer],
  },
  {
    name: 'a transaction in the way, twice',
    happensTo: isWrite,
    outcome: (runs, flow, place) =>
      conflictWhere(runs, flow, place, (before) => before === place.nth || before === place.nth + 1),
    expected: ({ answer }) => [answer],
  },
  {
    name: 'one transaction after the other in the way',
    happensTo: isWrite,
    outcome: (runs, flow, place) => conflictWhere(runs, flow, place, (before) => before >= place.nth),
    expected: ({ failure = unavailable }) => [
      failure.replace('AWS did not answer in time.', 'DynamoDB kept reporting conflicts.'),
    ],
  },
]

// So long that a busy machine answers all other calls in that time.
const inVain: Patience = { maxAttempts: 1, milliseconds: 10_000 }

/** Apart from the others, because it takes its time. */
export const silence: Mishap = {
  name: 'no answer',
  outcome: async ({ run }, flow, place) => [(await run(flow, place, 'no answer', inVain)).text],
  expected: (flow, place) => [failureAt(flow, place)],
}

export const mishapsOf = (place: Place): readonly Mishap[] =>
  mishaps.filter(({ happensTo = () => true }) => happensTo(place))
