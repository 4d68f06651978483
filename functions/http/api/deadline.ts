import { Unavailable } from '../../domain/unavailable.ts'

// Milliseconds kept back to write our own response.
const reserveMs = 500

/**
 * Gives up on work shortly before Lambda would end the function, `remainingMs` from now: API Gateway would turn that into
 * a plain 500, which tells nobody to try again.
 * @throws Unavailable when the time is up.
 */
export async function withDeadline<T>(work: Promise<T>, remainingMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Unavailable('The function ran out of time.')), remainingMs - reserveMs)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
