import type { InvokeOptions } from '../adapters/lambda/invoke.ts'
import type { AskForRecovery, AskOldSystem } from '../domain/sign-in/ask-old-system.ts'
import { Unavailable } from '../domain/unavailable.ts'
import { wireInvoke } from './invoke-function.ts'

// The old system has three seconds. The rest is for a cold start, a hash and a write.
const timeLimit = 7000

type Options = Pick<InvokeOptions, 'client' | 'environment'>

/** Asks the old system at a log-in, by the function of this name. Undefined without a function. */
export function wireMigration(functionName: string | null, options: Options): AskOldSystem | undefined {
  if (functionName === null) return undefined
  const ask = createAsk(functionName, options)
  return ({ username, password, sent = password, clientId }) => ask({ username, password: sent, client_id: clientId })
}

/** The same at a recovery. */
export function wireRecovery(functionName: string | null, options: Options): AskForRecovery | undefined {
  if (functionName === null) return undefined
  const ask = createAsk(functionName, options)
  return (username) => ask({ username })
}

function createAsk(functionName: string, options: Options): (question: object) => Promise<boolean> {
  const invoke = wireInvoke({ ...options, functionName, timeLimit })
  return async (question) => {
    const answer = await invoke(question)
    const confirmed: unknown = answer.ok ? Object(answer.value).confirmed : undefined
    if (typeof confirmed !== 'boolean') throw new Unavailable('The old system cannot be asked.')
    return confirmed
  }
}
