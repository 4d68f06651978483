import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Session, SessionStore } from '../../domain/sessions/session.ts'
import { raiseEpoch, toEpoch } from './epoch.ts'
import { epochKey, sessionKey } from './keys.ts'
import { toItem, toSession, ttlOf } from './session-item.ts'
import { createTable } from './table.ts'

/** Sessions in DynamoDB: one item each, all of a subject beside its epoch. */
export function createDynamoDbSessions(client: DynamoDBDocumentClient, tableName: string): SessionStore {
  const table = createTable(client, tableName)
  return {
    readEpoch: async (sub) => toEpoch(await table.get(epochKey(sub))),
    raiseEpoch: async (sub) => {
      await table.update(epochKey(sub), raiseEpoch)
    },
    findSession: async (sub, id) => {
      const item = await table.get(sessionKey(sub, id))
      return item && toSession(item)
    },
    deleteSession: (sub, id) => table.remove(sessionKey(sub, id)),
    listSessions: async (sub) => {
      const { pk, sk } = epochKey(sub)
      const items = await table.query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
      })
      const sessions = items.filter((item) => item['sk'] !== sk).map(toSession)
      return { epoch: toEpoch(items.find((item) => item['sk'] === sk)), sessions }
    },
    putNewSession: (session, expiresAt) =>
      table.put(toItem(session, expiresAt), {
        // A second try, after a response that got lost, finds the first one's work.
        ConditionExpression: 'attribute_not_exists(pk) OR secretHash = :own',
        ExpressionAttributeValues: { ':own': session.secretHash },
      }),
    rotateSession: async (next, secretHash, expiresAt) => {
      const { item } = await table.update(sessionKey(next.sub, next.id), rotation(next, secretHash, expiresAt))
      return item && toSession(item)
    },
  }
}

// The condition also fails where the session has ended, so a rotation never brings one back.
const rotation = (next: Session, presented: string, expiresAt: number) => ({
  UpdateExpression: 'SET secretHash = :next, salt = :salt, lastUsedAt = :now, #ttl = :ttl',
  ConditionExpression: 'secretHash = :presented',
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: {
    ':presented': presented,
    ':next': next.secretHash,
    ':salt': next.salt,
    ':now': next.lastUsedAt,
    ':ttl': ttlOf(expiresAt),
  },
})
