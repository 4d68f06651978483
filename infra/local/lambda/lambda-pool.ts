import type { Invocation, Sandbox } from './lambda-sandbox.ts'
import { createTurns, type InTurn } from './turns.ts'

// AWS would start a thousand; a laptop would not thank us. Events beyond the limit wait.
const limit = 10

/**
 * Sandboxes of one function: an idle one is used again, another is started when all are busy, up to a limit. `startInTurn`
 * says how many of all functions may start at once.
 */
export function createPool(start: () => Sandbox, startInTurn: InTurn) {
  const sandboxes = new Set<Sandbox>()
  const idle: Sandbox[] = []
  const invokeInTurn = createTurns(limit)
  let closed = false

  async function startSandbox(): Promise<Sandbox> {
    if (closed) throw new Error('The server is stopping.')
    const fresh = start()
    sandboxes.add(fresh)
    await fresh.initialised
    return fresh
  }

  async function takeSandbox(): Promise<Sandbox> {
    for (let rested = idle.pop(); rested; rested = idle.pop()) {
      if (rested.usable()) return rested
      sandboxes.delete(rested)
    }
    return await startInTurn(startSandbox)
  }

  return {
    invoke: (payload: string): Promise<Invocation> =>
      invokeInTurn(async () => {
        if (closed) throw new Error('The server is stopping.')
        const sandbox = await takeSandbox()
        const invocation = await sandbox.invoke(payload)
        idle.push(sandbox)
        return invocation
      }),
    async close() {
      closed = true
      await Promise.all([...sandboxes].map((sandbox) => sandbox.end()))
    },
  }
}
