import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { allSettledThenThrow } from '../../../domain/all-settled-then-throw.ts'
import { type ApiKey, type ApiKeyStore, type ListedApiKey, maxApiKeys } from '../../../domain/clients/api-key.ts'
import { fail, succeed } from '../../../domain/result.ts'
import { Unavailable } from '../../../domain/unavailable.ts'
import { hasEpoch, toEpoch } from '../accounts/epoch.ts'
import { epochKey, sessionKey } from '../table/keys.ts'
import { createTable, type Item, type Table } from '../table/table.ts'
import { createTransact } from '../table/transaction.ts'
import {
  apiKeyKey,
  apiKeyListKey,
  areStrings,
  keyStateKey,
  keyStatesUpTo,
  newStateItem,
  toApiKeyItem,
  toKeyState,
  toKeysFrom,
} from './api-key-items.ts'

const maxTries = 5

type Entry = Omit<ListedApiKey, 'lastUsedAt'>

/**
 * API keys in DynamoDB. The list of an owner is one item, so its condition bounds it. `since` says for which `keysFrom` it was
 * begun: of an earlier one, all keys in it have ended.
 */
export function createDynamoDbApiKeys(client: DynamoDBDocumentClient, tableName: string): ApiKeyStore {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)

  async function read(sub: string) {
    const [list, states] = await allSettledThenThrow([
      table.get(apiKeyListKey(sub)),
      table.query(keyStatesUpTo(sub, keyStateKey(sub, '~').sk)),
    ])
    const epoch = states.find((item) => item['sk'] === epochKey(sub).sk)
    const keysFrom = toKeysFrom(epoch)
    const entries = entriesIn(list)
    const isCurrent = list !== undefined && Number(list['since']) >= keysFrom
    return {
      states,
      epoch: toEpoch(epoch),
      keysFrom,
      entries: isCurrent ? entries : [],
      ended: isCurrent ? [] : entries,
    }
  }

  const addApiKey = async (key: ApiKey, name: string, tries = maxTries): ReturnType<ApiKeyStore['addApiKey']> => {
    const { sub } = key
    const { epoch, keysFrom, entries, ended } = await read(sub)
    if (epoch !== key.epoch) return fail({ reason: 'session_ended' })
    if (entries.length >= maxApiKeys) return fail({ reason: 'too_many_keys' })
    const failed = await transact([
      { ConditionCheck: { Key: epochKey(sub), ...hasEpoch(key.epoch) } },
      entries.length > 0 ? { Update: inList(key, name, keysFrom) } : { Put: newList(key, name, keysFrom) },
      { Put: { Item: toApiKeyItem(key), ConditionExpression: 'attribute_not_exists(pk)' } },
      { Put: { Item: newStateItem(key) } },
      ...ended.flatMap(({ id }) => [{ Delete: { Key: apiKeyKey(id) } }, { Delete: { Key: keyStateKey(sub, id) } }]),
    ])
    if (failed.length === 0) return succeed(undefined)
    if (failed.includes(0)) return fail({ reason: 'session_ended' })
    // Another key was created or revoked since the list was read: decide again on what is there now.
    if (tries === 1) throw new Unavailable('The list of API keys kept changing.')
    return addApiKey(key, name, tries - 1)
  }

  const revokeApiKey = async (sub: string, id: string, tries = maxTries): Promise<boolean> => {
    const item = await table.get(keyStateKey(sub, id))
    const sessionId = item && toKeyState(item).sessionId
    const failed = await transact([
      { Update: { Key: apiKeyListKey(sub), ...withoutEntry(id) } },
      { Delete: { Key: apiKeyKey(id) } },
      { Delete: { Key: keyStateKey(sub, id), ...hasSession(sessionId) } },
      ...(sessionId === undefined ? [] : [{ Delete: { Key: sessionKey(sub, sessionId) } }]),
    ])
    if (failed.length === 0) return true
    if (failed.includes(0)) return false
    // Its session was begun or renewed since: end that one.
    if (tries === 1) throw new Unavailable('The API key kept being used while it was being revoked.')
    return revokeApiKey(sub, id, tries - 1)
  }

  return {
    addApiKey: (key, name) => addApiKey(key, name),
    revokeApiKey: (sub, id) => revokeApiKey(sub, id),
    listApiKeys: async (sub) => {
      const { entries, states } = await read(sub)
      const usedAt = (id: string): number | undefined => {
        const state = states.find(({ sk }) => sk === keyStateKey(sub, id).sk)
        return (state && toKeyState(state).lastUsedAt) || undefined
      }
      return entries.map((entry) => ({ ...entry, lastUsedAt: usedAt(entry.id) })).toSorted(byAge)
    },
  }
}

/** Deletes what is left of the keys of an account that is deleted: none can be added any more. */
export async function deleteApiKeys(table: Table, sub: string): Promise<void> {
  const list = await table.get(apiKeyListKey(sub))
  if (!list) return
  const keys = entriesIn(list).flatMap(({ id }) => [apiKeyKey(id), keyStateKey(sub, id)])
  await allSettledThenThrow([...keys, apiKeyListKey(sub)].map((key) => table.remove(key)))
}

const byAge = (a: Entry, b: Entry): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)

function entriesIn(list: Item | undefined): readonly Entry[] {
  return Object.entries(Object(list?.['keys'])).map(([id, entry]) => {
    const { name, scope, createdAt, expiresAt } = Object(entry)
    const isComplete =
      typeof name === 'string' && areStrings(scope) && typeof createdAt === 'number' && typeof expiresAt === 'number'
    if (!isComplete) throw new TypeError('A list of API keys in the table lacks a field.')
    return { id, name, scope, createdAt, expiresAt }
  })
}

const entryOf = ({ scope, createdAt, expiresAt }: ApiKey, name: string) => ({
  ...{ name, scope: [...scope], createdAt, expiresAt },
})

// `keys` is a reserved word of DynamoDB's expressions.
const inList = (key: ApiKey, name: string, since: number) => ({
  Key: apiKeyListKey(key.sub),
  UpdateExpression: 'SET #keys.#id = :entry',
  ConditionExpression: 'since = :since AND size(#keys) > :none AND size(#keys) < :max',
  ExpressionAttributeNames: { '#keys': 'keys', '#id': key.id },
  ExpressionAttributeValues: { ':entry': entryOf(key, name), ':since': since, ':none': 0, ':max': maxApiKeys },
})

const newList = (key: ApiKey, name: string, since: number) => ({
  Item: { ...apiKeyListKey(key.sub), since, keys: { [key.id]: entryOf(key, name) } },
  ConditionExpression: 'attribute_not_exists(pk) OR since < :since OR size(#keys) = :none',
  ExpressionAttributeNames: { '#keys': 'keys' },
  ExpressionAttributeValues: { ':since': since, ':none': 0 },
})

const withoutEntry = (id: string) => ({
  UpdateExpression: 'REMOVE #keys.#id',
  ConditionExpression: 'attribute_exists(#keys.#id)',
  ExpressionAttributeNames: { '#keys': 'keys', '#id': id },
})

const hasSession = (sessionId: string | undefined) =>
  sessionId === undefined
    ? { ConditionExpression: 'attribute_not_exists(sessionId)' }
    : { ConditionExpression: 'sessionId = :id', ExpressionAttributeValues: { ':id': sessionId } }
