import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import dynalite from 'dynalite'
import { tableShape } from './table-shape.ts'

export type TestTable = {
  readonly client: DynamoDBDocumentClient
  readonly name: string
  readonly endpoint: string
  readonly close: () => Promise<void>
}

const name = 'latchkey'

/** An empty table of the real shape behind the real API, on dynalite, or at DYNAMODB_ENDPOINT where that is set. */
export async function openTable(): Promise<TestTable> {
  const server = dynalite({ createTableMs: 0 })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const endpoint = process.env['DYNAMODB_ENDPOINT'] ?? `http://127.0.0.1:${port}`
  const base = new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  await createTable(base)
  const close = async () => {
    base.destroy()
    server.close()
    await once(server, 'close')
  }
  return { client: DynamoDBDocumentClient.from(base), name, endpoint, close }
}

const createTable = (client: DynamoDBClient) =>
  client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...tableShape.attributeDefinitions],
      KeySchema: [...tableShape.keySchema],
    }),
  )
