import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { PasswordStore, StoredPassword } from '../../../domain/passwords/password-store.ts'
import { passwordKey } from '../table/keys.ts'
import { createTable, type Item } from '../table/table.ts'

export function toPassword({ hash, imported }: Item): StoredPassword {
  const isImported = imported === true
  if (hash === undefined && isImported) return { hash, isImported }
  if (typeof hash !== 'string') throw new TypeError('A password in the table lacks its hash.')
  return { hash, isImported }
}

/** Sets a hash, whatever it was. `hash` is a reserved word of DynamoDB's expressions. */
export const setHash = (to: string) => ({
  UpdateExpression: 'SET #hash = :to REMOVE imported',
  ExpressionAttributeNames: { '#hash': 'hash' },
  ExpressionAttributeValues: { ':to': to },
})

export const setHashFrom = (from: string, to: string) => ({
  ...setHash(to),
  ConditionExpression: '#hash = :from',
  ExpressionAttributeValues: { ':from': from, ':to': to },
})

const confirm = (hash: string) => ({
  UpdateExpression: 'REMOVE imported',
  ConditionExpression: '#hash = :hash',
  ExpressionAttributeNames: { '#hash': 'hash' },
  ExpressionAttributeValues: { ':hash': hash },
})

/** What a log-in writes of a password in DynamoDB: another hash of the same one, or that it was used. */
export function createPasswordRenewal(
  client: DynamoDBDocumentClient,
  tableName: string,
): Pick<PasswordStore, 'renewHash' | 'confirmHash'> {
  const table = createTable(client, tableName)
  return {
    renewHash: async (sub, from, to) => (await table.update(passwordKey(sub), setHashFrom(from, to))).written,
    confirmHash: async (sub, hash) => (await table.update(passwordKey(sub), confirm(hash))).written,
  }
}
