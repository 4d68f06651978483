import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'

/** How many failures in a row lock an account, and how many attempts an address has in 15 minutes; 0 switches it off. */
export type ThrottleLimits = { readonly accountFailures: number; readonly addressFailures: number }

/** `retryAfter` in seconds, at least 1. */
export type ThrottleFailure = {
  readonly reason: 'account_locked' | 'address_limited'
  readonly retryAfter: number
}

/** What attempts are counted on: a canonical identifier, known or not, or the subject of a caller who is logged in. */
export type Counted = { readonly identifier: string } | { readonly sub: string }

/**
 * How the pauses after failures grow. The pause after failure n is `first + (n - 1) * growth` seconds, negative while
 * failures are free; after failure `max` it is `rest`, and then the count starts again.
 */
export type Pauses = {
  readonly first: number
  readonly growth: number
  readonly max: number
  readonly rest: number
}

/** Where attempts are counted. Each count is one atomic write, so that it holds however many attempts come at once. */
export type AttemptStore = {
  /** Undefined where the attempt was admitted and counted as a failure; else the NumericDate until which none is. */
  readonly countOnAccount: (counted: Counted, now: number, pauses: Pauses) => Promise<number | undefined>
  /** False, and nothing counted, where the address had `limit` attempts in the window that begins then. */
  readonly countOnAddress: (address: string, window: number, limit: number) => Promise<boolean>
  readonly clearAccount: (counted: Counted) => Promise<void>
}

/** Counts an attempt before its hash is computed. */
export type Throttle = {
  readonly reserveOnAddress: (address: string) => Promise<Result<void, ThrottleFailure>>
  readonly reserveOnAccount: (counted: Counted) => Promise<Result<void, ThrottleFailure>>
  /** Forgets the failures after the right password. */
  readonly clear: (counted: Counted) => Promise<void>
}

const firstPause = 30
const growth = 40

/** How long the attempts of an address are counted together, in seconds. */
export const addressWindow = 900

/**
 * The pauses that begin with failure number `accountFailures`: 30 s, then 40 s more after each further failure, 26 minutes
 * after the 49th at the default of 10, and a day after the 50th (NIST SP 800-63B-4 section 3.2.2 allows 100).
 */
export const pausesFrom = (accountFailures: number): Pauses => ({
  first: firstPause - (accountFailures - 1) * growth,
  growth,
  max: 50,
  rest: 86_400,
})

/** Throttles guessing by account and by address, across all instances, because the counts are in the store. */
export function createThrottle(store: AttemptStore, limits: ThrottleLimits, clock: Clock): Throttle {
  const seconds = () => Math.floor(clock())
  const pauses = pausesFrom(limits.accountFailures)
  const exhausted = createExhaustedAddresses()
  return {
    reserveOnAddress: async (address) => {
      const now = seconds()
      // A refusal that this instance knows of costs no write.
      if (exhausted.has(address, now)) return addressLimited(now)
      if (limits.addressFailures === 0) return succeed(undefined)
      if (await store.countOnAddress(address, windowOf(now), limits.addressFailures)) return succeed(undefined)
      exhausted.add(address, now)
      return addressLimited(now)
    },
    reserveOnAccount: async (counted) => {
      if (limits.accountFailures === 0) return succeed(undefined)
      const now = seconds()
      const until = await store.countOnAccount(counted, now, pauses)
      return until === undefined ? succeed(undefined) : fail({ reason: 'account_locked', retryAfter: wait(now, until) })
    },
    clear: async (counted) => {
      if (limits.accountFailures > 0) await store.clearAccount(counted)
    },
  }
}

const windowOf = (now: number): number => now - (now % addressWindow)
const windowEnd = (now: number): number => windowOf(now) + addressWindow
const wait = (now: number, until: number): number => Math.max(1, until - now)

const addressLimited = (now: number): Result<never, ThrottleFailure> =>
  fail({ reason: 'address_limited', retryAfter: wait(now, windowEnd(now)) })

// The addresses that used up the present window, and its end. Each has made a hundred attempts, so there are few.
function createExhaustedAddresses() {
  const ends = new Map<string, number>()
  return {
    has: (address: string, now: number): boolean => (ends.get(address) ?? 0) > now,
    add: (address: string, now: number): void => {
      if (ends.size >= 10_000) ends.clear()
      ends.set(address, windowEnd(now))
    },
  }
}
