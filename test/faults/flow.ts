import { afterAll, describe, expect, test } from '@jest/globals'
import type { Fault } from '../support/faulty-aws.ts'
import type { Outcome, Service } from './service.ts'
import { type Case, openWorld, type Patience } from './world.ts'

/** What a caller asks of a function, and what must hold whatever becomes of it. */
export type Flow = {
  readonly name: string
  /** Every call to AWS that it makes when all is well. */
  readonly calls: readonly string[]
  /** Its answer when all is well, and when a call fails. */
  readonly answer: string
  readonly failure?: string
  /** Another answer when the work of a call was done, its answer got lost and the client has tried again. */
  readonly repeated?: Readonly<Record<string, string>>
  /** Makes what there must be before. */
  readonly begin: (case_: Case) => Promise<{
    readonly act: (service: Service) => Promise<Outcome>
    /** Goes on after the answer, without faults: nothing is half done, and the next call works. */
    readonly afterwards: (outcome: Outcome) => Promise<void>
  }>
}

export const unavailable = '503 temporarily_unavailable with error,error_description, Retry-After 1'
/** Where there is no HTTP: the function fails. For the authorizer API Gateway makes 500 of it, and lets nobody in. */
export const failed = 'Unavailable: AWS did not answer in time.'

const fatal = [
  'throttling',
  'an internal error',
  'a broken connection',
  'an answer lost',
  'half an answer',
  'no answer',
] as const satisfies readonly Fault[]

const faults = [...fatal, 'a slow answer'] as const

// The call that gets no answer waits for so long; a call that does is far quicker, and has more time in any other case.
const patienceFor = (fault: Fault): Patience => ({
  maxAttempts: 1,
  milliseconds: fault === 'no answer' ? 1000 : 10_000,
})

/**
 * Every fault at every call of every flow, with clients that try once, so that each fault is met; and what is repaired
 * by the clients as the functions have them, where an answer is lost whose work was done.
 */
export async function describeFaults(flows: readonly Flow[]): Promise<void> {
  const world = await openWorld()
  afterAll(() => world[Symbol.asyncDispose]())

  async function run(flow: Flow, place?: Place, fault?: Fault, patience?: Patience) {
    const case_ = world.newCase(place && fault && { ...place, fault }, patience)
    try {
      const { act, afterwards } = await flow.begin(case_)
      const outcome = await act(case_.faulty)
      // A client that gave up does not wait for what it asked, and so nobody does.
      const underWay = fault === 'no answer' ? [] : case_.pending()
      const result = { text: outcome.text, underWay, calls: [...case_.calls] }
      await afterwards(outcome)
      return result
    } catch (error) {
      throw new Error(`After ${fault} at ${titleOf(place)}: ${error}`, { cause: error })
    } finally {
      case_.close()
    }
  }

  const atEachCall = async <T>(flow: Flow, outcomeAt: (place: Place) => Promise<T>) => {
    const outcomes = flow.calls.map(placeOf).map(async (place) => [titleOf(place), await outcomeAt(place)] as const)
    return Object.fromEntries(await Promise.all(outcomes))
  }

  describe.each(flows)('$name', (flow) => {
    const { answer, failure = unavailable, repeated = {} } = flow

    test('calls what the list says when all is well', async () => {
      const { text, underWay, calls } = await run(flow)
      const expected = { text: answer, underWay: [], calls: flow.calls.toSorted() }

      expect({ text, underWay, calls: calls.toSorted() }).toEqual(expected)
    })

    // SECURITY 132, 134
    test('meets a fault of any kind at any of its calls', async () => {
      const outcome = async (place: Place, fault: Fault) => {
        const { text, underWay } = await run(flow, place, fault, patienceFor(fault))
        return [fault, [text, ...underWay]] as const
      }
      const outcomes = await atEachCall(flow, async (place) =>
        Object.fromEntries(await Promise.all(faults.map((fault) => outcome(place, fault)))),
      )

      const expected = { ...Object.fromEntries(fatal.map((fault) => [fault, [failure]])), 'a slow answer': [answer] }
      expect(outcomes).toEqual(await atEachCall(flow, async () => expected))
    })

    test('is repaired by the clients where the answer to any one of its calls is lost', async () => {
      const outcomes = await atEachCall(flow, async (place) => (await run(flow, place, 'an answer lost')).text)

      expect(outcomes).toEqual(await atEachCall(flow, async (place) => repeated[titleOf(place)] ?? answer))
    })
  })
}

type Place = { readonly call: string; readonly nth: number }

const placeOf = (call: string, index: number, calls: readonly string[]): Place => ({
  call,
  nth: calls.slice(0, index).filter((each) => each === call).length,
})

const titleOf = (place: Place | undefined): string =>
  place ? `${place.call}${place.nth ? ` ${place.nth + 1}` : ''}` : 'no call'
