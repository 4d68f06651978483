import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { AddedConsent, ConsentStore } from '../../../domain/oauth/consent.ts'
import { accountKey, consentKey } from '../table/keys.ts'
import { createTable } from '../table/table.ts'
import { createTransact } from '../table/transaction.ts'
import { createFindConsent, elementsOf, toConsent } from './consent-look-up.ts'

/** Consents in DynamoDB, one item for each account and client. */
export function createDynamoDbConsents(client: DynamoDBDocumentClient, tableName: string): ConsentStore {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)
  return {
    findConsent: createFindConsent(client, tableName),
    addConsent: async (sub, { id, registration }, added, now) => {
      const Key = consentKey(sub, id)
      // What a former client of that id was allowed is not added to.
      const isFormer = { ConditionExpression: 'attribute_not_exists(registration) OR registration = :registration' }
      const add = {
        ...isFormer,
        UpdateExpression: `${times}, consentId = if_not_exists(consentId, :id) ADD #scope :scope`,
      }
      const replace = { UpdateExpression: `${times}, consentId = :id, #scope = :scope` }
      for (const change of [add, replace]) {
        const failed = await transact([
          { Update: { Key, ...change, ...valuesOf(registration, added, now) } },
          // Otherwise it would outlive an account that is deleted meanwhile.
          { ConditionCheck: { Key: accountKey(sub), ConditionExpression: 'attribute_exists(pk)' } },
        ])
        if (!failed.includes(0)) return
      }
    },
    listConsents: async (sub) => {
      const items = await table.query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': consentKey(sub, '').pk },
      })
      return items.map(toConsent)
    },
    deleteConsent: (sub, clientId) => table.remove(consentKey(sub, clientId)),
  }
}

const times = 'SET registration = :registration, allowedAt = :now'

const valuesOf = (registration: string, { id, ...added }: AddedConsent, now: number) => ({
  ExpressionAttributeNames: { '#scope': 'scope' },
  ExpressionAttributeValues: {
    ':registration': registration,
    ':id': id,
    ':scope': elementsOf(added),
    ':now': now,
  },
})
