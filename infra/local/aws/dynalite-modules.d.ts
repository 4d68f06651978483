// dynalite ships no types. This is what we use of its modules.
declare module 'dynalite/db/index.js' {
  type Callback<Value> = (error: unknown, value?: Value) => void

  export type ItemDb = {
    readonly get: (key: string, callback: Callback<unknown>) => void
    readonly put: (key: string, value: unknown, callback: Callback<void>) => void
    readonly del: (key: string, callback: Callback<void>) => void
    readonly lock: (key: string, run: (release: <T>(callback: T) => T) => void) => void
  }

  export type Store = {
    readonly db: { readonly batch: (operations: readonly object[]) => Promise<void> }
    readonly getItemDb: (tableName: string) => ItemDb
    readonly lifecycleManager: { readonly gracefulClose: (callback: (error?: unknown) => void) => void }
  }

  const db: {
    readonly create: (options: {
      readonly path?: string
      readonly createTableMs: number
      readonly deleteTableMs: number
      readonly updateTableMs: number
    }) => Store
  }
  export default db
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js'

  const validations: {
    readonly checkTypes: (data: object, types: object) => object
    readonly checkValidations: (data: object, types: object, custom: object, store: Store) => void
  }
  export default validations
}
