import { Unavailable } from '../../domain/unavailable.ts'

// What is left of the function's time for an answer of ours.
const reserve = 500

/**
 * Gives work up shortly before Lambda would end the function, `left` milliseconds from now: API Gateway makes a plain 500
 * of that, and nobody is told to try again.
 */
export async function inTime<T>(work: Promise<T>, left: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Unavailable('The time of the function is over.')), left - reserve)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
