import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { PasswordStore } from '../../domain/passwords/password-store.ts'
import { raiseEpoch, raiseEpochFrom } from './epoch.ts'
import { accountKey, epochKey, passwordKey } from './keys.ts'
import { createTable, type Item } from './table.ts'
import { createTransact } from './transaction.ts'

function hashOf({ hash }: Item): string {
  if (typeof hash !== 'string') throw new TypeError('A password in the table lacks its hash.')
  return hash
}

// `hash` is a reserved word of DynamoDB's expressions.
const setHash = (to: string) => ({
  UpdateExpression: 'SET #hash = :to',
  ExpressionAttributeNames: { '#hash': 'hash' },
  ExpressionAttributeValues: { ':to': to },
})

const setHashFrom = (from: string, to: string) => ({
  ...setHash(to),
  ConditionExpression: '#hash = :from',
  ExpressionAttributeValues: { ':from': from, ':to': to },
})

/** Password hashes in DynamoDB, in partitions of their own, which few roles may read. */
export function createDynamoDbPasswords(client: DynamoDBDocumentClient, tableName: string): PasswordStore {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)
  return {
    findHash: async (sub) => {
      const item = await table.get(passwordKey(sub))
      return item && hashOf(item)
    },
    renewHash: async (sub, from, to) => (await table.update(passwordKey(sub), setHashFrom(from, to))).written,
    changeHash: async (sub, { from, to, epoch }) => {
      const failed = await transact([
        { Update: { Key: passwordKey(sub), ...setHashFrom(from, to) } },
        { Update: { Key: epochKey(sub), ...raiseEpochFrom(epoch) } },
      ])
      return failed.length === 0 ? epoch + 1 : undefined
    },
    setHash: async (sub, to) => {
      const failed = await transact([
        { ConditionCheck: { Key: accountKey(sub), ConditionExpression: 'attribute_exists(pk)' } },
        { Update: { Key: passwordKey(sub), ...setHash(to) } },
        { Update: { Key: epochKey(sub), ...raiseEpoch } },
      ])
      return failed.length === 0
    },
  }
}
