import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type Account, type AccountStore, addressOf, withIdentifier } from '../../../domain/accounts/account.ts'
import { allSettledThenThrow } from '../../../domain/all-settled-then-throw.ts'
import { fail, succeed } from '../../../domain/result.ts'
import { deleteApiKeys } from '../api-keys/api-keys.ts'
import { createFindCredentials } from '../factors/credentials.ts'
import { accountKey, consentKey, epochKey } from '../table/keys.ts'
import { createTable, type Table } from '../table/table.ts'
import { createTransact } from '../table/transaction.ts'
import { addressWrites, deletionWrites, identifierWrites, newAccountWrites, toAccount } from './account-items.ts'
import { createAccountLookUp, subjectOf } from './account-look-up.ts'
import { listDirectory } from './directory.ts'
import { raiseEpochOfKeys } from './epoch.ts'

const exists = { ConditionExpression: 'attribute_exists(pk)' }

/** Accounts in DynamoDB. Account, identifiers, directory entry and password are items of their own, changed together. */
export function createDynamoDbAccounts(client: DynamoDBDocumentClient, tableName: string): AccountStore {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)
  const findCredentials = createFindCredentials(client, tableName)
  const update = async (sub: string, change: Parameters<Table['update']>[1]): Promise<Account | undefined> => {
    const { written, item } = await table.update(accountKey(sub), { ...exists, ...change })
    return written && item ? toAccount(sub, item) : undefined
  }
  const change = (sub: string, name: string, value: unknown): Promise<Account | undefined> =>
    update(sub, {
      UpdateExpression: 'SET #name = :value',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':value': value },
    })
  // After the account: none can be added then.
  const deleteConsents = async (sub: string): Promise<void> => {
    const consents = await table.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': consentKey(sub, '').pk },
    })
    await allSettledThenThrow(consents.map(({ pk, sk }) => table.remove({ pk: String(pk), sk: String(sk) })))
  }
  const lookUp = createAccountLookUp(client, tableName)
  return {
    ...lookUp,
    isSubjectDeleted: async (sub) => (await table.get(epochKey(sub)))?.['isDeleted'] === true,
    putNewAccount: async (newAccount) => {
      const [failed] = await transact(newAccountWrites(newAccount))
      if (failed === undefined) return succeed(undefined)
      const { length } = newAccount.account.identifiers
      if (failed < length) return fail({ reason: 'username_taken' })
      return fail({ reason: failed === length || failed === length + 1 ? 'subject_taken' : 'subject_deleted' })
    },
    disableAccount: async (sub) => {
      const disable = { UpdateExpression: 'SET disabled = :true', ExpressionAttributeValues: { ':true': true } }
      const failed = await transact([
        { Update: { Key: accountKey(sub), ...disable, ...exists } },
        { Update: { Key: epochKey(sub), ...raiseEpochOfKeys } },
      ])
      return failed.length === 0
    },
    enableAccount: (sub) => change(sub, 'disabled', false),
    setScope: (sub, scope) => change(sub, 'scope', [...scope]),
    // `groups` is a reserved word of DynamoDB's expressions.
    setGroups: (sub, groups) =>
      groups.length > 0
        ? change(sub, 'groups', [...groups])
        : update(sub, { UpdateExpression: 'REMOVE #name', ExpressionAttributeNames: { '#name': 'groups' } }),
    replaceIdentifier: async (account, from, to) => {
      const renamed = withIdentifier(account, from, to)
      const [failed] = await transact(identifierWrites(account, renamed))
      if (failed === undefined) return succeed(renamed)
      return fail({ reason: failed === 0 ? 'username_taken' : 'unknown_user' })
    },
    setAddress: async (account, address, isVerified) => {
      const changed = withIdentifier(account, addressOf(account), address, isVerified)
      const [failed] = await transact(addressWrites(account, changed))
      if (failed === undefined) return succeed(changed)
      const isTaken = failed === 0 && addressOf(account) !== address
      return fail({ reason: isTaken ? 'address_taken' : 'changed_meanwhile' })
    },
    deleteAccount: async (account) => {
      const { factors } = await findCredentials(account.sub)
      const failed = await transact(deletionWrites(account, factors))
      if (failed.length === 0)
        await allSettledThenThrow([deleteConsents(account.sub), deleteApiKeys(table, account.sub)])
      return failed.length === 0
    },
    listAccounts: async (request) => {
      const { entries, cursor } = await listDirectory(table, request)
      const accounts = await allSettledThenThrow(entries.map((entry) => lookUp.findAccount(subjectOf(entry))))
      // One may have been deleted since the directory was read.
      return { accounts: accounts.filter((account) => account !== undefined), cursor }
    },
  }
}
