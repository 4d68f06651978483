import { createHash } from 'node:crypto'
import type { Store } from 'dynalite/db/index.js'
import { awsError } from './aws-api.ts'
import { createDraft, isDynamoDbError, type Parameters, type Prepared, prepare } from './dynamodb-store.ts'

/** One operation of a transaction; the operation is named as its IAM action is. */
export type TransactionItem = { readonly operation: string; readonly parameters: Parameters }

type Reason = { readonly Code: string; readonly Message?: string; readonly Item?: unknown }

const operations = new Map([
  ['Put', 'PutItem'],
  ['Update', 'UpdateItem'],
  ['Delete', 'DeleteItem'],
  ['ConditionCheck', 'ConditionCheckItem'],
])

const maxItems = 100
const tokenLifetime = 10 * 60 * 1000

const invalid = (message: string) => awsError('ValidationException', message)

function readItem(item: unknown): TransactionItem {
  const [entry, ...more] = Object.entries(Object(item))
  const operation = operations.get(entry?.[0] ?? '')
  if (!entry || !operation || more.length > 0) {
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete')
  }
  return { operation, parameters: Object(entry[1]) }
}

/** @throws AwsError unless the request has 1 to 100 items of one operation each. */
export function readTransaction({ TransactItems }: Parameters): readonly TransactionItem[] {
  if (Array.isArray(TransactItems) && TransactItems.length > 0 && TransactItems.length <= maxItems) {
    return TransactItems.map(readItem)
  }
  throw invalid(`TransactItems must have 1 to ${maxItems} items.`)
}

/** The reads of TransactGetItems. @throws AwsError unless the request has 1 to 100 of them. */
export function readGets({ TransactItems }: Parameters): readonly TransactionItem[] {
  const gets = Array.isArray(TransactItems) ? TransactItems.map((item) => Object(item).Get) : []
  if (gets.length > 0 && gets.length <= maxItems && gets.every((get) => typeof get === 'object' && get !== null))
    return gets.map((get) => ({ operation: 'GetItem', parameters: { ...get, ConsistentRead: true } }))
  throw invalid(`TransactItems must have 1 to ${maxItems} items, each with a Get.`)
}

type Dependencies = {
  readonly store: Store
  readonly keyOf: (item: TransactionItem) => Parameters
  readonly readOldItem: (item: TransactionItem) => Promise<unknown>
  readonly isConflict: (item: TransactionItem) => boolean
  readonly now: () => number
}

/** TransactWriteItems. The caller sees to it that nothing else runs meanwhile. */
export function createTransactions({ store, keyOf, readOldItem, isConflict, now }: Dependencies) {
  // In the order of their times. Of a request only its hash is kept: an import has tens of thousands.
  const completed = new Map<string, { readonly requestHash: string; readonly time: number }>()

  function isRepeated(token: string, requestHash: string): boolean {
    for (const [known, { time }] of completed) {
      if (now() - time < tokenLifetime) break
      completed.delete(known)
    }
    const found = completed.get(token)
    if (!found || found.requestHash === requestHash) return found !== undefined
    throw awsError('IdempotentParameterMismatchException', 'The token was used with other parameters.')
  }

  async function judge(item: TransactionItem, perform: Prepared, draft: Store): Promise<Reason> {
    if (isConflict(item)) return { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }
    try {
      await perform(draft)
      return { Code: 'None' }
    } catch (error) {
      const reason = readReason(error)
      const wantsItem = item.parameters['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD'
      if (reason.Code !== 'ConditionalCheckFailed' || !wantsItem) return reason
      const old = await readOldItem(item)
      return old ? { ...reason, Item: old } : reason
    }
  }

  async function write(items: readonly TransactionItem[]): Promise<void> {
    refuseDuplicates(items, keyOf)
    const prepared = items.map((item) => ({ item, perform: prepareItem(store, item) }))
    const { draft, commit } = createDraft(store)
    // At once, because each reads another item and nothing is written yet.
    const reasons = await Promise.all(prepared.map(({ item, perform }) => judge(item, perform, draft)))
    if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons)
    await commit()
  }

  return async (request: Parameters): Promise<Parameters> => {
    const { ClientRequestToken: token } = request
    if (typeof token !== 'string') {
      await write(readTransaction(request))
      return {}
    }
    const requestHash = createHash('sha256').update(JSON.stringify(request)).digest('base64')
    if (isRepeated(token, requestHash)) return {}
    await write(readTransaction(request))
    completed.set(token, { requestHash, time: now() })
    return {}
  }
}

function refuseDuplicates(items: readonly TransactionItem[], keyOf: Dependencies['keyOf']): void {
  const touched = items.map((item) => JSON.stringify([item.parameters['TableName'], keyOf(item)]))
  if (new Set(touched).size === items.length) return
  throw invalid('Transaction request cannot include multiple operations on one item')
}

// A condition check reads what a deletion would read, and writes nothing.
function prepareItem(store: Store, { operation, parameters }: TransactionItem): Prepared {
  if (operation !== 'ConditionCheckItem') return prepare(store, operation, parameters)
  if (typeof parameters['ConditionExpression'] !== 'string')
    throw invalid('A ConditionCheck needs a ConditionExpression.')
  const perform = prepare(store, 'DeleteItem', parameters)
  return async (draft) => await perform(createDraft(draft).draft)
}

function readReason(error: unknown): Reason {
  if (!isDynamoDbError(error)) throw error
  const [, name] = String(error.body['__type']).split('#')
  const Message = error.message
  if (name === 'ConditionalCheckFailedException') return { Code: 'ConditionalCheckFailed', Message }
  if (name === 'ValidationException') return { Code: 'ValidationError', Message }
  throw error
}

function cancelled(reasons: readonly Reason[]): Error {
  const codes = reasons.map(({ Code }) => Code).join(', ')
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`
  return Object.assign(new Error(message), {
    statusCode: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      // Upper case only here, as DynamoDB writes it.
      Message: message,
      CancellationReasons: reasons,
    },
  })
}
