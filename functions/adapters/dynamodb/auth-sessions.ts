import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { AuthSession, AuthSessionStore } from '../../domain/sign-in/auth-session.ts'
import { createTable, type Item, type Key } from './table/table.ts'

/**
 * Auth sessions in DynamoDB, one item each. TTL deletes late, so the time is part of each condition. `of` is what they belong
 * to, such as the flow of a page: what is found in one place is not in another.
 */
export function createDynamoDbAuthSessions(
  client: DynamoDBDocumentClient,
  tableName: string,
  of = 'login',
): AuthSessionStore {
  const table = createTable(client, tableName)
  const authSessionKey = (id: string): Key => ({ pk: `CODE#${of}#${id}`, sk: 'CODE' })
  // Only where it is not over and has not had its tries.
  const change = async (id: string, changes: string, to: unknown, now: number, max: number) => {
    const { written, item } = await table.update(authSessionKey(id), {
      ConditionExpression: 'tries < :max AND #ttl > :now',
      UpdateExpression: `SET ${changes}`,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':max': max, ':now': now, ':to': to },
    })
    return written && item ? toAuthSession(item) : undefined
  }
  return {
    putNewAuthSession: (id, session, expiresAt) =>
      table.put(
        { ...authSessionKey(id), ...toAttributes(session), tries: 0, ttl: expiresAt },
        {
          // A second try, after a response that got lost, finds the first one's work: an id is never used twice.
          ConditionExpression: 'attribute_not_exists(pk) OR tries = :none',
          ExpressionAttributeValues: { ':none': 0 },
        },
      ),
    findAuthSession: async (id, now) => {
      const item = await table.get(authSessionKey(id))
      return item && Number(item['ttl']) > now ? toAuthSession(item) : undefined
    },
    countTry: (id, now, max) => change(id, 'tries = tries + :to', 1, now, max),
    setChallenge: (id, hash, now, max) => change(id, 'challenge = :to', hash, now, max),
    setProved: async (id, { from, to }) => {
      const { written } = await table.update(authSessionKey(id), {
        // Proofs are only added, so as many are the same.
        ConditionExpression: 'size(proved) = :from',
        UpdateExpression: 'SET proved = :to, tries = :none',
        ExpressionAttributeValues: { ':from': from.length, ':to': [...to], ':none': 0 },
      })
      return written
    },
    deleteAuthSession: (id) => table.remove(authSessionKey(id)),
  }
}

// Attributes that are undefined are left out.
const toAttributes = (session: AuthSession): Item =>
  Object.fromEntries(Object.entries(session).filter(([, value]) => value !== undefined))

function toAuthSession({ pk: _, sk: __, tries: ___, ttl: ____, ...session }: Item): AuthSession {
  const { proved, authTime, clientId, rememberDevice } = session
  const isComplete =
    Array.isArray(proved) &&
    typeof authTime === 'number' &&
    typeof clientId === 'string' &&
    typeof rememberDevice === 'boolean'
  if (!isComplete) throw new TypeError('An auth session in the table lacks a field.')
  return session as AuthSession
}
