import type { InvokeOptions } from '../adapters/lambda/invoke.ts'
import type { InvokeFunction } from '../domain/invoke-function.ts'

/**
 * Invokes a function of the owner's. What does so is loaded apart, so that the functions that people wait for most are no
 * bigger where there is no such function; and at once, because at load a function has a full CPU.
 */
export function wireInvoke(options: InvokeOptions): InvokeFunction {
  const loading = import('../adapters/lambda/invoke.ts')
  return async (payload) => (await loading).createInvokeFunction(options)(payload)
}
