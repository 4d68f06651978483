import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Store } from 'dynalite/db/index.js'
import type { Account, Api, ApiAnswer } from './aws-api.ts'
import { awsError } from './aws-api.ts'
import { type LocalTable, readAccess } from './dynamodb-access.ts'
import { closeStore, isDynamoDbError, openStore, type Parameters, prepare } from './dynamodb-store.ts'
import { createTransactions, readGets, type TransactionItem } from './transactions.ts'

export type { LocalTable }

type Send = (operation: string, parameters: Parameters) => Promise<ApiAnswer>

const writes = ['PutItem', 'UpdateItem', 'DeleteItem']

const answer = (status: number, body: unknown): ApiAnswer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
})

async function answerErrors(work: () => Promise<Parameters>): Promise<ApiAnswer> {
  try {
    return answer(200, await work())
  } catch (error) {
    if (isDynamoDbError(error)) return answer(error.statusCode, error.body)
    throw error
  }
}

/** What two tables must have in common to be the same. */
function shapeOf({ keySchema, attributeDefinitions, globalIndexes = [], localIndexes = [] }: LocalTable) {
  const keysOf = (schema: LocalTable['keySchema']) =>
    schema.map(({ AttributeName, KeyType }) => [
      AttributeName,
      KeyType,
      attributeDefinitions.find((definition) => definition.AttributeName === AttributeName)?.AttributeType,
    ])
  const indexes = [...globalIndexes, ...localIndexes].map(({ IndexName, KeySchema, Projection }) => {
    const { ProjectionType, NonKeyAttributes = [] } = Projection
    return [IndexName, keysOf(KeySchema), ProjectionType, [...NonKeyAttributes].sort()]
  })
  return [keysOf(keySchema), indexes.sort(([one], [other]) => (String(one) < String(other) ? -1 : 1))]
}

async function findTable(send: Send, name: string) {
  const { status, body } = await send('DescribeTable', { TableName: name })
  if (status !== 200) return undefined
  const { KeySchema, AttributeDefinitions, TableStatus, ...indexes } = JSON.parse(body.toString()).Table
  return {
    name,
    keySchema: KeySchema,
    attributeDefinitions: AttributeDefinitions,
    globalIndexes: indexes.GlobalSecondaryIndexes ?? [],
    localIndexes: indexes.LocalSecondaryIndexes ?? [],
    status: TableStatus,
  }
}

async function createTable(send: Send, table: LocalTable): Promise<void> {
  const { name, keySchema, attributeDefinitions, globalIndexes, localIndexes } = table
  const keys = {
    KeySchema: keySchema,
    AttributeDefinitions: attributeDefinitions,
    ...(globalIndexes && { GlobalSecondaryIndexes: globalIndexes }),
    ...(localIndexes && { LocalSecondaryIndexes: localIndexes }),
  }
  const { status, body } = await send('CreateTable', { TableName: name, BillingMode: 'PAY_PER_REQUEST', ...keys })
  if (status !== 200) throw new Error(`The table ${name} cannot be created: ${body}`)
  while ((await findTable(send, name))?.status !== 'ACTIVE') await setTimeout(5)
}

async function ensureTable(send: Send, table: LocalTable, folder: string): Promise<void> {
  const found = await findTable(send, table.name)
  if (!found) await createTable(send, table)
  else if (found.status !== 'ACTIVE' || !isDeepStrictEqual(shapeOf(found), shapeOf(table))) {
    throw new Error(
      `The table ${table.name} in ${folder} is not the template's: start with --reset to create it again.`,
    )
  }
}

export type DynamoDbOptions = Account & {
  readonly data: string
  readonly tables: readonly LocalTable[]
  /** For tests: keeps the tables in memory instead, which is faster. */
  readonly inMemory?: boolean
  /** For tests: a write for which this is true is answered as if a transaction were changing its item. */
  readonly isConflict?: (item: TransactionItem) => boolean
  /** Milliseconds; decides when a client request token is forgotten. */
  readonly now?: () => number
}

/** Runs pieces of work one after another, so each sees all of a transaction or nothing of it. */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve()
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}

type OperationsOptions = Required<Pick<DynamoDbOptions, 'tables' | 'isConflict' | 'now'>>

function createOperations(store: Store, { tables, isConflict, now }: OperationsOptions) {
  function keyOf({ parameters: { TableName, Key, Item } }: TransactionItem): Parameters {
    const names = tables.find(({ name }) => name === TableName)?.keySchema.map(({ AttributeName }) => AttributeName)
    return Object.fromEntries((names ?? []).map((name) => [name, Object(Key ?? Item)[name]]))
  }

  async function readOldItem(item: TransactionItem): Promise<unknown> {
    const { TableName } = item.parameters
    const read = prepare(store, 'GetItem', { TableName, Key: keyOf(item), ConsistentRead: true })
    return (await read(store))['Item']
  }

  async function performOne(operation: string, parameters: Parameters): Promise<Parameters> {
    const item = { operation, parameters }
    if (writes.includes(operation) && isConflict(item)) {
      throw awsError('TransactionConflictException', 'Transaction is ongoing for the item')
    }
    try {
      return await prepare(store, operation, parameters)(store)
    } catch (error) {
      const wantsItem = parameters['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD'
      const failed = isDynamoDbError(error) && String(error.body['__type']).endsWith('#ConditionalCheckFailedException')
      const Item = wantsItem && failed ? await readOldItem(item) : undefined
      throw Item ? Object.assign(Object(error), { body: { ...Object(error).body, Item } }) : error
    }
  }

  async function getAll(parameters: Parameters): Promise<Parameters> {
    const answers: Parameters[] = []
    for (const { operation, parameters: get } of readGets(parameters)) answers.push(await performOne(operation, get))
    return { Responses: answers.map(({ Item }) => (Item === undefined ? {} : { Item })) }
  }

  const transact = createTransactions({ store, keyOf, readOldItem, isConflict, now })
  return async (operation: string, parameters: Parameters): Promise<Parameters> => {
    if (operation === 'TransactWriteItems') return await transact(parameters)
    return operation === 'TransactGetItems' ? await getAll(parameters) : await performOne(operation, parameters)
  }
}

/** DynamoDB with the template's tables, kept in the data folder. */
export async function createDynamoDb({
  data,
  tables,
  inMemory = false,
  isConflict = () => false,
  now = Date.now,
  ...account
}: DynamoDbOptions) {
  const folder = join(data, 'dynamodb')
  if (!inMemory) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const store = await openStore(inMemory ? undefined : folder)
  const perform = createOperations(store, { tables, isConflict, now })
  const inTurn = createQueue()
  const send: Send = (operation, parameters) => inTurn(() => answerErrors(() => perform(operation, parameters)))
  const close = () => inTurn(() => closeStore(store))
  try {
    for (const table of tables) await ensureTable(send, table, folder)
  } catch (error) {
    await close()
    throw error
  }

  const api: Api = {
    access: (call) => readAccess(call, tables, account),
    perform: ({ operation, parameters }) => send(operation, parameters),
  }
  return { ...api, close }
}
