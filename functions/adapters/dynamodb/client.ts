import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { clientConfig } from '../aws-client.ts'

/** The table's client. Where AWS is, the environment says (AWS_REGION, AWS_ENDPOINT_URL). */
export const createDynamoDb = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig))
