import { Unavailable } from '../../../domain/unavailable.ts'
import { answerOf } from '../../aws-client.ts'

// What DynamoDB answers a write that meets a transaction on the same item. The SDK does not retry it.
const conflicts = new Set(['TransactionConflictException', 'TransactionInProgressException'])

type Reasons = { readonly CancellationReasons?: readonly { readonly Code?: string }[] }

function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { CancellationReasons = [] } = error as Reasons
  return conflicts.has(error.name) || CancellationReasons.some(({ Code }) => Code === 'TransactionConflict')
}

const maxTries = 6
const firstPauseMs = 20

/**
 * Sends a write, and again after a random pause while it meets a transaction: 20 ms at most before the second try, twice
 * that before the third and so on, about 0.6 s in total.
 * @throws Unavailable when the last try meets one too, or as `answerOf` does.
 */
export async function sendWrite<T>(send: () => Promise<T>, tries = 1): Promise<T> {
  try {
    return await answerOf(send())
  } catch (error) {
    if (!isConflict(error)) throw error
    if (tries === maxTries) throw new Unavailable('DynamoDB kept reporting conflicts.', { cause: error })
    const pause = Math.random() * firstPauseMs * 2 ** (tries - 1)
    await new Promise((resolve) => setTimeout(resolve, pause))
    return sendWrite(send, tries + 1)
  }
}
