import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { isAmr } from '../../../domain/authentication.ts'
import type { SsoSession, SsoStore } from '../../../domain/sessions/sso-session.ts'
import { createTable, type Item, type Key } from '../table/table.ts'
import { ttlOf } from './session-item.ts'

const ssoKey = (id: string): Key => ({ pk: `SSO#${id}`, sk: 'SSO' })

/** SSO sessions in DynamoDB, one item each. */
export function createDynamoDbSsoSessions(client: DynamoDBDocumentClient, tableName: string): SsoStore {
  const table = createTable(client, tableName)
  return {
    // A second try, after a response that got lost, finds the first one's work: a sign-in is never used twice.
    putSso: async ({ id, amr, barred: _, ...session }, expiresAt, former) => {
      const { signIn, sub, epoch, lastUsedAt: now } = session
      const isSame = 'signIn IN (:former, :signIn) AND #sub = :sub AND epoch = :epoch AND #ttl > :now'
      const replacing = {
        ConditionExpression: isSame,
        ExpressionAttributeNames: { '#sub': 'sub', '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':former': former, ':signIn': signIn, ':sub': sub, ':epoch': epoch, ':now': now },
      }
      const item = { ...ssoKey(id), ...session, amr: [...amr], ttl: ttlOf(expiresAt) }
      try {
        await table.put(item, former === undefined ? {} : replacing)
        return true
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false
        throw error
      }
    },
    findSso: async (id) => {
      const item = await table.get(ssoKey(id))
      return item && toSso(id, item)
    },
    useSso: async ({ id, signIn }, now, expiresAt) => {
      await table.update(ssoKey(id), {
        ConditionExpression: 'signIn = :signIn',
        UpdateExpression: 'SET lastUsedAt = :now, #ttl = :ttl',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':signIn': signIn, ':now': now, ':ttl': ttlOf(expiresAt) },
      })
    },
    deleteSso: (id) => table.remove(ssoKey(id)),
    barSession: async (id, sessionId) => {
      await table.update(ssoKey(id), {
        ConditionExpression: 'attribute_exists(pk)',
        UpdateExpression: 'ADD barred :sessions',
        ExpressionAttributeValues: { ':sessions': new Set([sessionId]) },
      })
    },
  }
}

function toSso(
  id: string,
  { sub, epoch, signIn, authTime, amr, createdAt, lastUsedAt, isKept, barred = new Set() }: Item,
): SsoSession {
  const isComplete =
    typeof sub === 'string' &&
    typeof epoch === 'number' &&
    typeof signIn === 'string' &&
    typeof authTime === 'number' &&
    isAmr(amr) &&
    typeof createdAt === 'number' &&
    typeof lastUsedAt === 'number' &&
    typeof isKept === 'boolean' &&
    barred instanceof Set
  if (!isComplete) throw new TypeError('An SSO session in the table lacks a field.')
  return { id, signIn, sub, epoch, authTime, amr, createdAt, lastUsedAt, isKept, barred: [...barred].map(String) }
}
