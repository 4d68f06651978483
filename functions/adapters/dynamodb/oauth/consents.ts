import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { ConsentStore } from '../../../domain/oauth/consent.ts'
import { accountKey } from '../table/keys.ts'
import { createTable, type Key } from '../table/table.ts'
import { createTransact } from '../table/transaction.ts'

const consentKey = (sub: string, clientId: string): Key => ({ pk: accountKey(sub).pk, sk: `CONSENT#${clientId}` })

/** Consents in DynamoDB, one item for each account and client. */
export function createDynamoDbConsents(client: DynamoDBDocumentClient, tableName: string): ConsentStore {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)
  return {
    findConsent: async (sub, { id, registration }) => {
      const item = await table.get(consentKey(sub, id))
      if (item?.['registration'] !== registration) return undefined
      const { scope } = item
      if (!(scope instanceof Set)) throw new TypeError('A consent in the table lacks a field.')
      return [...scope].filter((token): token is string => typeof token === 'string' && token !== '')
    },
    addConsent: async (sub, { id, registration }, scope, now) => {
      const Key = consentKey(sub, id)
      // What a former client of that id was allowed is not added to.
      const isFormer = { ConditionExpression: 'attribute_not_exists(registration) OR registration = :registration' }
      const add = { ...isFormer, UpdateExpression: `${times} ADD #scope :scope` }
      const replace = { UpdateExpression: `${times}, #scope = :scope` }
      for (const change of [add, replace]) {
        const failed = await transact([
          { Update: { Key, ...change, ...valuesOf(registration, scope, now) } },
          // Otherwise it would outlive an account that is deleted meanwhile.
          { ConditionCheck: { Key: accountKey(sub), ConditionExpression: 'attribute_exists(pk)' } },
        ])
        if (!failed.includes(0)) return
      }
    },
  }
}

const times = 'SET registration = :registration, allowedAt = :now'

const valuesOf = (registration: string, scope: readonly string[], now: number) => ({
  ExpressionAttributeNames: { '#scope': 'scope' },
  ExpressionAttributeValues: {
    ':registration': registration,
    // An empty set cannot be stored.
    ':scope': new Set(['', ...scope]),
    ':now': now,
  },
})
