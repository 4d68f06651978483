import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { DeviceStore } from '../../../domain/throttling/known-devices.ts'
import { toEpoch } from '../accounts/epoch.ts'
import { createTable, type Key } from '../table/table.ts'

export const deviceKey = (hash: string): Key => ({ pk: `DEVICE#${hash}`, sk: 'DEVICE' })

/** Known devices in DynamoDB, one item each. TTL deletes late, so the time is part of the condition. */
export function createDynamoDbDevices(client: DynamoDBDocumentClient, tableName: string): DeviceStore {
  const table = createTable(client, tableName)
  return {
    putNewDevice: ({ hash, sub, epoch }, expiresAt) =>
      table.put(
        { ...deviceKey(hash), sub, epoch, failures: 0, ttl: expiresAt },
        {
          // A second try, after a response that got lost, finds the first one's work.
          ConditionExpression: 'attribute_not_exists(pk) OR #sub = :sub',
          ExpressionAttributeNames: { '#sub': 'sub' },
          ExpressionAttributeValues: { ':sub': sub },
        },
      ),
    countOnDevice: async ({ hash, sub }, now, max) => {
      const { written, item } = await table.update(deviceKey(hash), {
        ConditionExpression: '#sub = :sub AND failures < :max AND #ttl > :now',
        UpdateExpression: 'SET failures = failures + :one',
        ExpressionAttributeNames: { '#sub': 'sub', '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':sub': sub, ':max': max, ':now': now, ':one': 1 },
      })
      // Only if it is still spent: its owner may have cleared it since.
      if (!written && item?.['sub'] === sub) await table.remove(deviceKey(hash), spent(now, max))
      return written ? toEpoch(item) : undefined
    },
    findDevice: async ({ hash, sub }, now) => {
      const item = await table.get(deviceKey(hash))
      return item && item['sub'] === sub && Number(item['ttl']) > now ? toEpoch(item) : undefined
    },
    clearDevice: async ({ hash, sub }, expiresAt) => {
      const isRenewed = expiresAt !== undefined
      const { written } = await table.update(deviceKey(hash), {
        ConditionExpression: '#sub = :sub',
        UpdateExpression: `SET failures = :none${isRenewed ? ', #ttl = :ttl' : ''}`,
        ExpressionAttributeNames: { '#sub': 'sub', ...(isRenewed && { '#ttl': 'ttl' }) },
        ExpressionAttributeValues: { ':sub': sub, ':none': 0, ...(isRenewed && { ':ttl': expiresAt }) },
      })
      return written
    },
    deleteOldDevice: async ({ hash, sub }, epoch) => {
      await table.remove(deviceKey(hash), {
        ConditionExpression: '#sub = :sub AND epoch < :epoch',
        ExpressionAttributeNames: { '#sub': 'sub' },
        ExpressionAttributeValues: { ':sub': sub, ':epoch': epoch },
      })
    },
  }
}

const spent = (now: number, max: number) => ({
  ConditionExpression: 'failures >= :max OR #ttl <= :now',
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: { ':max': max, ':now': now },
})
