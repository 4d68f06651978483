import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'

/** How many failures in a row lock an account, and how many attempts an address has in a quarter of an hour; 0 is off. */
export type ThrottleLimits = { readonly accountFailures: number; readonly addressFailures: number }

/** `retryAfter` in seconds, at least 1. */
export type ThrottleFailure = {
  readonly reason: 'account_locked' | 'address_limited'
  readonly retryAfter: number
}

/**
 * How the pauses after failures grow: the first failure is followed by `first` seconds (less than none while failures
 * are free), each further one by `growth` more; after `most` in a row the account rests for `rest`.
 */
export type Pauses = {
  readonly first: number
  readonly growth: number
  readonly most: number
  readonly rest: number
}

/** Where attempts are counted. Each count is one atomic write, so that it holds however many attempts come at once. */
export type AttemptStore = {
  /** Undefined where the attempt was let in and counted as a failure; else the NumericDate until which none is. */
  readonly countOnAccount: (username: string, now: number, pauses: Pauses) => Promise<number | undefined>
  /** False, and nothing counted, where the address had `limit` attempts in the window that begins then. */
  readonly countOnAddress: (address: string, window: number, limit: number) => Promise<boolean>
  readonly clearAccount: (username: string) => Promise<void>
}

/** Takes a place for one attempt before its hash is computed. Names are canonical, and need not belong to anybody. */
export type Throttle = {
  readonly reserveOnAccount: (username: string, address: string) => Promise<Result<void, ThrottleFailure>>
  readonly reserveOnAddress: (address: string) => Promise<Result<void, ThrottleFailure>>
  /** Forgets the failures of an account, for the right password was given. */
  readonly clear: (username: string) => Promise<void>
}

const firstPause = 30
const growth = 40

/** How long an address' attempts are counted together, in seconds. */
export const addressWindow = 900

/**
 * The pauses that begin with the failure that makes `accountFailures`: 30 s, then 40 s more after each further failure,
 * an hour after the 99th at the default of 10, and a day after the 100th (NIST SP 800-63B-4 section 3.2.2), after which
 * the count starts afresh.
 */
export const pausesFrom = (accountFailures: number): Pauses => ({
  first: firstPause - (accountFailures - 1) * growth,
  growth,
  most: 100,
  rest: 86_400,
})

/** Throttles guessing by account and by address, over all instances, for the counts lie in the store. */
export function createThrottle(store: AttemptStore, limits: ThrottleLimits, clock: Clock): Throttle {
  const seconds = () => Math.floor(clock())
  const pauses = pausesFrom(limits.accountFailures)
  const full = createFullAddresses()
  return {
    reserveOnAccount: async (username, address) => {
      const now = seconds()
      // What this instance knows to be in vain costs no write, and can lock no account.
      if (full.has(address, now)) return addressLimited(now)
      if (limits.accountFailures === 0) return succeed(undefined)
      const until = await store.countOnAccount(username, now, pauses)
      return until === undefined ? succeed(undefined) : fail({ reason: 'account_locked', retryAfter: wait(now, until) })
    },
    reserveOnAddress: async (address) => {
      const now = seconds()
      if (full.has(address, now)) return addressLimited(now)
      if (limits.addressFailures === 0) return succeed(undefined)
      if (await store.countOnAddress(address, windowOf(now), limits.addressFailures)) return succeed(undefined)
      full.add(address, now)
      return addressLimited(now)
    },
    clear: async (username) => {
      if (limits.accountFailures > 0) await store.clearAccount(username)
    },
  }
}

const windowOf = (now: number): number => now - (now % addressWindow)
const windowEnd = (now: number): number => windowOf(now) + addressWindow
const wait = (now: number, until: number): number => Math.max(1, until - now)

const addressLimited = (now: number): Result<never, ThrottleFailure> =>
  fail({ reason: 'address_limited', retryAfter: wait(now, windowEnd(now)) })

// The addresses that used up the present window, and its end. Each is worth a hundred attempts, so there are never many.
function createFullAddresses() {
  const ends = new Map<string, number>()
  return {
    has: (address: string, now: number): boolean => (ends.get(address) ?? 0) > now,
    add: (address: string, now: number): void => {
      if (ends.size >= 10_000) ends.clear()
      ends.set(address, windowEnd(now))
    },
  }
}
