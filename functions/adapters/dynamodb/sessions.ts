import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { allSettledThenThrow } from '../../domain/all-settled-then-throw.ts'
import type { Session, SessionStore } from '../../domain/sessions/session.ts'
import { answerOf } from '../aws-client.ts'
import { unlessConditionFails } from './conditional-write.ts'
import { itemKey, keyOf, type SessionItem, toItem, toSession, ttlOf } from './session-item.ts'

/** Sessions in DynamoDB: one item each, all of a subject side by side. */
export function createDynamoDbSessions(client: DynamoDBDocumentClient, TableName: string): SessionStore {
  const findSession = async (sub: string, id: string): Promise<Session | undefined> => {
    const command = new GetCommand({ TableName, Key: keyOf(sub, id), ConsistentRead: true })
    const { Item } = await answerOf(client.send(command))
    return Item && toSession(Item)
  }
  const deleteSession = async (sub: string, id: string): Promise<boolean> => {
    const command = new DeleteCommand({ TableName, Key: keyOf(sub, id), ConditionExpression: 'attribute_exists(pk)' })
    return (await unlessConditionFails(client.send(command))) !== undefined
  }
  return {
    findSession,
    deleteSession,
    listSessions: async (sub) => (await queryItems(client, TableName, sub)).map(toSession),
    deleteSessions: async (sub) => {
      const keys = (await queryItems(client, TableName, sub)).map(itemKey)
      await allSettledThenThrow(keys.map((Key) => answerOf(client.send(new DeleteCommand({ TableName, Key })))))
    },
    putNewSession: async (session, expiresAt) => {
      const command = new PutCommand({
        TableName,
        Item: toItem(session, expiresAt),
        // A second try, after an answer that got lost, finds the first one's work.
        ConditionExpression: 'attribute_not_exists(pk) OR secretHash = :own',
        ExpressionAttributeValues: { ':own': session.secretHash },
      })
      await answerOf(client.send(command))
    },
    rotateSession: async (next, secretHash, expiresAt) => {
      const command = rotation(TableName, next, secretHash, expiresAt)
      try {
        const { Attributes } = await answerOf(client.send(command))
        return Attributes && toSession(Attributes)
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
        // DynamoDB sends the item that stood in the way along; where there is none, or it is not sent, one read tells.
        return error.Item ? toSession(unmarshall(error.Item)) : findSession(next.sub, next.id)
      }
    },
  }
}

// The condition also fails where the session has ended, so a rotation never brings one back.
const rotation = (TableName: string, { sub, id, ...next }: Session, presented: string, expiresAt: number) =>
  new UpdateCommand({
    TableName,
    Key: keyOf(sub, id),
    UpdateExpression: 'SET secretHash = :next, salt = :salt, lastUsedAt = :now, #ttl = :ttl',
    ConditionExpression: 'secretHash = :presented',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: {
      ':presented': presented,
      ':next': next.secretHash,
      ':salt': next.salt,
      ':now': next.lastUsedAt,
      ':ttl': ttlOf(expiresAt),
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  })

async function queryItems(client: DynamoDBDocumentClient, TableName: string, sub: string): Promise<SessionItem[]> {
  const { pk, sk } = keyOf(sub, '')
  const items: SessionItem[] = []
  let from: Record<string, unknown> | undefined
  do {
    const command = new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
      ConsistentRead: true,
      ...(from && { ExclusiveStartKey: from }),
    })
    const { Items = [], LastEvaluatedKey } = await answerOf(client.send(command))
    items.push(...Items)
    from = LastEvaluatedKey
  } while (from)
  return items
}
