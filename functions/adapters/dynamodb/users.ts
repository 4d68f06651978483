import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb'
import type { User, UserStore } from '../../domain/accounts/account.ts'
import { answerOf } from '../aws-client.ts'
import { unlessConditionFails } from './conditional-write.ts'

const keyOf = (username: string) => ({ pk: `USER#${username}`, sk: 'USER' })

// The one place that knows how an account lies in the table; a field that is missing there is a fault, not a default.
const toItem = ({ username, ...rest }: User) => ({ ...keyOf(username), ...rest, scope: [...rest.scope] })

function toUser(username: string, item: Readonly<Record<string, unknown>>): User {
  // An account from before there were epochs has had none of its sessions ended.
  const { sub, passwordHash, scope, disabled, createdAt, epoch = 0 } = item
  const sound =
    typeof sub === 'string' &&
    typeof passwordHash === 'string' &&
    Array.isArray(scope) &&
    typeof disabled === 'boolean' &&
    typeof createdAt === 'number' &&
    typeof epoch === 'number'
  if (!sound) throw new TypeError('An account in the table lacks one of its fields.')
  return { username, sub, passwordHash, scope, disabled, createdAt, epoch }
}

const nameOf = ({ pk }: Readonly<Record<string, unknown>>): string => String(pk).slice(keyOf('').pk.length)

// Where a scan stopped, which may be at an item of any kind.
const cursorOf = (key: Readonly<Record<string, unknown>> | undefined): string | undefined =>
  key && Buffer.from(JSON.stringify([key['pk'], key['sk']])).toString('base64url')

function readCursor(cursor: string) {
  try {
    const [pk, sk, ...more] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const isKey = typeof pk === 'string' && typeof sk === 'string' && more.length === 0
    return isKey ? { ExclusiveStartKey: { pk, sk } } : undefined
  } catch {
    return undefined
  }
}

type Change = Omit<UpdateCommandInput, 'TableName' | 'Key' | 'ReturnValues'>

const raise = { UpdateExpression: 'ADD epoch :one', ExpressionAttributeValues: { ':one': 1 } }
const whileHash = { ConditionExpression: 'passwordHash = :from' }
// A second try, after an answer that got lost, finds the hash that the first one put there; its salt is like no other's.
const whileHashOrOwn = { ConditionExpression: 'passwordHash = :from OR passwordHash = :to' }
const ownedBy = (sub: string) => ({
  ConditionExpression: '#sub = :sub',
  ExpressionAttributeNames: { '#sub': 'sub' },
  ExpressionAttributeValues: { ...raise.ExpressionAttributeValues, ':sub': sub },
})

// A second try, after an answer that got lost, finds the account that the first one made. A first try that finds the
// very same met somebody's import of before.
const wasPutBefore = ({ sub, passwordHash }: User, { $metadata, Item }: ConditionalCheckFailedException): boolean =>
  Number($metadata.attempts) > 1 && Item?.['sub']?.S === sub && Item['passwordHash']?.S === passwordHash

/** Accounts in DynamoDB: one item each, by canonical name. Reads are strongly consistent, so a disabled account is out at once. */
export function createDynamoDbUsers(client: DynamoDBDocumentClient, TableName: string): UserStore {
  const update = async (username: string, change: Change): Promise<User | undefined> => {
    const base = { TableName, Key: keyOf(username), ConditionExpression: 'attribute_exists(pk)' }
    const command = new UpdateCommand({ ...base, ...change, ReturnValues: 'ALL_NEW' })
    const changed = await unlessConditionFails(client.send(command))
    return changed?.Attributes && toUser(username, changed.Attributes)
  }
  return {
    findUser: async (username) => {
      const command = new GetCommand({ TableName, Key: keyOf(username), ConsistentRead: true })
      const { Item } = await answerOf(client.send(command))
      return Item && toUser(username, Item)
    },
    putNewUser: async (user) => {
      const command = new PutCommand({
        TableName,
        Item: toItem(user),
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      })
      try {
        await answerOf(client.send(command))
        return true
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return wasPutBefore(user, error)
        throw error
      }
    },
    setDisabled: (username, disabled) =>
      update(username, {
        UpdateExpression: disabled ? 'SET disabled = :disabled ADD epoch :one' : 'SET disabled = :disabled',
        ExpressionAttributeValues: { ':disabled': disabled, ...(disabled && { ':one': 1 }) },
      }),
    raiseEpoch: (username, sub) => update(username, { ...raise, ...(sub !== undefined && ownedBy(sub)) }),
    listUsers: async (from) => {
      const start = from === undefined ? {} : readCursor(from)
      if (!start) return undefined
      const command = new ScanCommand({
        TableName,
        ConsistentRead: true,
        FilterExpression: 'begins_with(pk, :user)',
        ExpressionAttributeValues: { ':user': keyOf('').pk },
        ...start,
      })
      const { Items = [], LastEvaluatedKey } = await answerOf(client.send(command))
      return { users: Items.map((item) => toUser(nameOf(item), item)), next: cursorOf(LastEvaluatedKey) }
    },
    deleteUser: async (username) => {
      await answerOf(client.send(new DeleteCommand({ TableName, Key: keyOf(username) })))
    },
    setPassword: (username, to, from) =>
      update(username, {
        UpdateExpression: 'SET passwordHash = :to ADD epoch :one',
        ExpressionAttributeValues: { ':to': to, ':one': 1, ...(from !== undefined && { ':from': from }) },
        ...(from !== undefined && whileHashOrOwn),
      }),
    setScope: (username, scope) =>
      update(username, {
        UpdateExpression: 'SET #scope = :scope',
        ExpressionAttributeNames: { '#scope': 'scope' },
        ExpressionAttributeValues: { ':scope': [...scope] },
      }),
    renewHash: async (username, from, to) => {
      const values = { ':from': from, ':to': to }
      const change = { UpdateExpression: 'SET passwordHash = :to', ExpressionAttributeValues: values, ...whileHash }
      return (await update(username, change)) !== undefined
    },
  }
}
