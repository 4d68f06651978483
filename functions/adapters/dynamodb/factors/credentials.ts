import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { FindCredentials } from '../../../domain/sign-in/factor-store.ts'
import { passwordKey } from '../table/keys.ts'
import { createTable } from '../table/table.ts'
import { toCredentials } from './factor-items.ts'

/** Reads password and factors by one query, because they are in one partition. */
export function createFindCredentials(client: DynamoDBDocumentClient, tableName: string): FindCredentials {
  const table = createTable(client, tableName)
  return async (sub) => {
    const { pk } = passwordKey(sub)
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }
    return toCredentials(await table.query(query))
  }
}
