import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { answerOf, clientConfig } from './aws-client.ts'

/** The table's client. Where AWS is, the environment says (AWS_REGION, AWS_ENDPOINT_URL). */
export const createDynamoDb = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig))

/** Waits for a conditional write; undefined where its condition failed. */
export async function unlessConditionFails<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await answerOf(call)
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined
    throw error
  }
}
