import type { ApiAnswer, ApiCall } from './aws-api.ts'
import type { LocalTable } from './dynamodb-access.ts'

type Send = (operation: string, body: string | Buffer) => Promise<ApiAnswer>

const writes = ['PutItem', 'UpdateItem', 'DeleteItem']

/**
 * Adds to dynalite what it passes over in silence: `ReturnValuesOnConditionCheckFailure: ALL_OLD`, by which a condition
 * that fails brings the item along. Writes come one after another, so it is the very item that the condition judged.
 */
export function createConditionalWrites(send: Send, tables: readonly LocalTable[]) {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<ApiAnswer>): Promise<ApiAnswer> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
  return async ({ operation, parameters, body }: ApiCall): Promise<ApiAnswer> => {
    if (!writes.includes(operation)) return await send(operation, body)
    return await inTurn(async () => {
      const answer = await send(operation, body)
      const wantsItem = parameters['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD'
      return wantsItem && isFailedCondition(answer) ? addItem(answer, await readItem(send, tables, parameters)) : answer
    })
  }
}

const isFailedCondition = ({ status, body }: ApiAnswer): boolean =>
  status === 400 && /#ConditionalCheckFailedException$/.test(JSON.parse(body.toString()).__type)

async function readItem(send: Send, tables: readonly LocalTable[], parameters: ApiCall['parameters']) {
  const { TableName, Key, Item } = parameters
  const names = tables.find(({ name }) => name === TableName)?.keySchema.map(({ AttributeName }) => AttributeName) ?? []
  const key = Key ?? Object.fromEntries(names.map((name) => [name, Object(Item)[name]]))
  const { body } = await send('GetItem', JSON.stringify({ TableName, Key: key, ConsistentRead: true }))
  return JSON.parse(body.toString()).Item as unknown
}

// Without dynalite's checksum, which is of the body before.
const addItem = ({ status, headers, body }: ApiAnswer, Item: unknown): ApiAnswer => ({
  status,
  headers: { 'content-type': headers['content-type'] ?? '' },
  body: JSON.stringify({ ...JSON.parse(body.toString()), ...(Item ? { Item } : {}) }),
})
