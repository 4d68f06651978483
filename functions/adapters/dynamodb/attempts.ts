import { createHash } from 'node:crypto'
import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { type AttemptStore, addressWindow, type Pauses } from '../../domain/throttling/throttle.ts'
import { answerOf } from '../aws-client.ts'
import { unlessConditionFails } from './conditional-write.ts'

// Hashed, for a name that belongs to nobody may be a password typed into the wrong field (REQ-124).
export const accountKey = (username: string) => ({
  pk: `THROTTLE#ACCOUNT#${createHash('sha256').update(username).digest('base64url').slice(0, 22)}`,
  sk: 'THROTTLE',
})
const addressKey = (address: string, window: number) => ({ pk: `THROTTLE#ADDRESS#${address}`, sk: `WINDOW#${window}` })

const month = 30 * 86_400

/** Attempts counted in DynamoDB: one item per account with failures, one per address and window. */
export function createDynamoDbAttempts(client: DynamoDBDocumentClient, TableName: string): AttemptStore {
  const update = (command: Omit<ConstructorParameters<typeof UpdateCommand>[0], 'TableName'>) =>
    unlessConditionFails(client.send(new UpdateCommand({ TableName, ...command })))
  const countOnAccount: AttemptStore['countOnAccount'] = async (username, now, pauses) => {
    const Key = accountKey(username)
    if (await update({ Key, ...letIn(now, pauses) })) return undefined
    const refused = await update({ Key, ...refuse })
    // A right password cleared the count between the two writes.
    if (!refused?.Attributes) return countOnAccount(username, now, pauses)
    const until = restsUntil(refused.Attributes, pauses)
    if (until > now || !(await update({ Key, ...restart(now, pauses) }))) return until
    return undefined
  }
  return {
    countOnAccount,
    countOnAddress: async (address, window, limit) =>
      (await update({ Key: addressKey(address, window), ...countUpTo(limit, window) })) !== undefined,
    clearAccount: async (username) => {
      await answerOf(client.send(new DeleteCommand({ TableName, Key: accountKey(username) })))
    },
  }
}

// One write that counts and locks. The right sides see the item as it was, so this failure's pause is the last one's
// plus `growth`; while failures are free it is less than nothing, `lockedUntil` is past, and the next attempt gets in.
const letIn = (now: number, { first, growth, most }: Pauses) => ({
  ConditionExpression: 'attribute_not_exists(pk) OR (lockedUntil <= :now AND failures < :most)',
  UpdateExpression: `SET failures = if_not_exists(failures, :none) + :one, pause = if_not_exists(pause, :first) + :growth,
    lockedUntil = if_not_exists(pause, :first) + :now, letInAt = :now, #ttl = :ttl`,
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: {
    ':none': 0,
    ':one': 1,
    ':first': first,
    ':growth': growth,
    ':most': most,
    ':now': now,
    ':ttl': now + month,
  },
})

// Tells the state without a read, and how often the door was tried.
const refuse = {
  ConditionExpression: 'attribute_exists(pk)',
  UpdateExpression: 'ADD refused :one',
  ExpressionAttributeValues: { ':one': 1 },
  ReturnValues: 'ALL_NEW',
} as const

// The first attempt after the long rest. Of several at once one gets in.
const restart = (now: number, { first, growth, most, rest }: Pauses) => ({
  ConditionExpression: 'failures >= :most AND letInAt <= :rested',
  UpdateExpression: 'SET failures = :one, pause = :second, lockedUntil = :until, letInAt = :now, #ttl = :ttl',
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: {
    ':one': 1,
    ':second': first + growth,
    ':until': now + first,
    ':most': most,
    ':rested': now - rest,
    ':now': now,
    ':ttl': now + month,
  },
})

const countUpTo = (limit: number, window: number) => ({
  ConditionExpression: 'attribute_not_exists(pk) OR attempts < :limit',
  UpdateExpression: 'SET attempts = if_not_exists(attempts, :none) + :one, #ttl = :ttl',
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: { ':none': 0, ':one': 1, ':limit': limit, ':ttl': window + 2 * addressWindow },
})

function restsUntil({ failures, lockedUntil, letInAt }: Readonly<Record<string, unknown>>, pauses: Pauses): number {
  return Number(failures) < pauses.most ? Number(lockedUntil) : Number(letInAt) + pauses.rest
}
