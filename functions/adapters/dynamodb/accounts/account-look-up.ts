import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { AccountStore } from '../../../domain/accounts/account.ts'
import { accountKey, identifierKey } from '../table/keys.ts'
import { createTable, type Item } from '../table/table.ts'
import { toAccount } from './account-items.ts'

export function subjectOf({ sub }: Item): string {
  if (typeof sub !== 'string') throw new TypeError('An identifier in the table lacks its subject.')
  return sub
}

/** Finds accounts in DynamoDB, for functions that change none. */
export function createAccountLookUp(
  client: DynamoDBDocumentClient,
  tableName: string,
): Pick<AccountStore, 'findAccount' | 'findSubject'> {
  const table = createTable(client, tableName)
  return {
    findAccount: async (sub) => {
      const item = await table.get(accountKey(sub))
      return item && toAccount(sub, item)
    },
    findSubject: async (identifier) => {
      const item = await table.get(identifierKey(identifier))
      return item && subjectOf(item)
    },
  }
}
