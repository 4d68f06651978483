import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { answerOf } from '../../aws-client.ts'
import { recoveryKey } from '../table/keys.ts'

/**
 * Whether an account has a second factor: recovery codes come with the first and go with the last. Only their key is read, and
 * the role allows no more, so no function needs the right to read credentials for it.
 */
export const createHasFactor =
  (client: DynamoDBDocumentClient, TableName: string) =>
  async (sub: string): Promise<boolean> => {
    const command = new GetCommand({
      TableName,
      Key: recoveryKey(sub),
      ConsistentRead: true,
      ProjectionExpression: 'pk',
    })
    return (await answerOf(client.send(command))).Item !== undefined
  }
