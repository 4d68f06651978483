import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { DocumentStore } from '../../domain/clients/clients-by-url.ts'
import { clientKey } from './table/keys.ts'
import { createTable, type Key } from './table/table.ts'

const keysKey = (url: string): Key => ({ ...clientKey(url), sk: 'KEYS' })

/** Documents of clients and their keys in DynamoDB, an item each, as JSON that is judged whenever it is read. */
export function createDynamoDbDocuments(client: DynamoDBDocumentClient, tableName: string): DocumentStore {
  const table = createTable(client, tableName)
  const find = async (key: Key) => {
    const item = await table.get(key)
    return item && { value: JSON.parse(String(item['document'])), freshUntil: Number(item['freshUntil']) }
  }
  const put =
    (keyOf: (url: string) => Key): DocumentStore['putDocument'] =>
    (url, { value, freshUntil }, expiresAt) =>
      // The last one counts: of two that fetch at once, both have what their host said just now.
      table.put({ ...keyOf(url), document: JSON.stringify(value), freshUntil, ttl: expiresAt }, {})
  return {
    findDocument: (url) => find(clientKey(url)),
    putDocument: put(clientKey),
    findKeys: (url) => find(keysKey(url)),
    putKeys: put(keysKey),
  }
}
