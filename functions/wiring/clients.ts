import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createFindClient } from '../adapters/dynamodb/client-look-up.ts'

/** Registered clients, as pages need them. */
export const wireClients = (client: DynamoDBDocumentClient, tableName: string) => ({
  findClient: createFindClient(client, tableName),
})
