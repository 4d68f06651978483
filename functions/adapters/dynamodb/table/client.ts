import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { clientConfig } from '../../aws-client.ts'

/** A client of DynamoDB, at the region and endpoint of the environment (AWS_REGION, AWS_ENDPOINT_URL). */
export const createDynamoDb = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig))
