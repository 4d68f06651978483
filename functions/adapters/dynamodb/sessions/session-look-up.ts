import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import type { HasSession } from '../../../domain/sessions/live-token.ts'
import { answerOf } from '../../aws-client.ts'
import { sessionKey } from '../table/keys.ts'

/**
 * Looks for a session by an eventually consistent read, at half the price. Only where that finds nothing it asks again,
 * consistently: the session may be too new for this copy, and API Gateway would cache the denial.
 */
export function createSessionLookUp(client: DynamoDBDocumentClient, TableName: string): HasSession {
  const look = async (sub: string, id: string, ConsistentRead: boolean): Promise<boolean> => {
    const command = new GetCommand({ TableName, Key: sessionKey(sub, id), ConsistentRead, ProjectionExpression: 'pk' })
    return (await answerOf(client.send(command))).Item !== undefined
  }
  return async (sub, id) => (await look(sub, id, false)) || (await look(sub, id, true))
}
