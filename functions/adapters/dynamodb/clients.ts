import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { allSettledThenThrow } from '../../domain/all-settled-then-throw.ts'
import type { Client, ClientStore } from '../../domain/clients/client.ts'
import { machineSessionId } from '../../domain/oauth/grant-machine.ts'
import { raiseEpochFrom, toEpoch } from './accounts/epoch.ts'
import { createFindClient, toClientItem } from './client-look-up.ts'
import { accountKey, clientKey, epochKey, sessionKey } from './table/keys.ts'
import { createTable, type Key } from './table/table.ts'
import { createTransact } from './table/transaction.ts'

const list = 'CLIENTS'
const listKey = (id: string): Key => ({ pk: list, sk: id })

/** Registered clients in DynamoDB: an item each, and one in the list of all. */
export function createDynamoDbClients(client: DynamoDBDocumentClient, tableName: string): ClientStore {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)
  const findClient = createFindClient(client, tableName)

  /** What ends the tokens of a machine together with its client, or with its right to have any. */
  async function endMachine(before: Client | undefined, next?: Client) {
    if (!before || !isMachine(before) || (next && isMachine(next))) return []
    const epoch = toEpoch(await table.get(epochKey(before.id)))
    return [
      { Delete: { Key: sessionKey(before.id, machineSessionId(before, epoch)) } },
      { Update: { Key: epochKey(before.id), ...raiseEpochFrom(epoch) } },
    ]
  }

  return {
    findClient,
    listClients: async () => {
      const query = { KeyConditionExpression: 'pk = :list', ExpressionAttributeValues: { ':list': list } }
      const listed = await table.query(query)
      const found = await allSettledThenThrow(listed.map(({ sk }) => findClient(String(sk))))
      // One may have been deleted since the list was read.
      return found.filter((each) => each !== undefined)
    },
    putClient: async (next, before) => {
      const failed = await transact([
        { Put: { Item: { ...toClientItem(next), revision: revisionOf(next) }, ...isStill(before) } },
        { Put: { Item: listKey(next.id) } },
        // The token of a machine has its client id as subject.
        { ConditionCheck: { Key: accountKey(next.id), ConditionExpression: 'attribute_not_exists(pk)' } },
        ...(await endMachine(before, next)),
      ])
      return failed.length === 0
    },
    deleteClient: async (before) => {
      const failed = await transact([
        { Delete: { Key: clientKey(before.id), ...isStill(before) } },
        { Delete: { Key: listKey(before.id) } },
        ...(await endMachine(before)),
      ])
      return failed.length === 0
    },
  }
}

const isMachine = ({ grantTypes }: Client): boolean => grantTypes.includes('client_credentials')

// What a change is judged by: the whole client, in one attribute that a condition can compare. Members are sorted at every
// depth, because DynamoDB does not keep their order.
const revisionOf = (client: Client): string => JSON.stringify(toClientItem(client), sorted)

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value ?? {}).sort()) : value

const isStill = (before: Client | undefined) =>
  before === undefined
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'revision = :before',
        ExpressionAttributeValues: { ':before': revisionOf(before) },
      }
