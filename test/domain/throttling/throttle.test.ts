import { describe, expect, test } from '@jest/globals'
import { fail, succeed } from '../../../functions/domain/result.ts'
import { type AttemptStore, createThrottle, pausesFrom } from '../../../functions/domain/throttling/throttle.ts'
import { stoppedClock } from '../../support/fakes/stopped-clock.ts'

type Call = readonly [name: keyof AttemptStore, ...values: readonly unknown[]]

/** A throttle over a store that writes down what it is asked; `until`, `failures` and `hasRoom` are its answers. */
function setUp({
  limits = { accountFailures: 10, addressFailures: 100 },
  until = 0,
  failures = 1,
  hasRoom = true,
} = {}) {
  const clock = stoppedClock()
  const calls: Call[] = []
  const store: AttemptStore = {
    countOnAccount: async (...values) => {
      calls.push(['countOnAccount', ...values])
      return until === 0 ? succeed({ failures }) : fail({ until: clock() + until })
    },
    countOnAddress: async (...values) => {
      calls.push(['countOnAddress', ...values])
      return hasRoom
    },
    clearAccount: async (...values) => {
      calls.push(['clearAccount', ...values])
    },
  }
  return { throttle: createThrottle(store, limits, clock), clock, calls }
}

const ada = { identifier: 'ada' }
const success = { ok: true, value: { threshold: undefined } }
const limited = (retryAfter: number) => ({ ok: false, failure: { reason: 'address_limited', retryAfter } })

describe('an account', () => {
  test('is counted by whole seconds, under the pauses of its setting', async () => {
    const { throttle, clock, calls } = setUp()
    const now = clock()
    clock.advance(0.9)

    expect(await throttle.reserveOnAccount(ada)).toEqual(success)
    expect(calls).toEqual([['countOnAccount', ada, now, pausesFrom(10)]])
  })

  test.each([
    [30, 30],
    [1, 1],
    [0.2, 1],
    [-5, 1],
  ])('that is locked for %d s more is told to come back after %d', async (until, retryAfter) => {
    const { throttle } = setUp({ until })

    expect(await throttle.reserveOnAccount(ada)).toEqual({
      ok: false,
      failure: { reason: 'account_locked', retryAfter },
    })
  })

  test.each([
    [10, 9, undefined],
    [10, 10, 10],
    [10, 11, undefined],
    [10, 49, undefined],
    [10, 50, 50],
    [1, 1, 1],
    [50, 50, 50],
  ])('whose setting is %d reaches with failure %d the threshold %p', async (accountFailures, failures, threshold) => {
    const { throttle } = setUp({ limits: { accountFailures, addressFailures: 100 }, failures })

    expect(await throttle.reserveOnAccount(ada)).toEqual({ ok: true, value: { threshold } })
  })

  test('is cleared once, and not at all where nothing is counted', async () => {
    const [on, off] = [setUp(), setUp({ limits: { accountFailures: 0, addressFailures: 100 } })]
    await on.throttle.clear(ada)
    await off.throttle.clear(ada)
    expect(await off.throttle.reserveOnAccount(ada)).toEqual(success)

    expect(on.calls).toEqual([['clearAccount', ada]])
    expect(off.calls).toEqual([])
  })
})

describe('an address', () => {
  test('is counted in the quarter of an hour that it is', async () => {
    const { throttle, clock, calls } = setUp()
    const window = clock() - (clock() % 900)
    clock.advance(window + 899.9 - clock())
    await throttle.reserveOnAddress('192.0.2.1')
    clock.advance(0.1)
    await throttle.reserveOnAddress('192.0.2.1')

    expect(calls).toEqual([
      ['countOnAddress', '192.0.2.1', window, 100],
      ['countOnAddress', '192.0.2.1', window + 900, 100],
    ])
  })

  test('that has used up its attempts is not counted again until its quarter ends', async () => {
    const { throttle, clock, calls } = setUp({ hasRoom: false })
    clock.advance(900 - (clock() % 900) + 100)
    expect(await throttle.reserveOnAddress('192.0.2.1')).toEqual(limited(800))
    clock.advance(799)
    expect(await throttle.reserveOnAddress('192.0.2.1')).toEqual(limited(1))
    expect(calls).toHaveLength(1)

    clock.advance(1)
    expect(await throttle.reserveOnAddress('192.0.2.1')).toEqual(limited(900))
    expect(calls).toHaveLength(2)
  })

  test('that is full is remembered among ten thousand, and no more of them, so that memory has a bound', async () => {
    const { throttle, calls } = setUp({ hasRoom: false })
    const fill = async (from: number, to: number) => {
      for (let index = from; index < to; index += 1) await throttle.reserveOnAddress(`address ${index}`)
    }
    await fill(0, 10_000)
    await fill(0, 10_000)
    expect(calls).toHaveLength(10_000)

    await fill(10_000, 10_001)
    await fill(0, 1)
    expect(calls).toHaveLength(10_002)
  })
})
