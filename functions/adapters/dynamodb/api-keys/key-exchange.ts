import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type KeyExchange, toDay } from '../../../domain/oauth/grant-api-key.ts'
import { hasEpoch, toEpoch } from '../accounts/epoch.ts'
import { toItem } from '../sessions/session-item.ts'
import { epochKey } from '../table/keys.ts'
import { createTable } from '../table/table.ts'
import { createTransact } from '../table/transaction.ts'
import { apiKeyKey, keyStateKey, keyStatesUpTo, toApiKey, toKeyState, toKeysFrom } from './api-key-items.ts'

/** The exchange of API keys in DynamoDB. */
export function createDynamoDbKeyExchange(client: DynamoDBDocumentClient, tableName: string): KeyExchange {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)
  return {
    findApiKey: async (id) => {
      const item = await table.get(apiKeyKey(id))
      return item && toApiKey(id, item)
    },
    findKeyState: async ({ sub, id }) => {
      const { sk } = keyStateKey(sub, id)
      const items = await table.query(keyStatesUpTo(sub, sk))
      const epoch = items.find((item) => item['sk'] === epochKey(sub).sk)
      const state = items.find((item) => item['sk'] === sk)
      return state && { epoch: toEpoch(epoch), keysFrom: toKeysFrom(epoch), ...toKeyState(state) }
    },
    putKeySession: async ({ sub, id }, { epoch, ends }, session, expiresAt) => {
      const failed = await transact([
        { ConditionCheck: { Key: epochKey(sub), ...hasEpoch(epoch) } },
        { Put: { Item: toItem(session, expiresAt) } },
        { Update: { Key: keyStateKey(sub, id), ...beginning(ends, session.id, session.createdAt) } },
      ])
      return failed.length === 0
    },
    noteUse: async ({ sub, id }, day) => {
      await table.update(keyStateKey(sub, id), {
        UpdateExpression: 'SET lastUsedAt = :day',
        ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(lastUsedAt) OR lastUsedAt < :day)',
        ExpressionAttributeValues: { ':day': day },
      })
    },
  }
}

// The state of a key that was revoked is gone, so the condition fails for it too.
const beginning = (ends: number, sessionId: string, now: number) => ({
  UpdateExpression: 'SET sessionId = :id, renewedAt = :now, lastUsedAt = :day',
  ConditionExpression: 'ends = :ends',
  ExpressionAttributeValues: {
    ':ends': ends,
    ':id': sessionId,
    ':now': now,
    ':day': toDay(now),
  },
})
