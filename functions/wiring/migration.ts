import { createInvokeFunction, type InvokeOptions } from '../adapters/lambda/invoke.ts'
import type { AskOldSystem } from '../domain/sign-in/ask-old-system.ts'
import { Unavailable } from '../domain/unavailable.ts'

// The old system has three seconds. The rest is for a cold start, a hash and a write.
const timeLimit = 7000

/** Asks the old system by the function of this name. Undefined without a function. */
export function wireMigration(
  functionName: string | null,
  options: Pick<InvokeOptions, 'client' | 'environment'>,
): AskOldSystem | undefined {
  if (functionName === null) return undefined
  const invoke = createInvokeFunction({ ...options, functionName, timeLimit })
  return async ({ username, password, clientId }) => {
    const answer = await invoke({ username, password, client_id: clientId })
    const confirmed: unknown = answer.ok ? Object(answer.value).confirmed : undefined
    if (typeof confirmed !== 'boolean') throw new Unavailable('The old system cannot be asked.')
    return confirmed
  }
}
