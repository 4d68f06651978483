import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { EndMachineSession } from '../../../domain/sessions/revoke.ts'
import { raiseEpoch } from '../accounts/epoch.ts'
import { epochKey, sessionKey } from '../table/keys.ts'
import { createTransact } from '../table/transaction.ts'

/** Ends the session of a machine in DynamoDB: one transaction, so that the next token begins another one. */
export function createEndMachineSession(client: DynamoDBDocumentClient, tableName: string): EndMachineSession {
  const transact = createTransact(client, tableName)
  return async (clientId, id) => {
    const failed = await transact([
      { Delete: { Key: sessionKey(clientId, id), ConditionExpression: 'attribute_exists(pk)' } },
      { Update: { Key: epochKey(clientId), ...raiseEpoch } },
    ])
    return failed.length === 0
  }
}
