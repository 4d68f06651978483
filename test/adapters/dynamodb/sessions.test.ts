import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbSessions } from '../../../functions/adapters/dynamodb/sessions/sessions.ts'
import { aSession, describeSessionStore } from '../../support/contracts/session-store-contract.ts'
import { createMemoryStores } from '../../support/fakes/memory-stores.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const sessions = createDynamoDbSessions(table.client, table.name)

describeSessionStore('DynamoDB', () => sessions)
describeSessionStore('memory', () => createMemoryStores().sessions)

const itemOf = async (sub: string) => {
  const Key = { pk: `SESSIONS#${sub}`, sk: 'SESSION#id-1' }
  return (await table.client.send(new GetCommand({ TableName: table.name, Key }))).Item
}

describe('the item of a session', () => {
  test('goes to its TTL, in whole seconds, not before it may be forgotten', async () => {
    const session = aSession({ sub: 'ttl' })
    await sessions.putNewSession(session, 1_800_000_100.5)
    expect(await itemOf('ttl')).toMatchObject({ ttl: 1_800_000_101 })

    await sessions.replaceSession(session, { ...session, secretHash: 'hash-2', salt: 's' }, 1_800_000_200)
    expect(await itemOf('ttl')).toMatchObject({ ttl: 1_800_000_200 })
  })

  test('that lost a field is a fault, and can still be deleted', async () => {
    const Item = { pk: 'SESSIONS#broken', sk: 'SESSION#id-1', clientId: 'web' }
    await table.client.send(new PutCommand({ TableName: table.name, Item }))

    await expect(sessions.findSession('broken', 'id-1')).rejects.toThrow('lacks a field')
    await expect(sessions.listSessions('broken')).rejects.toThrow('lacks a field')
    await sessions.deleteSession('broken', 'id-1')
    expect(await itemOf('broken')).toBeUndefined()
  })

  // REQ-176: a default could say that more was proved, or later.
  test.each([
    ['no authTime', { authTime: undefined }],
    ['authTime as a string', { authTime: '1800000000' }],
    ['no amr', { amr: undefined }],
    ['an empty amr', { amr: [] }],
    ['amr as a string', { amr: 'pwd' }],
    ['an unknown method', { amr: ['pwd', 'face'] }],
  ])('with %s is a fault', async (name, change) => {
    await sessions.putNewSession(aSession({ sub: name }), 1_900_000_000)
    const item = await itemOf(name)
    const whole = await sessions.findSession(name, 'id-1')
    const Item = Object.fromEntries(Object.entries({ ...item, ...change }).filter(([, value]) => value !== undefined))
    await table.client.send(new PutCommand({ TableName: table.name, Item }))

    expect(whole).toEqual(aSession({ sub: name }))
    await expect(sessions.findSession(name, 'id-1')).rejects.toThrow('lacks a field')
  })

  test('is found among more than one answer can hold', async () => {
    const scope = ['x'.repeat(300_000)]
    const many = ['id-1', 'id-2', 'id-3', 'id-4', 'id-5'].map((id) => aSession({ sub: 'many', id, scope }))
    for (const session of many) await sessions.putNewSession(session, 1_900_000_000)

    expect((await sessions.listSessions('many')).sessions).toHaveLength(5)
  })
})
