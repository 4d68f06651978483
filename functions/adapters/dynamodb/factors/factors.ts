import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { fail, succeed } from '../../../domain/result.ts'
import type { FactorStore } from '../../../domain/sign-in/factor-store.ts'
import { factorsKey, recoveryKey } from '../table/keys.ts'
import { createTable } from '../table/table.ts'
import { createTransact } from '../table/transaction.ts'
import { createCountFailure, forgetIfOpen, refusalOf } from './factor-failures.ts'

/** Second factors in DynamoDB. Each use asks in its own write whether the factors are locked or others by now. */
export function createDynamoDbFactors(client: DynamoDBDocumentClient, tableName: string): FactorStore {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)
  return {
    useTotpStep: async ({ sub, version }, { step, by }, now, pauses) => {
      const { ConditionExpression, UpdateExpression, ExpressionAttributeValues } = forgetIfOpen(version, now, pauses)
      const { written, item } = await table.update(factorsKey(sub), {
        ConditionExpression: `${ConditionExpression} AND (attribute_not_exists(lastStep) OR lastStep < :step
          OR (lastStep = :step AND usedBy = :by))`,
        UpdateExpression: `${UpdateExpression} SET lastStep = :step, usedBy = :by`,
        ExpressionAttributeValues: { ...ExpressionAttributeValues, ':step': step, ':by': by },
      })
      return written ? succeed(undefined) : fail(refusalOf(item, now, pauses))
    },
    useRecoveryCode: async ({ sub, version }, hash, now, pauses) => {
      const failed = await transact([
        { Update: { Key: factorsKey(sub), ...forgetIfOpen(version, now, pauses) } },
        { Update: { Key: recoveryKey(sub), ...withoutCode(hash) } },
      ])
      if (failed.length === 0) return succeed(undefined)
      return fail(refusalOf(await table.get(factorsKey(sub)), now, pauses))
    },
    ...createCountFailure(client, tableName),
  }
}

const withoutCode = (hash: string) => ({
  ConditionExpression: 'contains(codes, :code)',
  UpdateExpression: 'DELETE codes :codes',
  ExpressionAttributeValues: { ':code': hash, ':codes': new Set([hash]) },
})
