import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { basename, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual, promisify } from 'node:util'
import dynalite from 'dynalite'
import { Level } from 'level'
import { createTemporaryFolder } from '../temporary-folder.ts'
import type { Account, Api, ApiAnswer } from './aws-api.ts'
import { createConditionalWrites } from './conditional-writes.ts'
import { type LocalTable, readAccess } from './dynamodb-access.ts'

export type { LocalTable }

type Send = (operation: string, body: string | Buffer) => Promise<ApiAnswer>

// dynalite insists on a signature's form and does not check it; the endpoint has already settled who calls.
const authorization = 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=local, Signature=local'

/** dynalite opens its folder on its own and dies of one that is taken, so it is asked for beforehand. */
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

/** Starts dynalite on a socket that this user alone can reach: on a port it would let in web pages of any origin. */
async function startDynalite(folder: string) {
  const place = createTemporaryFolder()
  const socketPath = process.platform === 'win32' ? `\\\\.\\pipe\\${basename(place)}` : join(place, 'dynamodb')
  const server = dynalite({ path: folder, createTableMs: 0 })
  server.keepAliveTimeout = 0
  await once(server.listen(socketPath), 'listening')

  const send: Send = async (operation, body) => {
    const target = { 'x-amz-target': `DynamoDB_20120810.${operation}`, 'x-amz-date': 'local' }
    const headers = { ...target, authorization, 'content-type': 'application/x-amz-json-1.0' }
    const [answer] = await once(request({ socketPath, method: 'POST', headers }).end(body), 'response')
    const { 'content-type': type, 'x-amz-crc32': checksum } = answer.headers
    return {
      status: answer.statusCode,
      headers: { 'content-type': type, 'x-amz-crc32': checksum },
      body: await buffer(answer),
    }
  }
  const close = async () => {
    await promisify(server.close.bind(server))()
    rmSync(place, { recursive: true, force: true })
  }
  return { send, close }
}

const keysOf = ({ keySchema, attributeDefinitions }: LocalTable) =>
  keySchema.map(({ AttributeName, KeyType }) => [
    AttributeName,
    KeyType,
    attributeDefinitions.find((definition) => definition.AttributeName === AttributeName)?.AttributeType,
  ])

async function findTable(send: Send, name: string) {
  const { status, body } = await send('DescribeTable', JSON.stringify({ TableName: name }))
  if (status !== 200) return undefined
  const { KeySchema, AttributeDefinitions, TableStatus } = JSON.parse(body.toString()).Table
  return { name, keySchema: KeySchema, attributeDefinitions: AttributeDefinitions, status: TableStatus }
}

async function createTable(send: Send, { name, keySchema, attributeDefinitions }: LocalTable): Promise<void> {
  const keys = { KeySchema: keySchema, AttributeDefinitions: attributeDefinitions }
  const { status, body } = await send(
    'CreateTable',
    JSON.stringify({ TableName: name, BillingMode: 'PAY_PER_REQUEST', ...keys }),
  )
  if (status !== 200) throw new Error(`The table ${name} cannot be created: ${body}`)
  while ((await findTable(send, name))?.status !== 'ACTIVE') await setTimeout(5)
}

async function ensureTable(send: Send, table: LocalTable, folder: string): Promise<void> {
  const found = await findTable(send, table.name)
  if (!found) await createTable(send, table)
  else if (found.status !== 'ACTIVE' || !isDeepStrictEqual(keysOf(found), keysOf(table))) {
    throw new Error(`The table ${table.name} in ${folder} is not the template's: start with --reset to make it anew.`)
  }
}

type DynamoDbOptions = Account & { readonly data: string; readonly tables: readonly LocalTable[] }

/** DynamoDB by dynalite, kept in the data folder, with the template's tables. */
export async function createDynamoDb({ data, tables, ...account }: DynamoDbOptions) {
  const folder = join(data, 'dynamodb')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await refuseTakenFolder(folder)
  const { send, close } = await startDynalite(folder)
  try {
    for (const table of tables) await ensureTable(send, table, folder)
  } catch (error) {
    await close()
    throw error
  }

  const api: Api = {
    access: (call) => readAccess(call, tables, account),
    perform: createConditionalWrites(send, tables),
  }
  return { ...api, close }
}
