import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbDocuments } from '../../adapters/dynamodb/client-documents.ts'
import { createFindClient } from '../../adapters/dynamodb/client-look-up.ts'
import { createFindNamedClient } from '../../domain/clients/clients-by-url.ts'

/** Registered clients, as pages need them. */
export const wireClients = (client: DynamoDBDocumentClient, tableName: string) => ({
  findClient: createFindClient(client, tableName),
})

/** What clients are called that an account has allowed something, also those by URL that may no longer sign anyone in. */
export const wireNamedClients = (client: DynamoDBDocumentClient, tableName: string) => ({
  findClient: createFindNamedClient(createFindClient(client, tableName), createDynamoDbDocuments(client, tableName)),
})
