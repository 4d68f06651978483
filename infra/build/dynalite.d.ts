// dynalite ships no types. This is what we use of it: its operations, run on a store that we hold ourselves.
declare module 'dynalite/db/index.js' {
  type Callback = (error?: unknown, result?: unknown) => void

  export type Database = {
    readonly lock: (key: string, work: (release: (callback: Callback) => Callback) => void) => void
    readonly get: (key: string, callback: Callback) => void
    readonly put: (key: string, value: unknown, callback: Callback) => void
    readonly del: (key: string, callback: Callback) => void
  }

  export type Write =
    | { readonly type: 'put'; readonly key: string; readonly value: unknown }
    | { readonly type: 'del'; readonly key: string }

  export type Table = { readonly TableStatus: string }

  export type Found = (error: Error | null, table?: Table) => void

  export type Store = {
    /** `checkStatus` is left out unless it is false. */
    readonly getTable: (name: string, checkStatus: false | Found, callback?: Found) => void
    readonly db: {
      readonly open: () => Promise<void>
      readonly batch: (writes: readonly Write[]) => Promise<void>
      readonly close: () => Promise<void>
    }
    readonly getItemDb: (table: string) => Database
    readonly getIndexDb: (type: string, table: string, index: string) => Database
  }

  const db: {
    readonly create: (options: {
      readonly path?: string
      readonly createTableMs: number
      readonly maxItemSizeKb: number
    }) => Store
  }
  export default db
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    readonly checkTypes: (data: object, types: unknown) => object
    readonly checkValidations: (data: object, types: unknown, custom: unknown, store: unknown) => void
  }
  export default validations
}

declare module 'dynalite' {
  import type { Server } from 'node:http'

  export default function dynalite(options?: { readonly path?: string; readonly createTableMs?: number }): Server
}
