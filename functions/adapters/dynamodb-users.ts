import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { User, UserStore } from '../domain/user.ts'
import { answerOf } from './aws-client.ts'

const keyOf = (username: string) => ({ pk: `USER#${username}`, sk: 'USER' })

// The one place that knows how an account lies in the table; a field that is missing there is a fault, not a default.
const toItem = ({ username, ...rest }: User) => ({ ...keyOf(username), ...rest, scope: [...rest.scope] })

function toUser(username: string, item: Readonly<Record<string, unknown>>): User {
  const { sub, passwordHash, scope, disabled, createdAt } = item
  const sound =
    typeof sub === 'string' &&
    typeof passwordHash === 'string' &&
    Array.isArray(scope) &&
    typeof disabled === 'boolean' &&
    typeof createdAt === 'number'
  if (!sound) throw new TypeError('An account in the table lacks one of its fields.')
  return { username, sub, passwordHash, scope, disabled, createdAt }
}

/** Accounts in DynamoDB: one item each, by canonical name. Reads are strongly consistent, so a disabled account is out at once. */
export function createDynamoDbUsers(client: DynamoDBDocumentClient, TableName: string): UserStore {
  return {
    findUser: async (username) => {
      const command = new GetCommand({ TableName, Key: keyOf(username), ConsistentRead: true })
      const { Item } = await answerOf(client.send(command))
      return Item && toUser(username, Item)
    },
    putNewUser: async (user) => {
      const condition = 'attribute_not_exists(pk)'
      const command = new PutCommand({ TableName, Item: toItem(user), ConditionExpression: condition })
      return (await unlessConditionFails(client.send(command))) !== undefined
    },
    setDisabled: async (username, disabled) => {
      const command = new UpdateCommand({
        TableName,
        Key: keyOf(username),
        UpdateExpression: 'SET disabled = :disabled',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':disabled': disabled },
        ReturnValues: 'ALL_NEW',
      })
      const changed = await unlessConditionFails(client.send(command))
      return changed?.Attributes && toUser(username, changed.Attributes)
    },
  }
}

async function unlessConditionFails<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await answerOf(call)
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined
    throw error
  }
}
