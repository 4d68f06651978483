import type { Result } from './result.ts'

/**
 * `function_error`: the function threw, as `type` and `message` say, or could not run. `unavailable`: it did not run, or
 * nobody knows whether it did.
 */
export type InvokeFailure =
  | { readonly reason: 'function_error'; readonly type: string; readonly message: string }
  | { readonly reason: 'unavailable' }

/** Invokes another function, once, and waits for its answer, parsed from JSON. */
export type InvokeFunction = (payload: object) => Promise<Result<unknown, InvokeFailure>>

/** Hands an event to another function, which runs later. False where it was not taken, or nobody knows whether it was. */
export type SendEvent = (payload: object) => Promise<boolean>
