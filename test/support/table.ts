import { CreateTableCommand, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { inProcess } from './in-process.ts'
import { startAws } from './local-aws.ts'
import { tableShape } from './table-shape.ts'

export type TestTable = {
  readonly client: DynamoDBDocumentClient
  readonly name: string
  readonly endpoint: string
  readonly close: () => Promise<void>
}

const name = 'latchkey'

/** An empty table of the real shape behind the real API: the local account's, or at DYNAMODB_ENDPOINT where that is set. */
export async function openTable(): Promise<TestTable> {
  const foreign = process.env['DYNAMODB_ENDPOINT']
  return foreign === undefined ? openLocalTable() : openForeignTable(foreign)
}

async function openLocalTable(): Promise<TestTable> {
  const aws = await startAws([], { tables: [{ name, ...tableShape }], keys: [] })
  const base = clientOf(aws.url, 'AKIAOWNER', inProcess(aws, 'AKIAOWNER'))
  const close = async () => {
    base.destroy()
    await aws[Symbol.asyncDispose]()
  }
  return { client: DynamoDBDocumentClient.from(base), name, endpoint: aws.url, close }
}

async function openForeignTable(endpoint: string): Promise<TestTable> {
  const base = clientOf(endpoint, 'test')
  await base.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...tableShape.attributeDefinitions],
      KeySchema: [...tableShape.keySchema],
    }),
  )
  const close = async () => base.destroy()
  return { client: DynamoDBDocumentClient.from(base), name, endpoint, close }
}

const clientOf = (endpoint: string, accessKeyId: string, more: DynamoDBClientConfig = {}) =>
  new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId, secretAccessKey: 'test' },
    ...more,
  })
