import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'

/** How many failures in a row lock an account, and how many attempts an address has in 15 minutes; 0 switches it off. */
export type ThrottleLimits = { readonly accountFailures: number; readonly addressFailures: number }

/** `retryAfter` in seconds, at least 1. */
export type ThrottleFailure = {
  readonly reason: 'account_locked' | 'address_limited'
  readonly retryAfter: number
}

type AddressLimited = ThrottleFailure & { readonly reason: 'address_limited' }

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

type Failures = { readonly failures: number }
type Lock = { readonly until: number }

/** Where attempts are counted. Each count is one atomic write, so that it holds however many attempts come at once. */
export type AttemptStore = {
  /**
   * Counts an attempt as a failure: `failures` are those in a row, with this one. Where none is admitted, `until` is the
   * NumericDate until which that is so.
   */
  readonly countOnAccount: (counted: Counted, now: number, pauses: Pauses) => Promise<Result<Failures, Lock>>
  /** False, and nothing counted, where the address had `limit` attempts in the window that begins then. */
  readonly countOnAddress: (address: string, window: number, limit: number) => Promise<boolean>
  readonly clearAccount: (counted: Counted) => Promise<void>
}

/**
 * An attempt that was admitted. `threshold` is the number of failures in a row if this attempt fails too, where with them
 * the first lock or the long one begins: the owner should hear of it.
 */
export type Reservation = { readonly threshold: number | undefined }

/** Counts an attempt before its hash is computed. */
export type Throttle = {
  readonly reserveOnAddress: (address: string) => Promise<Result<void, AddressLimited>>
  readonly reserveOnAccount: (counted: Counted) => Promise<Result<Reservation, ThrottleFailure>>
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
  const pauses = pausesFrom(limits.accountFailures)
  return {
    reserveOnAddress: createReserveOnAddress(store.countOnAddress, limits.addressFailures, clock),
    reserveOnAccount: async (counted) => {
      if (limits.accountFailures === 0) return succeed({ threshold: undefined })
      const now = Math.floor(clock())
      const outcome = await store.countOnAccount(counted, now, pauses)
      if (!outcome.ok) return fail({ reason: 'account_locked', retryAfter: wait(now, outcome.failure.until) })
      const { failures } = outcome.value
      const isThreshold = failures === limits.accountFailures || failures === pauses.max
      return succeed({ threshold: isThreshold ? failures : undefined })
    },
    clear: async (counted) => {
      if (limits.accountFailures > 0) await store.clearAccount(counted)
    },
  }
}

/** Counts attempts by address: at most `limit` in 15 minutes; 0 switches it off. */
export function createReserveOnAddress(
  count: AttemptStore['countOnAddress'],
  limit: number,
  clock: Clock,
): Throttle['reserveOnAddress'] {
  const exhausted = createExhaustedAddresses()
  return async (address) => {
    const now = Math.floor(clock())
    // A refusal that this instance knows of costs no write.
    if (!exhausted.has(address, now)) {
      if (limit === 0 || (await count(address, windowOf(now), limit))) return succeed(undefined)
      exhausted.add(address, now)
    }
    return fail({ reason: 'address_limited', retryAfter: wait(now, windowEnd(now)) })
  }
}

const windowOf = (now: number): number => now - (now % addressWindow)
const windowEnd = (now: number): number => windowOf(now) + addressWindow
const wait = (now: number, until: number): number => Math.max(1, until - now)

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
