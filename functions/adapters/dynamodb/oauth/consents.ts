import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { ConsentStore } from '../../../domain/oauth/consent.ts'
import { createTable, type Key } from '../table/table.ts'

const consentKey = (sub: string, clientId: string): Key => ({ pk: `ACCOUNT#${sub}`, sk: `CONSENT#${clientId}` })

/** Consents in DynamoDB, one item for each account and client. */
export function createDynamoDbConsents(client: DynamoDBDocumentClient, tableName: string): ConsentStore {
  const table = createTable(client, tableName)
  return {
    findConsent: async (sub, { id, registration }) => {
      const item = await table.get(consentKey(sub, id))
      if (item?.['registration'] !== registration) return undefined
      const { scope } = item
      if (!(scope instanceof Set)) throw new TypeError('A consent in the table lacks a field.')
      return [...scope].filter((token): token is string => typeof token === 'string' && token !== '')
    },
    addConsent: async (sub, { id, registration }, scope, now) => {
      // An empty set cannot be stored.
      const allowed = new Set(['', ...scope])
      const values = { ':registration': registration, ':scope': allowed, ':now': now }
      const added = await table.update(consentKey(sub, id), {
        ConditionExpression: 'attribute_not_exists(pk) OR registration = :registration',
        UpdateExpression: 'SET registration = :registration, allowedAt = :now ADD #scope :scope',
        ExpressionAttributeNames: { '#scope': 'scope' },
        ExpressionAttributeValues: values,
      })
      if (added.written) return
      // What was allowed to a former client of that id.
      await table.update(consentKey(sub, id), {
        UpdateExpression: 'SET registration = :registration, allowedAt = :now, #scope = :scope',
        ExpressionAttributeNames: { '#scope': 'scope' },
        ExpressionAttributeValues: values,
      })
    },
  }
}
