import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Passkey } from '../../../domain/factors/passkeys.ts'
import { fail, succeed } from '../../../domain/result.ts'
import type { PasskeyStore, PasskeyUse } from '../../../domain/sign-in/factor-store.ts'
import { factorsKey, passkeyKey, passkeyOwnerKey } from '../table/keys.ts'
import { createTable } from '../table/table.ts'
import { createTransact } from '../table/transaction.ts'
import { forgetIfOpen, refusalOf } from './factor-failures.ts'

/** Passkeys in DynamoDB: a use is one write that finds the passkey as it was read, so that no signature counts twice. */
export function createDynamoDbPasskeys(client: DynamoDBDocumentClient, tableName: string): PasskeyStore {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)
  return {
    findOwner: async (id) => {
      const item = await table.get(passkeyOwnerKey(id))
      if (item && typeof item['sub'] !== 'string') throw new TypeError('A passkey in the table lacks its subject.')
      return item?.['sub'] as string | undefined
    },
    useAsSecond: async ({ sub, version }, passkey, use, pauses) => {
      const now = Math.floor(use.lastUsedAt ?? 0)
      const failed = await transact([
        { Update: { Key: factorsKey(sub), ...forgetIfOpen(version, now, pauses) } },
        { Update: { Key: passkeyKey(sub, passkey.id), ...useFrom(passkey, use) } },
      ])
      if (failed.length === 0) return succeed(undefined)
      return fail(refusalOf(await table.get(factorsKey(sub)), now, pauses))
    },
    useAlone: async (sub, passkey, { by, ...use }) => {
      const { ConditionExpression, UpdateExpression, ExpressionAttributeValues, ...names } = useFrom(passkey, use)
      const { written } = await table.update(passkeyKey(sub, passkey.id), {
        ...names,
        ConditionExpression: `${ConditionExpression} OR (#counter = :to AND usedBy = :by)`,
        UpdateExpression: `${UpdateExpression}, usedBy = :by`,
        ExpressionAttributeValues: { ...ExpressionAttributeValues, ':by': by },
      })
      return written
    },
  }
}

// `counter` is a reserved word of DynamoDB's expressions.
const useFrom = ({ counter }: Passkey, to: PasskeyUse) => ({
  ConditionExpression: '#counter = :from',
  UpdateExpression: 'SET #counter = :to, backedUp = :backedUp, lastUsedAt = :now',
  ExpressionAttributeNames: { '#counter': 'counter' },
  ExpressionAttributeValues: {
    ':from': counter,
    ':to': to.counter,
    ':backedUp': to.backedUp,
    ':now': to.lastUsedAt,
  },
})
