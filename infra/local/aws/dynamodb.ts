import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { Level } from 'level'
import { type Account, type Api, type ApiAnswer, type ApiCall, jsonAnswer } from './aws-api.ts'
import { type Answer, createDynalite, type Dynalite } from './dynalite.ts'
import { readAccess } from './dynamodb-access.ts'
import type { LocalTable } from './local-table.ts'
import { createTransactions, isFailedCondition, itemOf } from './transactions.ts'

export type { LocalTable }

type Perform = Dynalite['perform']

/** dynalite dies of a folder that another process has open, so it is opened once beforehand. */
async function refuseTakenFolder(folder: string): Promise<void> {
  const level = new Level(folder)
  try {
    await level.open()
  } catch (error) {
    const { cause } = Object(error)
    if (cause?.code !== 'LEVEL_LOCKED') throw new Error(`The folder ${folder} cannot be opened: ${cause ?? error}`)
    throw new Error(`The folder ${folder} is in use by another server: stop that, or choose another with --data.`)
  }
  await level.close()
}

const keysOf = ({ keySchema, attributeDefinitions }: LocalTable) =>
  keySchema.map(({ AttributeName, KeyType }) => [
    AttributeName,
    KeyType,
    attributeDefinitions.find((definition) => definition.AttributeName === AttributeName)?.AttributeType,
  ])

async function findTable(perform: Perform, name: string) {
  const { status, body } = await perform('DescribeTable', { TableName: name })
  if (status !== 200) return undefined
  const { KeySchema, AttributeDefinitions, TableStatus } = Object(body['Table'])
  return { name, keySchema: KeySchema, attributeDefinitions: AttributeDefinitions, status: TableStatus }
}

async function createTable(perform: Perform, { name, keySchema, attributeDefinitions }: LocalTable): Promise<void> {
  const keys = { KeySchema: keySchema, AttributeDefinitions: attributeDefinitions }
  const { status, body } = await perform('CreateTable', { TableName: name, BillingMode: 'PAY_PER_REQUEST', ...keys })
  if (status !== 200) throw new Error(`The table ${name} cannot be created: ${JSON.stringify(body)}`)
  while ((await findTable(perform, name))?.status !== 'ACTIVE') await setTimeout(5)
}

async function ensureTable(perform: Perform, table: LocalTable, folder: string): Promise<void> {
  const found = await findTable(perform, table.name)
  if (!found) await createTable(perform, table)
  else if (found.status !== 'ACTIVE' || !isDeepStrictEqual(keysOf(found), keysOf(table))) {
    throw new Error(
      `The table ${table.name} in ${folder} has other keys than the template's: start with --reset to recreate it.`,
    )
  }
}

type DynamoDbOptions = Account & { readonly data: string; readonly tables: readonly LocalTable[] }

/** DynamoDB by dynalite, kept in the data folder, with the template's tables. */
export async function createDynamoDb({ data, tables, ...account }: DynamoDbOptions) {
  const folder = join(data, 'dynamodb')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await refuseTakenFolder(folder)
  const dynalite = createDynalite(folder)
  try {
    for (const table of tables) await ensureTable(dynalite.perform, table, folder)
  } catch (error) {
    await dynalite.close()
    throw error
  }

  const transact = createTransactions(dynalite, tables)
  const inTurn = createQueue()
  const api: Api = {
    access: (call) => readAccess(call, tables, account),
    perform: ({ operation, parameters }) =>
      inTurn(async () =>
        toApiAnswer(
          operation === 'TransactWriteItems'
            ? await transact(parameters)
            : await performOne(operation, parameters, dynalite, tables),
        ),
      ),
  }
  return { ...api, close: dynalite.close }
}

// One call after the other, reads too: transactions are serialisable, and nobody sees half of one.
function createQueue() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}

/** Adds what dynalite ignores: `ReturnValuesOnConditionCheckFailure: ALL_OLD`, which returns the item that was judged. */
async function performOne(
  operation: string,
  parameters: ApiCall['parameters'],
  dynalite: Dynalite,
  tables: readonly LocalTable[],
): Promise<Answer> {
  const answer = await dynalite.perform(operation, parameters)
  if (answer.status === 200 || !isFailedCondition(answer.body)) return answer
  const item = await itemOf(parameters, dynalite, tables)
  return item ? { ...answer, body: { ...answer.body, Item: item } } : answer
}

const toApiAnswer = ({ status, body }: Answer): ApiAnswer => {
  const { headers, ...answer } = jsonAnswer(body, status)
  return { ...answer, headers: { ...headers, 'content-type': 'application/x-amz-json-1.0' } }
}
