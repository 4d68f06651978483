import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createFindClient } from '../adapters/dynamodb/client-look-up.ts'
import { createAuthenticateClient } from '../domain/clients/authenticate-client.ts'

/** Registered clients, as functions need them that clients call. */
export function wireClients(client: DynamoDBDocumentClient, tableName: string) {
  const findClient = createFindClient(client, tableName)
  return { findClient, authenticateClient: createAuthenticateClient(findClient) }
}
