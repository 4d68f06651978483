import { createHash } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { fail, succeed } from '../../../domain/result.ts'
import { type AttemptStore, addressWindow, type Counted, type Pauses } from '../../../domain/throttling/throttle.ts'
import { createTable, type Item, type Key } from '../table/table.ts'

// Hashed: an unknown name may be a password typed into the wrong field (REQ-124). An identifier contains no line feed, so
// no identifier is counted as a subject.
function hashOf(counted: Counted): string {
  const text = 'sub' in counted ? `sub\n${counted.sub}` : counted.identifier
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

export const attemptsKey = (counted: Counted): Key => ({ pk: `THROTTLE#ACCOUNT#${hashOf(counted)}`, sk: 'THROTTLE' })
const addressKey = (address: string, window: number): Key => ({
  pk: `THROTTLE#ADDRESS#${address}`,
  sk: `WINDOW#${window}`,
})

const month = 30 * 86_400

/** Attempts counted in DynamoDB: one item per account with failures, one per address and window. */
export function createDynamoDbAttempts(client: DynamoDBDocumentClient, tableName: string): AttemptStore {
  const table = createTable(client, tableName)
  return {
    countOnAccount: async (counted, now, pauses) => {
      const key = attemptsKey(counted)
      const admitted = await table.update(key, admit(now, pauses))
      if (admitted.written) return succeed(countIn(admitted.item))
      const until = lockedUntil(admitted.item, pauses)
      if (until > now) return fail({ until })
      const restarted = await table.update(key, restart(now, pauses))
      return restarted.written ? succeed(countIn(restarted.item)) : fail({ until })
    },
    countOnAddress: async (address, window, limit) =>
      (await table.update(addressKey(address, window), countUpTo(limit, window + 2 * addressWindow))).written,
    clearAccount: async (counted) => {
      await table.remove(attemptsKey(counted))
    },
  }
}

// One write that counts and locks. Expressions cannot turn a count into a pause, so the item carries the pause of its next
// failure: `nextPause` begins at `first` and grows with each. While failures are free it is negative, which puts
// `lockedUntil` into the past. The right-hand sides see the item as it was.
const admit = (now: number, { first, growth, max }: Pauses) => ({
  ConditionExpression: 'attribute_not_exists(pk) OR (lockedUntil <= :now AND failures < :max)',
  UpdateExpression: `SET failures = if_not_exists(failures, :none) + :one,
    lockedUntil = if_not_exists(nextPause, :first) + :now, nextPause = if_not_exists(nextPause, :first) + :growth,
    admittedAt = :now, #ttl = :ttl`,
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: {
    ':none': 0,
    ':one': 1,
    ':first': first,
    ':growth': growth,
    ':max': max,
    ':now': now,
    ':ttl': now + month,
  },
})

// The first attempt after the long rest. Of several at once one is admitted.
const restart = (now: number, { first, growth, max, rest }: Pauses) => ({
  ConditionExpression: 'failures >= :max AND admittedAt <= :rested',
  UpdateExpression: 'SET failures = :one, nextPause = :second, lockedUntil = :until, admittedAt = :now, #ttl = :ttl',
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: {
    ':one': 1,
    ':second': first + growth,
    ':until': now + first,
    ':max': max,
    ':rested': now - rest,
    ':now': now,
    ':ttl': now + month,
  },
})

/** Counts in one window: refused where it has reached the limit. `ttl` is a NumericDate. */
export const countUpTo = (limit: number, ttl: number) => ({
  ConditionExpression: 'attribute_not_exists(pk) OR attempts < :limit',
  UpdateExpression: 'SET attempts = if_not_exists(attempts, :none) + :one, #ttl = :ttl',
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: { ':none': 0, ':one': 1, ':limit': limit, ':ttl': ttl },
})

type Count = { readonly failures: number; readonly lockedUntil: number; readonly admittedAt: number }

function countIn(item: Item = {}): Count {
  const { failures, lockedUntil, admittedAt } = item
  if (typeof failures !== 'number' || typeof lockedUntil !== 'number' || typeof admittedAt !== 'number')
    throw new TypeError('A count of attempts in the table lacks a field.')
  return { failures, lockedUntil, admittedAt }
}

function lockedUntil(item: Item | undefined, { max, rest }: Pauses): number {
  const { failures, lockedUntil: until, admittedAt } = countIn(item)
  return failures < max ? until : admittedAt + rest
}
