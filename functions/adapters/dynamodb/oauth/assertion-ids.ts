import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { UseAssertionId } from '../../../domain/oauth/client-assertion.ts'
import { randomId } from '../../../domain/random-id.ts'
import { sha256 } from '../../../domain/secret.ts'
import { createTable } from '../table/table.ts'

/** Used ids of assertions in DynamoDB, one item each, as long as the assertion could be used again. */
export function createUseAssertionId(client: DynamoDBDocumentClient, tableName: string): UseAssertionId {
  const table = createTable(client, tableName)
  return async (clientId, jti, until) => {
    const id = sha256(`${clientId}\n${jti}`)
    const { written } = await table.update(
      { pk: `CODE#jti#${id}`, sk: 'CODE' },
      {
        // Our own: the SDK repeated a write that had succeeded.
        ConditionExpression: 'attribute_not_exists(pk) OR usedBy = :own',
        UpdateExpression: 'SET usedBy = :own, #ttl = :ttl',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':own': randomId(), ':ttl': until },
      },
    )
    return written
  }
}
