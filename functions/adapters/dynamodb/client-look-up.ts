import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type Client, type FindClient, isAuthMethod, isClientId, isGrantType } from '../../domain/clients/client.ts'
import { clientKey } from './table/keys.ts'
import { createTable, type Item } from './table/table.ts'

/** Finds registered clients in DynamoDB. */
export function createFindClient(client: DynamoDBDocumentClient, tableName: string): FindClient {
  const table = createTable(client, tableName)
  return async (id) => {
    // DynamoDB refuses a key of more than 2 KB, which would be a fault of ours.
    if (!isClientId(id)) return undefined
    const item = await table.get(clientKey(id))
    return item && toClient(id, item)
  }
}

export const toClientItem = ({ id, name, ...client }: Client): Item => ({
  ...clientKey(id),
  ...client,
  ...(name !== undefined && { name }),
})

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

function toClient(id: string, item: Item): Client {
  const { pk: _, sk: __, revision: ___, name, ...client } = item
  const { redirectUris, postLogoutRedirectUris, grantTypes, scope, authMethod, secrets, createdAt } = client
  const { isFirstParty, requiresPkce, registration, registeredBy, keys } = client
  const isComplete =
    [redirectUris, postLogoutRedirectUris, scope].every(isTextList) &&
    Array.isArray(grantTypes) &&
    grantTypes.every(isGrantType) &&
    isAuthMethod(authMethod) &&
    Array.isArray(keys ?? []) &&
    Array.isArray(secrets) &&
    secrets.every(({ hash }) => typeof hash === 'string') &&
    typeof createdAt === 'number' &&
    typeof isFirstParty === 'boolean' &&
    typeof requiresPkce === 'boolean' &&
    typeof registration === 'string' &&
    typeof registeredBy === 'string' &&
    (name === undefined || typeof name === 'string')
  if (!isComplete) throw new TypeError('A client in the table lacks a field.')
  return { id, name, ...client } as Client
}
