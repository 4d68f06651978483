import type { Invocation, Sandbox } from './lambda-sandbox.ts'

// AWS would start a thousand; a laptop would not thank us. Events beyond the limit wait.
const limit = 10

/** Sandboxes of one function: an idle one is used again, another is started when all are busy, up to a limit. */
export function createPool(start: () => Sandbox) {
  const sandboxes = new Set<Sandbox>()
  const idle: Sandbox[] = []
  const waiting: (() => void)[] = []
  let busy = 0
  let closed = false

  function takeSandbox(): Sandbox {
    for (let rested = idle.pop(); rested; rested = idle.pop()) {
      if (rested.usable()) return rested
      sandboxes.delete(rested)
    }
    const fresh = start()
    sandboxes.add(fresh)
    return fresh
  }

  return {
    async invoke(payload: string): Promise<Invocation> {
      if (busy < limit) busy++
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        if (closed) throw new Error('The server is stopping.')
        const sandbox = takeSandbox()
        const invocation = await sandbox.invoke(payload)
        idle.push(sandbox)
        return invocation
      } finally {
        const next = waiting.shift()
        if (next) next()
        else busy--
      }
    },
    async close() {
      closed = true
      await Promise.all([...sandboxes].map((sandbox) => sandbox.end()))
    },
  }
}
