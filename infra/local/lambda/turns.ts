/** Runs work, at most so much at once: what comes beyond waits, and goes on in the order in which it came. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

export function createTurns(limit: number): InTurn {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running < limit) running++
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
