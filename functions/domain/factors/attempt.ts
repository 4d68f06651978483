/** The value of work on hostile input that throws where it cannot read it, in whatever way. Undefined where it threw. */
export function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** The same for work that takes time. */
export async function attemptLater<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}
