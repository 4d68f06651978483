import { Unavailable } from '../domain/unavailable.ts'

/**
 * What every SDK client is made with. The SDK has no time limits by itself: one lost packet would hold a request until
 * the function's own end. Three attempts of 1.5 s each fit into the 10 s that a function has.
 */
export const clientConfig = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 1500, socketTimeout: 1500, throwOnRequestTimeout: true },
} as const

const throttles = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'LimitExceededException',
])

// What AWS blames on the caller is a fault of ours and stays one. All else (no answer, too slow, 5xx, throttled) passes.
function passes(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const blamesCaller = '$fault' in error && error.$fault === 'client'
  return !blamesCaller || throttles.has(error.name)
}

/** Waits for an answer of AWS. @throws Unavailable where another try may succeed, else the SDK's own error. */
export async function answerOf<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw passes(error) ? new Unavailable('AWS did not answer in time.', { cause: error }) : error
  }
}
