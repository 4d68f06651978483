import { Unavailable } from '../domain/unavailable.ts'

/**
 * The configuration of every SDK client. The SDK has no time limits of its own: one lost packet would hold a request
 * until the function times out. Three attempts of 1.5 s each fit into a function's 10 s.
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

// An error that AWS blames on the caller is a fault of ours. Everything else may succeed on another try: no response, a
// slow one, 5xx, throttling.
function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const blamesCaller = '$fault' in error && error.$fault === 'client'
  return !blamesCaller || throttles.has(error.name)
}

/** Waits for a response from AWS. @throws Unavailable where another try may succeed, else the SDK's own error. */
export async function answerOf<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw isTransient(error) ? new Unavailable('AWS did not answer in time.', { cause: error }) : error
  }
}
