import type { Pauses } from '../../../domain/throttling/throttle.ts'
import type { Item } from '../table/table.ts'

// Failures in a row as attributes of an item: `failures`, `lockedUntil`, `nextPause` and `admittedAt`. All are absent
// before the first failure.

/**
 * Counts an attempt as a failure, unless failures have locked the item. One write that counts and locks: expressions
 * cannot turn a count into a pause, so the item carries the pause of its next failure. `nextPause` begins at `first` and
 * grows with each. While failures are free it is negative, which puts `lockedUntil` into the past. The right-hand sides
 * see the item as it was.
 */
export const countFailure = (now: number, { first, growth, max }: Pauses) => ({
  condition: '(attribute_not_exists(failures) OR (lockedUntil <= :now AND failures < :max))',
  changes: `failures = if_not_exists(failures, :none) + :one,
    lockedUntil = if_not_exists(nextPause, :first) + :now, nextPause = if_not_exists(nextPause, :first) + :growth,
    admittedAt = :now`,
  values: { ':none': 0, ':one': 1, ':first': first, ':growth': growth, ':max': max, ':now': now },
})

/** Counts the first failure after the long rest. Of several at once one is admitted. */
export const restartCount = (now: number, { first, growth, max, rest }: Pauses) => ({
  condition: 'failures >= :max AND admittedAt <= :rested',
  changes: 'failures = :one, nextPause = :second, lockedUntil = :until, admittedAt = :now',
  values: {
    ':one': 1,
    ':second': first + growth,
    ':until': now + first,
    ':max': max,
    ':rested': now - rest,
    ':now': now,
  },
})

/** The condition that failures have not locked the item. */
export const notLocked = (now: number, { max, rest }: Pauses) => ({
  condition: `(attribute_not_exists(failures) OR (lockedUntil <= :now AND failures < :max)
    OR (failures >= :max AND admittedAt <= :rested))`,
  values: { ':now': now, ':max': max, ':rested': now - rest },
})

/** Forgets the failures. */
export const forgetFailures = 'failures, lockedUntil, nextPause, admittedAt'

type Count = { readonly failures: number; readonly lockedUntil: number; readonly admittedAt: number }

export function countIn(item: Item = {}): Count {
  const { failures, lockedUntil, admittedAt } = item
  if (typeof failures !== 'number' || typeof lockedUntil !== 'number' || typeof admittedAt !== 'number')
    throw new TypeError('A count of attempts in the table lacks a field.')
  return { failures, lockedUntil, admittedAt }
}

/** Until when failures lock the item; a NumericDate, in the past where they do not. */
export function lockedUntil(item: Item | undefined, { max, rest }: Pauses): number {
  const { failures, lockedUntil: until, admittedAt } = countIn(item)
  return failures < max ? until : admittedAt + rest
}
