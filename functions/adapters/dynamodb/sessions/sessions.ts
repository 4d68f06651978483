import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Session, SessionStore } from '../../../domain/sessions/session.ts'
import { raiseEpoch, toEpoch } from '../accounts/epoch.ts'
import { epochKey, sessionKey } from '../table/keys.ts'
import { createTable } from '../table/table.ts'
import { textOf, toItem, toSession, ttlOf } from './session-item.ts'

/** What begins a session: the bundle of a function that people wait for carries no more. */
export type NewSessionStore = Pick<SessionStore, 'readEpoch' | 'putNewSession' | 'listSessions' | 'deleteSession'>

/** New sessions in DynamoDB: one item each, all of a subject beside its epoch, and the states of its API keys. */
export function createNewSessions(client: DynamoDBDocumentClient, tableName: string): NewSessionStore {
  const table = createTable(client, tableName)
  return {
    readEpoch: async (sub) => toEpoch(await table.get(epochKey(sub))),
    deleteSession: (sub, id) => table.remove(sessionKey(sub, id)),
    listSessions: async (sub) => {
      const { pk, sk } = epochKey(sub)
      const items = await table.query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
      })
      // After the epoch and the states of API keys, EPOCH and KEY#….
      const sessions = items.filter((item) => String(item['sk']) > 'SESSION#').map(toSession)
      return { epoch: toEpoch(items.find((item) => item['sk'] === sk)), sessions }
    },
    putNewSession: (session, expiresAt) =>
      table.put(toItem(session, expiresAt), {
        // A second try, after a response that got lost, finds the first one's work.
        ConditionExpression: 'attribute_not_exists(pk) OR secretHash = :own',
        ExpressionAttributeValues: { ':own': session.secretHash },
      }),
  }
}

/** Sessions in DynamoDB. */
export function createDynamoDbSessions(client: DynamoDBDocumentClient, tableName: string): SessionStore {
  const table = createTable(client, tableName)
  return {
    ...createNewSessions(client, tableName),
    raiseEpoch: async (sub) => {
      await table.update(epochKey(sub), raiseEpoch)
    },
    findSession: async (sub, id) => {
      const item = await table.get(sessionKey(sub, id))
      return item && toSession(item)
    },
    replaceSession: async (from, to, expiresAt) => {
      const { written, item } = await table.update(sessionKey(to.sub, to.id), replacement(from, to, expiresAt))
      return { isReplaced: written, session: item && toSession(item) }
    },
  }
}

// The condition also fails where the session has ended, so a replacement never brings one back.
const replacement = (from: Session, to: Session, expiresAt: number) => ({
  UpdateExpression: 'SET secretHash = :hash, salt = :salt, lastUsedAt = :now, lateRetries = :retries, #ttl = :ttl',
  ConditionExpression: 'secretHash = :fromHash AND lateRetries = :fromRetries',
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: {
    ':fromHash': from.secretHash,
    ':fromRetries': textOf(from.lateRetries),
    ':hash': to.secretHash,
    ':salt': to.salt,
    ':now': to.lastUsedAt,
    ':retries': textOf(to.lateRetries),
    ':ttl': ttlOf(expiresAt),
  },
})
