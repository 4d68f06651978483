import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  DeleteCommand,
  type DeleteCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { answerOf } from '../../aws-client.ts'
import { sendWrite } from './conflicts.ts'

export type Item = Readonly<Record<string, unknown>>

export type Key = { readonly pk: string; readonly sk: string }

/** What became of a conditional write: the item as it is now, or as it was when the condition did not hold. */
type Outcome = { readonly written: boolean; readonly item: Item | undefined }

type Change = Omit<UpdateCommandInput, 'TableName' | 'Key' | 'ReturnValues'>
type Condition = Pick<
  PutCommandInput & DeleteCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>
type Query = Omit<QueryCommandInput, 'TableName' | 'ConsistentRead'>

/** The one table. Reads are strongly consistent; @throws Unavailable where another try may succeed. */
export type Table = {
  readonly get: (key: Key) => Promise<Item | undefined>
  /** All items that the query matches, or the first `Limit` of them. */
  readonly query: (query: Query) => Promise<readonly Item[]>
  /** @throws ConditionalCheckFailedException where the condition does not hold. */
  readonly put: (item: Item, condition: Condition) => Promise<void>
  readonly update: (key: Key, change: Change) => Promise<Outcome>
  /** False where there was no such item, or the condition did not hold. */
  readonly remove: (key: Key, condition?: Condition) => Promise<boolean>
}

export function createTable(client: DynamoDBDocumentClient, TableName: string): Table {
  return {
    get: async (Key) => {
      const command = new GetCommand({ TableName, Key, ConsistentRead: true })
      return (await answerOf(client.send(command))).Item
    },
    query: (query) => queryPages(client, { TableName, ConsistentRead: true, ...query }),
    put: async (Item, condition) => {
      await sendWrite(() => client.send(new PutCommand({ TableName, Item, ...condition })))
    },
    update: async (Key, change) => {
      const values = { ReturnValues: 'ALL_NEW', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const
      const command = new UpdateCommand({ TableName, Key, ...change, ...values })
      try {
        return { written: true, item: (await sendWrite(() => client.send(command))).Attributes }
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
        return { written: false, item: error.Item && unmarshall(error.Item) }
      }
    },
    remove: async (Key, condition) => {
      const command = new DeleteCommand({ TableName, Key, ...condition, ReturnValues: 'ALL_OLD' })
      try {
        return (await sendWrite(() => client.send(command))).Attributes !== undefined
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false
        throw error
      }
    },
  }
}

async function queryPages(client: DynamoDBDocumentClient, input: QueryCommandInput): Promise<readonly Item[]> {
  const { Items = [], LastEvaluatedKey } = await answerOf(client.send(new QueryCommand(input)))
  const missing = input.Limit === undefined ? undefined : input.Limit - Items.length
  if (!LastEvaluatedKey || missing === 0) return Items
  const rest = { ...input, ExclusiveStartKey: LastEvaluatedKey, ...(missing !== undefined && { Limit: missing }) }
  return [...Items, ...(await queryPages(client, rest))]
}
