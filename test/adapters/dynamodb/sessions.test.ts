import { json } from 'node:stream/consumers'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbSessions } from '../../../functions/adapters/dynamodb/sessions.ts'
import { aSession, describeSessionStore } from '../../support/contracts/session-store-contract.ts'
import { startFaultyAws } from '../../support/fakes/aws-fault.ts'
import { createMemorySessions } from '../../support/fakes/memory-sessions.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const sessions = createDynamoDbSessions(table.client, table.name)

describeSessionStore('DynamoDB', () => sessions)
describeSessionStore('memory', createMemorySessions)

const itemOf = async (sub: string) => {
  const Key = { pk: `SUB#${sub}`, sk: 'SESSION#id-1' }
  return (await table.client.send(new GetCommand({ TableName: table.name, Key }))).Item
}

describe('the item of a session', () => {
  test('goes to its TTL, in whole seconds, not before it may be forgotten', async () => {
    const session = aSession({ sub: 'ttl' })
    await sessions.putNewSession(session, 1_800_000_100.5)
    expect(await itemOf('ttl')).toMatchObject({ ttl: 1_800_000_101 })

    await sessions.rotateSession({ ...session, secretHash: 'hash-2', salt: 's' }, 'hash-1', 1_800_000_200)
    expect(await itemOf('ttl')).toMatchObject({ ttl: 1_800_000_200 })
  })

  test('that lost a field is a fault, and can still be deleted', async () => {
    const Item = { pk: 'SUB#broken', sk: 'SESSION#id-1', username: 'ada' }
    await table.client.send(new PutCommand({ TableName: table.name, Item }))

    await expect(sessions.findSession('broken', 'id-1')).rejects.toThrow('lacks one of its fields')
    await expect(sessions.listSessions('broken')).rejects.toThrow('lacks one of its fields')
    await sessions.deleteSessions('broken')
    expect(await itemOf('broken')).toBeUndefined()
  })

  test('is found among more than one answer can hold', async () => {
    const scope = ['x'.repeat(300_000)]
    const many = ['id-1', 'id-2', 'id-3', 'id-4', 'id-5'].map((id) => aSession({ sub: 'many', id, scope }))
    for (const session of many) await sessions.putNewSession(session, 1_900_000_000)

    expect(await sessions.listSessions('many')).toHaveLength(5)
    await sessions.deleteSessions('many')
    expect(await sessions.listSessions('many')).toEqual([])
  })
})

// dynalite does not send the item along; DynamoDB does, which saves who came second a read.
test('a rotation that came second takes the session from the failed write where DynamoDB sends it along', async () => {
  const winner = aSession({ secretHash: 'hash-2', salt: 'salt-2' })
  const asked: unknown[] = []
  const aws = await startFaultyAws(async (request, response) => {
    asked.push([request.headers['x-amz-target'], await json(request)])
    const Item = {
      pk: { S: 'SUB#subject' },
      sk: { S: 'SESSION#id-1' },
      username: { S: 'ada' },
      clientId: { S: 'web' },
      scope: { L: [{ S: 'a' }, { S: 'b' }] },
      epoch: { N: '0' },
      createdAt: { N: '1800000000.25' },
      lastUsedAt: { N: '1800000000.25' },
      secretHash: { S: 'hash-2' },
      salt: { S: 'salt-2' },
      ttl: { N: '1' },
    }
    const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException'
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
    response.end(JSON.stringify({ __type, message: 'The conditional request failed', Item }))
  })
  const store = createDynamoDbSessions(DynamoDBDocumentClient.from(new DynamoDBClient(aws.config)), 'latchkey')

  expect(await store.rotateSession(aSession({ secretHash: 'h', salt: 's' }), 'hash-1', 1)).toEqual(winner)
  expect(asked).toEqual([
    ['DynamoDB_20120810.UpdateItem', expect.objectContaining({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })],
  ])
  await aws.close()
})
