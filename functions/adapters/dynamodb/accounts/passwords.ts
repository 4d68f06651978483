import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { PasswordStore, StoredPassword } from '../../../domain/passwords/password-store.ts'
import { accountKey, epochKey, identifierKey, passwordKey } from '../table/keys.ts'
import { createTable, type Item } from '../table/table.ts'
import { createTransact } from '../table/transaction.ts'
import { raiseEpoch, raiseEpochFrom } from './epoch.ts'

/** The item of an imported password; an account without one has it too. The mark stays until the first log-in. */
export const importedPassword = (sub: string, hash: string | undefined): Item => ({
  ...passwordKey(sub),
  ...(hash !== undefined && { hash }),
  imported: true,
})

function toPassword({ hash, imported }: Item): StoredPassword {
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

const setHashFrom = (from: string, to: string) => ({
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

/** Password hashes in DynamoDB, in partitions of their own, which few roles may read. */
export function createDynamoDbPasswords(client: DynamoDBDocumentClient, tableName: string): PasswordStore {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)
  const findPassword = async (sub: string): Promise<StoredPassword | undefined> => {
    const item = await table.get(passwordKey(sub))
    return item && toPassword(item)
  }
  return {
    findHash: async (sub) => (await findPassword(sub))?.hash,
    findPassword,
    renewHash: async (sub, from, to) => (await table.update(passwordKey(sub), setHashFrom(from, to))).written,
    confirmHash: async (sub, hash) => (await table.update(passwordKey(sub), confirm(hash))).written,
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
    replaceImported: async ({ identifier, sub, hash }) => {
      const failed = await transact([
        { ConditionCheck: { Key: identifierKey(identifier), ...belongsTo(sub) } },
        { ConditionCheck: { Key: accountKey(sub), ConditionExpression: 'attribute_exists(pk)' } },
        { Put: { Item: importedPassword(sub, hash), ConditionExpression: 'attribute_exists(imported)' } },
        { Update: { Key: epochKey(sub), ...raiseEpoch } },
      ])
      return failed.length === 0
    },
  }
}

const belongsTo = (sub: string) => ({
  ConditionExpression: '#sub = :sub',
  ExpressionAttributeNames: { '#sub': 'sub' },
  ExpressionAttributeValues: { ':sub': sub },
})
