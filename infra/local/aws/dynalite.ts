import { createRequire } from 'node:module'
import db, { type ItemDb, type Store } from 'dynalite/db/index.js'
import validations from 'dynalite/validations/index.js'

// dynalite's server offers no transactions and ignores what it does not know, so its modules are used without it.
const require = createRequire(import.meta.url)

export type Parameters = Readonly<Record<string, unknown>>

/** What DynamoDB answers: a body of the JSON protocol, `__type` naming an error. */
export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

/** One write of a transaction. A condition check writes nothing. */
export type Write = { readonly operation: 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheck' } & {
  readonly parameters: Parameters
}

export type Dynalite = {
  readonly perform: (operation: string, parameters: Parameters) => Promise<Answer>
  /** Writes all or, where one answer is an error, nothing. The answer to each. */
  readonly performAll: (writes: readonly Write[]) => Promise<readonly Answer[]>
  readonly close: () => Promise<void>
}

type Action = (store: Store, data: object, callback: (error: unknown, answer?: object) => void) => void

/** dynalite's DynamoDB without its HTTP server, kept in a folder. */
export function createDynalite(path: string): Dynalite {
  const store = db.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
  return {
    perform: (operation, parameters) => run(store, operation, parameters),
    performAll: async (writes) => {
      const staging = stage(store)
      const answers: Answer[] = []
      for (const { operation, parameters } of writes) {
        answers.push(
          operation === 'ConditionCheck'
            ? await run(stage(staging.store).store, 'DeleteItem', parameters)
            : await run(staging.store, operation, parameters),
        )
      }
      // In one batch, so that a server that is killed leaves all of them or none.
      if (answers.every(({ status }) => status === 200)) await store.db.batch(staging.operations())
      return answers
    },
    close: () =>
      new Promise((resolve, reject) =>
        store.lifecycleManager.gracefulClose((error) => (error ? reject(error) : resolve())),
      ),
  }
}

async function run(store: Store, operation: string, parameters: Parameters): Promise<Answer> {
  const name = `${operation[0]?.toLowerCase()}${operation.slice(1)}`
  const { types, custom } = require(`dynalite/validations/${name}.js`)
  const action: Action = require(`dynalite/actions/${name}.js`)
  try {
    // The check removes members from what it is given.
    const data = validations.checkTypes(structuredClone(parameters), types)
    validations.checkValidations(data, types, custom, store)
    const body = await new Promise<object>((resolve, reject) =>
      action(store, data, (error, answer = {}) => (error ? reject(error) : resolve(answer))),
    )
    return { status: 200, body: body as Answer['body'] }
  } catch (error) {
    const { statusCode: status, body } = Object(error)
    if (typeof status !== 'number') throw error
    return { status, body }
  }
}

type Staged = { readonly type: 'put' | 'del'; readonly key: string; readonly value?: unknown }

/** A store that keeps what is written to it and shows it to its readers, on top of another that it leaves unchanged. */
function stage(store: Store) {
  const staged = new Map<string, Staged>()
  const getItemDb = (tableName: string): ItemDb => {
    const below = store.getItemDb(tableName)
    // dynalite's own prefix of a table's items.
    const keyOf = (key: string) => `item-${tableName}~${key}`
    const note = (operation: Staged, callback: (error: unknown) => void) => {
      staged.set(operation.key, operation)
      setImmediate(callback, undefined)
    }
    return {
      get: (key, callback) => {
        const found = staged.get(keyOf(key))
        if (!found) return below.get(key, callback)
        setImmediate(callback, undefined, structuredClone(found.value))
      },
      put: (key, value, callback) => note({ type: 'put', key: keyOf(key), value }, callback),
      del: (key, callback) => note({ type: 'del', key: keyOf(key) }, callback),
      lock: (_, run) => run((callback) => callback),
    }
  }
  return { store: { ...store, getItemDb }, operations: () => [...staged.values()] }
}
