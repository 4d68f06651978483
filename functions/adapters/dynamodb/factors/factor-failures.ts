import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { fail, succeed } from '../../../domain/result.ts'
import type { FactorRefusal, FactorStore } from '../../../domain/sign-in/factor-store.ts'
import type { Pauses } from '../../../domain/throttling/throttle.ts'
import { factorsKey } from '../table/keys.ts'
import { createTable, type Item } from '../table/table.ts'
import { countFailure, forgetFailures, lockedUntil, notLocked, restartCount } from '../throttling/failures.ts'

/** Counts wrong proofs in DynamoDB. */
export function createCountFailure(
  client: DynamoDBDocumentClient,
  tableName: string,
): Pick<FactorStore, 'countFailure'> {
  const table = createTable(client, tableName)
  return {
    countFailure: async (sub, now, pauses) => {
      const key = factorsKey(sub)
      const counted = await table.update(key, ofExisting(countFailure(now, pauses)))
      if (counted.written) return succeed(undefined)
      const until = untilOf(counted.item, pauses)
      if (until > now) return fail({ until })
      const restarted = await table.update(key, ofExisting(restartCount(now, pauses)))
      // Another request was the first after the rest, or the account is gone.
      return restarted.written ? succeed(undefined) : fail({ until })
    },
  }
}

/** The write that a right proof makes: the factors are those that were read, and not locked. */
export function forgetIfOpen(version: number, now: number, pauses: Pauses) {
  const { condition, values } = notLocked(now, pauses)
  return {
    ConditionExpression: `version = :version AND ${condition}`,
    UpdateExpression: `REMOVE ${forgetFailures}`,
    ExpressionAttributeValues: { ...values, ':version': version },
  }
}

/** Why such a write was refused, by the item that it met. */
export function refusalOf(item: Item | undefined, now: number, pauses: Pauses): FactorRefusal {
  const until = untilOf(item, pauses)
  return until > now ? { reason: 'locked', until } : { reason: 'used' }
}

const untilOf = (item: Item | undefined, pauses: Pauses): number =>
  item?.['failures'] === undefined ? 0 : lockedUntil(item, pauses)

// A failure is never counted on an account that was deleted meanwhile: that would leave an item behind.
const ofExisting = ({
  condition,
  changes,
  values,
}: ReturnType<typeof countFailure> | ReturnType<typeof restartCount>) => ({
  ConditionExpression: `attribute_exists(version) AND ${condition}`,
  UpdateExpression: `SET ${changes}`,
  ExpressionAttributeValues: values,
})
