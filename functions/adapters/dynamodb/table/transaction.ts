import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { Unavailable } from '../../../domain/unavailable.ts'
import { sendWrite } from './conflicts.ts'

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number]
type WithoutTable = { readonly [Kind in keyof Write]: Omit<NonNullable<Write[Kind]>, 'TableName'> }

/**
 * Writes all of these or none of them. The places of the conditions that did not hold; empty where everything was written.
 * Each call has an idempotency token of its own, so an SDK retry after a lost response changes nothing twice.
 */
export type Transact = (writes: readonly WithoutTable[]) => Promise<readonly number[]>

export const createTransact =
  (client: DynamoDBDocumentClient, TableName: string): Transact =>
  async (writes) => {
    const items = writes.map((write) =>
      Object.fromEntries(Object.entries(write).map(([kind, input]) => [kind, { TableName, ...input }])),
    )
    // A new command for each try: a canceled transaction must not be answered from its token.
    const send = () => client.send(new TransactWriteCommand({ TransactItems: items as Write[] }))
    try {
      await sendWrite(send)
      return []
    } catch (error) {
      if (error instanceof TransactionCanceledException) return failedConditions(error)
      throw error
    }
  }

// Every other reason is the service's own (throttling) or a fault of ours (validation).
function failedConditions(error: TransactionCanceledException): readonly number[] {
  const codes = (error.CancellationReasons ?? []).map(({ Code = 'None' }) => Code)
  if (codes.some((code) => /Throttl|Throughput/.test(code)))
    throw new Unavailable('DynamoDB throttled a transaction.', { cause: error })
  const failed = codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []))
  if (failed.length === 0 || codes.some((code) => code !== 'None' && code !== 'ConditionalCheckFailed')) throw error
  return failed
}
