import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type {
  CodeBindings,
  CodeEntry,
  CodeKey,
  CodePayloads,
  CodePurpose,
  CodeStore,
  MatchedCode,
} from '../../domain/codes/code-store.ts'
import { maxWrongTries } from '../../domain/codes/codes.ts'
import { createTable, type Item, type Key } from './table/table.ts'

// By purpose, because a role needs only some, and a pending registration holds a password hash.
const codeKey = ({ purpose, id }: CodeKey<CodePurpose>): Key => ({ pk: `CODE#${purpose}#${id}`, sk: 'CODE' })

/** Tickets and codes in DynamoDB, one item each. TTL deletes late, so the time is part of each condition. */
export function createDynamoDbCodes(client: DynamoDBDocumentClient, tableName: string): CodeStore {
  const table = createTable(client, tableName)
  return {
    putNewCode: async (key, payload, expiresAt) => {
      // Where there is one it is our own, put by a first try of which the response got lost: an id is never used twice.
      await table.update(codeKey(key), {
        ConditionExpression: 'attribute_not_exists(pk)',
        UpdateExpression: 'SET payload = :payload, wrongTries = :none, #ttl = :ttl',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':payload': payload, ':none': 0, ':ttl': expiresAt },
      })
    },
    findCode: async (key, now) => {
      const item = await table.get(codeKey(key))
      if (!item) return undefined
      const { ttl, entry } = readItem(key, item)
      return ttl > now ? entry : undefined
    },
    setCode: async (key, { hash, binding }, now, max) => {
      const code = binding ? bindTo(binding) : notBound
      const { written } = await table.update(codeKey(key), {
        ConditionExpression: ['wrongTries < :max', '#ttl > :now', ...code.conditions].join(' AND '),
        UpdateExpression: `SET ${['codeHash = :hash', ...code.changes].join(', ')}`,
        ExpressionAttributeNames: { '#ttl': 'ttl', ...code.names },
        ExpressionAttributeValues: { ':max': max, ':now': now, ':hash': hash, ...code.values },
      })
      return written
    },
    tryCode: async (key, hash, now, max) => {
      const { written, item } = await table.update(codeKey(key), countIfWrong(hash, now, max))
      if (!item) return { wrongTries: 0 }
      const { ttl, wrongTries, codeHash, entry } = readItem(key, item)
      if (written) return { wrongTries }
      // The item as it was when the write was refused.
      return wrongTries < max && ttl > now && codeHash === hash ? entry : { wrongTries: 0 }
    },
  }
}

/** The write that uses up a code, if it is still the one that matched. */
export const consumeCode = ({ hash, ...key }: MatchedCode<CodePurpose>) => ({
  Delete: {
    Key: codeKey(key),
    ConditionExpression: 'codeHash = :hash AND wrongTries < :max',
    ExpressionAttributeValues: { ':hash': hash, ':max': maxWrongTries },
  },
})

const notBound = { conditions: [], changes: [], names: {}, values: {} }

// The first binding holds: a later one must be the same, part by part.
function bindTo(binding: NonNullable<CodeBindings[CodePurpose]>) {
  const parts = Object.entries(binding)
  const same = parts.map(([name]) => `binding.#${name} = :${name}`).join(' AND ')
  return {
    conditions: [`(attribute_not_exists(binding) OR (${same}))`],
    changes: ['binding = :binding'],
    names: Object.fromEntries(parts.map(([name]) => [`#${name}`, name])),
    values: { ':binding': binding, ...Object.fromEntries(parts.map(([name, value]) => [`:${name}`, value])) },
  }
}

// Refused for the right code, and for a ticket that is unknown or has ended.
const countIfWrong = (hash: string, now: number, max: number) => ({
  ConditionExpression: 'wrongTries < :max AND #ttl > :now AND (attribute_not_exists(codeHash) OR codeHash <> :hash)',
  UpdateExpression: 'SET wrongTries = wrongTries + :one',
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: { ':max': max, ':now': now, ':hash': hash, ':one': 1 },
})

function readItem<Purpose extends CodePurpose>({ purpose }: CodeKey<Purpose>, item: Item) {
  const { payload, binding, codeHash, wrongTries, ttl } = item
  const isComplete = typeof payload === 'object' && typeof wrongTries === 'number' && typeof ttl === 'number'
  const isBound = purpose !== 'recover' || codeHash === undefined || typeof binding === 'object'
  if (!isComplete || !isBound) throw new TypeError('A code in the table lacks a field.')
  const entry: CodeEntry<Purpose> = {
    payload: payload as CodePayloads[Purpose],
    binding: binding as CodeBindings[Purpose] | undefined,
    hasCode: codeHash !== undefined,
  }
  return { ttl, wrongTries, codeHash, entry }
}
