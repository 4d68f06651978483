import { createRequire } from 'node:module'
import db, { type Database, type Found, type Store, type Table, type Write } from 'dynalite/db/index.js'
import validations from 'dynalite/validations/index.js'
import { Level } from 'level'
import { unknownOperation } from './aws-api.ts'

const operations = new Map(
  [
    ...['BatchGetItem', 'BatchWriteItem', 'CreateTable', 'DeleteItem', 'DescribeTable', 'GetItem', 'PutItem'],
    ...['Query', 'Scan', 'UpdateItem'],
  ].map((name) => [name, loadOperation(name)]),
)

type Operation = {
  readonly action: (store: Store, data: object, callback: (error?: unknown, result?: unknown) => void) => void
  readonly shape: { readonly types: unknown; readonly custom: unknown }
}

function loadOperation(name: string): Operation {
  const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.js`
  const load = createRequire(import.meta.url)
  return { action: load(`dynalite/actions/${file}`), shape: load(`dynalite/validations/${file}`) }
}

export type Parameters = Readonly<Record<string, unknown>>

/** An error of DynamoDB, as dynalite throws it. */
export type DynamoDbError = Error & { readonly statusCode: number; readonly body: Parameters }

export const isDynamoDbError = (error: unknown): error is DynamoDbError =>
  error instanceof Error && 'statusCode' in error && 'body' in error

/** A request that has the right form, and can be performed. */
export type Prepared = (store: Store) => Promise<Parameters>

/** @throws DynamoDbError for a request of the wrong form. */
export function prepare(store: Store, operation: string, parameters: Parameters): Prepared {
  const found = operations.get(operation)
  if (!found) throw unknownOperation(`dynamodb:${operation}`)
  const { action, shape } = found
  // dynalite changes the request that it checks.
  const data = validations.checkTypes(structuredClone(parameters), shape.types)
  validations.checkValidations(data, shape.types, shape.custom, store)
  return (target) =>
    new Promise((resolve, reject) => {
      action(target, data, (error, result) => (error ? reject(error) : resolve(Object(result))))
    })
}

/** In memory without a folder. @throws Error if another process has the folder open. */
export async function openStore(folder?: string): Promise<Store> {
  if (folder !== undefined) await refuseTakenFolder(folder)
  const store = db.create({ ...(folder !== undefined && { path: folder }), createTableMs: 0, maxItemSizeKb: 400 })
  await store.db.open()
  return rememberTables(store)
}

/** Reads each table from disk once, not for each call: none that is there is ever changed or deleted here. */
function rememberTables(store: Store): Store {
  const known = new Map<string, Table>()
  const read = (name: string, checkStatus: false | Found, callback: Found) => {
    const found: Found = (error, table) => {
      if (table?.TableStatus === 'ACTIVE') known.set(name, table)
      callback(error, table)
    }
    return checkStatus === false ? store.getTable(name, false, found) : store.getTable(name, found)
  }
  return {
    ...store,
    getTable(name, checkStatus, callback = checkStatus as Found) {
      const table = known.get(name)
      if (table) queueMicrotask(() => callback(null, table))
      else read(name, checkStatus, callback)
    },
  }
}

export const closeStore = (store: Store): Promise<void> => store.db.close()

// dynalite does not report a folder that is in use, so the folder is tried first.
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

/** A view of the store that collects its writes. `commit` puts all of them on disk in one batch. */
export function createDraft(store: Store): { readonly draft: Store; readonly commit: () => Promise<void> } {
  const writes: Write[] = []
  const collect = (database: Database, prefix: string): Database => ({
    ...database,
    lock: (_key, work) => work((callback) => callback),
    put: (key, value, callback) => {
      writes.push({ type: 'put', key: `${prefix}~${key}`, value })
      callback(null)
    },
    del: (key, callback) => {
      writes.push({ type: 'del', key: `${prefix}~${key}` })
      callback(null)
    },
  })
  const draft: Store = {
    ...store,
    getItemDb: (table) => collect(store.getItemDb(table), `item-${table}`),
    getIndexDb: (type, table, index) =>
      collect(store.getIndexDb(type, table, index), `index-${type.toLowerCase()}~${table}~${index}`),
  }
  return { draft, commit: () => store.db.batch(writes) }
}
