import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { PasswordStore, StoredPassword } from '../../../domain/passwords/password-store.ts'
import { accountKey, epochKey, identifierKey, passwordKey } from '../table/keys.ts'
import { createTable, type Item } from '../table/table.ts'
import { createTransact } from '../table/transaction.ts'
import { raiseEpoch, raiseEpochFrom, raiseEpochOfKeys } from './epoch.ts'
import { createPasswordRenewal, setHash, setHashFrom, toPassword } from './password-renewal.ts'

/** The item of an imported password; an account without one has it too. The mark stays until the first log-in. */
export const importedPassword = (sub: string, hash: string | undefined): Item => ({
  ...passwordKey(sub),
  ...(hash !== undefined && { hash }),
  imported: true,
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
    ...createPasswordRenewal(client, tableName),
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
        { Update: { Key: epochKey(sub), ...raiseEpochOfKeys } },
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
    setMigratedHash: async ({ identifier, sub, hash, verified }) => {
      const failed = await transact([
        { ConditionCheck: { Key: identifierKey(identifier), ...belongsTo(sub) } },
        { Update: { Key: passwordKey(sub), ...setHashInOldSystem(hash, verified ? undefined : identifier) } },
      ])
      return failed.length === 0
    },
  }
}

/** Sets a hash where the old system has the password: of this identifier, if one is given. */
function setHashInOldSystem(to: string, identifier: string | undefined) {
  const { ExpressionAttributeValues, ...update } = setHash(to)
  if (identifier === undefined)
    return { ...update, ExpressionAttributeValues, ConditionExpression: 'attribute_exists(oldUsername)' }
  return {
    ...update,
    ConditionExpression: 'oldUsername = :identifier',
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':identifier': identifier },
  }
}

const belongsTo = (sub: string) => ({
  ConditionExpression: '#sub = :sub',
  ExpressionAttributeNames: { '#sub': 'sub' },
  ExpressionAttributeValues: { ':sub': sub },
})
