import { type ApiKey, apiKeyClient } from '../../../domain/clients/api-key.ts'
import { clientKey, epochKey } from '../table/keys.ts'
import type { Item, Key } from '../table/table.ts'

// A key is three items: itself, found by its id; a place in the list of its owner; and its state, which lies beside the epoch
// of the owner, so that one query reads both and the function that exchanges keys can change none.

export const apiKeyKey = (id: string): Key => clientKey(apiKeyClient(id))
export const apiKeyListKey = (sub: string): Key => ({ pk: `KEYS#${sub}`, sk: 'KEYS' })
export const keyStateKey = (sub: string, id: string): Key => ({ pk: epochKey(sub).pk, sk: `KEY#${id}` })

/** The epoch of a subject and the states of keys, up to one of them: they are sorted before the sessions. */
export const keyStatesUpTo = (sub: string, last: string) => ({
  KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
  ExpressionAttributeValues: { ':pk': epochKey(sub).pk, ':first': epochKey(sub).sk, ':last': last },
})

// It is over by then, and DynamoDB may forget it.
const ttlOf = ({ expiresAt }: ApiKey): number => expiresAt + 86_400

export const toApiKeyItem = ({ id, scope, ...rest }: ApiKey): Item => ({
  ...apiKeyKey(id),
  ...rest,
  scope: [...scope],
  ttl: ttlOf({ id, scope, ...rest }),
})

export const newStateItem = (key: ApiKey): Item => ({ ...keyStateKey(key.sub, key.id), ends: 0, ttl: ttlOf(key) })

/** @throws TypeError for an item that lacks a field: it is a fault, not a default. */
export function toApiKey(id: string, { sub, secretHash, scope, epoch, createdAt, expiresAt }: Item): ApiKey {
  const isComplete =
    typeof sub === 'string' &&
    typeof secretHash === 'string' &&
    areStrings(scope) &&
    typeof epoch === 'number' &&
    typeof createdAt === 'number' &&
    typeof expiresAt === 'number'
  if (!isComplete) throw new TypeError('An API key in the table lacks a field.')
  return { id, sub, secretHash, scope, epoch, createdAt, expiresAt }
}

/** What the item of a key's state says, beside the epoch. @throws TypeError for an item that lacks a field. */
export function toKeyState({ ends, sessionId, renewedAt = 0, lastUsedAt = 0 }: Item) {
  const isComplete =
    typeof ends === 'number' &&
    (sessionId === undefined || typeof sessionId === 'string') &&
    typeof renewedAt === 'number' &&
    typeof lastUsedAt === 'number'
  if (!isComplete) throw new TypeError('The state of an API key in the table lacks a field.')
  return { ends, sessionId, renewedAt, lastUsedAt }
}

/** The first epoch whose keys are good; 0 where none ever ended. */
export function toKeysFrom(item: Item | undefined): number {
  const { keysFrom = 0 } = item ?? {}
  if (typeof keysFrom !== 'number') throw new TypeError('An epoch in the table lacks the number of its keys.')
  return keysFrom
}

export const areStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
