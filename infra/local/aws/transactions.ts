import { isDeepStrictEqual } from 'node:util'
import type { Answer, Dynalite, Parameters, Write } from './dynalite.ts'
import { keyOf, type LocalTable } from './local-table.ts'

const operations = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheck',
} as const

const maxItems = 100
// How long DynamoDB remembers a ClientRequestToken.
const tokenMs = 10 * 60_000

/** The writes of a TransactWriteItems request; undefined where it is malformed. */
export function readWrites(parameters: Parameters): readonly Write[] | undefined {
  const items = parameters['TransactItems']
  if (!Array.isArray(items) || items.length < 1 || items.length > maxItems) return undefined
  const writes = items.map((item) => {
    const [[kind = '', write] = [], ...more] = Object.entries(Object(item))
    if (more.length > 0 || !Object.hasOwn(operations, kind) || !write || typeof write !== 'object') return undefined
    return { operation: operations[kind as keyof typeof operations], parameters: write as Parameters }
  })
  return writes.every((write) => write !== undefined) ? writes : undefined
}

/** Performs TransactWriteItems. Its caller must let nothing else run meanwhile. */
export function createTransactions(dynalite: Dynalite, tables: readonly LocalTable[], now: () => number = Date.now) {
  const remembered = new Map<string, { readonly items: unknown; readonly until: number }>()

  const check = (parameters: Parameters): readonly Write[] | Answer => {
    const writes = readWrites(parameters)
    if (!writes) return failure('ValidationException', 'TransactItems is malformed.')
    if (
      writes.some(({ operation, parameters: { ConditionExpression } }) =>
        isUnconditional(operation, ConditionExpression),
      )
    )
      return failure('ValidationException', 'A ConditionCheck must have a ConditionExpression.')
    const keys = writes.map((write) => JSON.stringify([write.parameters['TableName'], keyOf(write.parameters, tables)]))
    if (new Set(keys).size < keys.length)
      return failure('ValidationException', 'Transaction request cannot include multiple operations on one item')
    return writes
  }

  return async (parameters: Parameters): Promise<Answer> => {
    const writes = check(parameters)
    if (!Array.isArray(writes)) return writes as Answer
    const { ClientRequestToken: token, TransactItems: items } = parameters
    for (const [each, { until }] of remembered) if (until <= now()) remembered.delete(each)
    const before = typeof token === 'string' ? remembered.get(token) : undefined
    if (before)
      return isDeepStrictEqual(before.items, items) ? success : failure(mismatch, 'The token was used before.')

    const answers = await dynalite.performAll(writes)
    if (answers.some(({ status }) => status !== 200)) return cancellation(writes, answers, dynalite, tables)
    if (typeof token === 'string') remembered.set(token, { items, until: now() + tokenMs })
    return success
  }
}

const isUnconditional = (operation: Write['operation'], condition: unknown): boolean =>
  operation === 'ConditionCheck' && typeof condition !== 'string'

const success: Answer = { status: 200, body: {} }
const mismatch = 'IdempotentParameterMismatchException'
const namespace = 'com.amazonaws.dynamodb.v20120810#'
const failure = (name: string, message: string): Answer => ({
  status: 400,
  body: { __type: namespace + name, message },
})

async function cancellation(
  writes: readonly Write[],
  answers: readonly Answer[],
  dynalite: Dynalite,
  tables: readonly LocalTable[],
): Promise<Answer> {
  // A request that DynamoDB would refuse before it begins: no reason of one item.
  const invalid = answers.find(({ status, body }) => status !== 200 && !isFailedCondition(body))
  if (invalid) return invalid
  const CancellationReasons = await Promise.all(
    answers.map((answer, index) => reasonOf(writes[index] as Write, answer, dynalite, tables)),
  )
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ')
  const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`
  return { status: 400, body: { __type: `${namespace}TransactionCanceledException`, Message, CancellationReasons } }
}

/** Whether a body says that a condition did not hold. */
export const isFailedCondition = ({ __type }: Answer['body']): boolean =>
  /#ConditionalCheckFailedException$/.test(String(__type))

async function reasonOf(write: Write, { status }: Answer, dynalite: Dynalite, tables: readonly LocalTable[]) {
  if (status === 200) return { Code: 'None' }
  const item = await itemOf(write.parameters, dynalite, tables)
  const Message = 'The conditional request failed'
  return { Code: 'ConditionalCheckFailed', Message, ...(item ? { Item: item } : {}) }
}

/** The item that stood in the way, where the request asks for it. */
export async function itemOf(
  parameters: Parameters,
  { perform }: Dynalite,
  tables: readonly LocalTable[],
): Promise<unknown> {
  if (parameters['ReturnValuesOnConditionCheckFailure'] !== 'ALL_OLD') return undefined
  const { TableName } = parameters
  const { body } = await perform('GetItem', { TableName, Key: keyOf(parameters, tables), ConsistentRead: true })
  return body['Item']
}
