import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { EndKeySession } from '../../../domain/sessions/revoke.ts'
import { sessionKey } from '../table/keys.ts'
import { createTransact } from '../table/transaction.ts'
import { keyStateKey } from './api-key-items.ts'

/** Ends the session of an API key in DynamoDB: one transaction, so that the next token begins another one. */
export function createEndKeySession(client: DynamoDBDocumentClient, tableName: string): EndKeySession {
  const transact = createTransact(client, tableName)
  return async ({ sub, clientId, id }) => {
    const failed = await transact([
      { Delete: { Key: sessionKey(sub, id), ConditionExpression: 'attribute_exists(pk)' } },
      { Update: { Key: keyStateKey(sub, clientId.slice('lk_'.length)), ...countEnd } },
    ])
    return failed.length === 0
  }
}

// Without a state the key is revoked, and its session has gone with it.
const countEnd = {
  UpdateExpression: 'ADD ends :one',
  ConditionExpression: 'attribute_exists(pk)',
  ExpressionAttributeValues: { ':one': 1 },
}
