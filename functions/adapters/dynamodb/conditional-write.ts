import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { answerOf } from '../aws-client.ts'

/** Waits for a conditional write; undefined where its condition did not hold and nothing was written. */
export async function unlessConditionFails<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await answerOf(call)
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined
    throw error
  }
}
