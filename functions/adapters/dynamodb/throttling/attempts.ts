import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { fail, succeed } from '../../../domain/result.ts'
import { sha256 } from '../../../domain/secret.ts'
import { type AttemptStore, addressWindow, type Counted } from '../../../domain/throttling/throttle.ts'
import { createTable, type Key } from '../table/table.ts'
import { countFailure, countIn, lockedUntil, restartCount } from './failures.ts'

// Hashed: an unknown name may be a password typed into the wrong field (REQ-124). An identifier contains no line feed, so
// no identifier is counted as a subject.
function hashOf(counted: Counted): string {
  const text = 'sub' in counted ? `sub\n${counted.sub}` : counted.identifier
  return sha256(text).slice(0, 22)
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
      const admitted = await table.update(key, expiring(countFailure(now, pauses), now))
      if (admitted.written) return succeed(countIn(admitted.item))
      const until = lockedUntil(admitted.item, pauses)
      if (until > now) return fail({ until })
      const restarted = await table.update(key, expiring(restartCount(now, pauses), now))
      return restarted.written ? succeed(countIn(restarted.item)) : fail({ until })
    },
    countOnAddress: async (address, window, limit) =>
      (await table.update(addressKey(address, window), countUpTo(limit, window + 2 * addressWindow))).written,
    clearAccount: async (counted) => {
      await table.remove(attemptsKey(counted))
    },
  }
}

const expiring = (
  { condition, changes, values }: ReturnType<typeof countFailure> | ReturnType<typeof restartCount>,
  now: number,
) => ({
  ConditionExpression: condition,
  UpdateExpression: `SET ${changes}, #ttl = :ttl`,
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: { ...values, ':ttl': now + month },
})

/** Counts in one window: refused where it has reached the limit. `ttl` is a NumericDate. */
export const countUpTo = (limit: number, ttl: number) => ({
  ConditionExpression: 'attribute_not_exists(pk) OR attempts < :limit',
  UpdateExpression: 'SET attempts = if_not_exists(attempts, :none) + :one, #ttl = :ttl',
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: { ':none': 0, ':one': 1, ':limit': limit, ':ttl': ttl },
})
