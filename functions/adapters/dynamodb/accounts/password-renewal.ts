import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { PasswordStore, StoredPassword } from '../../../domain/passwords/password-store.ts'
import { passwordKey } from '../table/keys.ts'
import { createTable, type Item } from '../table/table.ts'

export function toPassword({ hash, imported, oldUsername }: Item): StoredPassword {
  const marks = { isImported: imported === true, isInOldSystem: oldUsername !== undefined }
  if (hash === undefined && (marks.isImported || marks.isInOldSystem)) return { hash, ...marks }
  if (typeof hash !== 'string') throw new TypeError('A password in the table lacks its hash.')
  return { hash, ...marks }
}

/** Sets a hash, whatever it was. `hash` is a reserved word of DynamoDB's expressions. */
export const setHash = (to: string) => ({
  UpdateExpression: 'SET #hash = :to REMOVE imported, oldUsername',
  ExpressionAttributeNames: { '#hash': 'hash' },
  ExpressionAttributeValues: { ':to': to },
})

export const setHashFrom = (from: string, to: string) => ({
  ...setHash(to),
  ConditionExpression: '#hash = :from',
  ExpressionAttributeValues: { ':from': from, ':to': to },
})

/** What a log-in writes of a password in DynamoDB: another hash of the same one, or that it was used. */
export function createPasswordRenewal(
  client: DynamoDBDocumentClient,
  tableName: string,
): Pick<PasswordStore, 'renewHash' | 'confirmHash'> {
  const table = createTable(client, tableName)
  const renewHash = async (sub: string, from: string, to: string) =>
    (await table.update(passwordKey(sub), setHashFrom(from, to))).written
  return { renewHash, confirmHash: (sub, hash) => renewHash(sub, hash, hash) }
}
