import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import type { HasSession } from '../../domain/sessions/live-token.ts'
import { answerOf } from '../aws-client.ts'
import { keyOf } from './session-item.ts'

/**
 * Looks whether a session is kept, by an eventually consistent read, at half the price. Only a session that it does not
 * find is asked for again, consistently: it may be so new that this copy does not have it yet, and API Gateway would
 * keep the refusal.
 */
export function createSessionLookUp(client: DynamoDBDocumentClient, TableName: string): HasSession {
  const look = async (sub: string, id: string, ConsistentRead: boolean): Promise<boolean> => {
    const command = new GetCommand({ TableName, Key: keyOf(sub, id), ConsistentRead, ProjectionExpression: 'pk' })
    return (await answerOf(client.send(command))).Item !== undefined
  }
  return async (sub, id) => (await look(sub, id, false)) || (await look(sub, id, true))
}
