import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbUsers } from '../../functions/adapters/dynamodb-users.ts'
import type { User } from '../../functions/domain/user.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
const users = createDynamoDbUsers(table.client, table.name)
afterAll(table.close)

const ada: User = {
  sub: 'subject-of-ada',
  username: 'ada',
  passwordHash: '$argon2id$…',
  scope: ['orders:read', 'orders:write'],
  disabled: false,
  createdAt: 1_700_000_000,
}

describe('an account in DynamoDB', () => {
  test('is found as it was put, and only by its own name', async () => {
    const user = { ...ada, username: 'found' }
    expect(await users.putNewUser(user)).toBe(true)

    expect(await users.findUser('found')).toEqual(user)
    expect(await users.findUser('Found')).toBeUndefined()
    expect(await users.findUser('unfound')).toBeUndefined()
  })

  test('keeps an empty scope', async () => {
    await users.putNewUser({ ...ada, username: 'scopeless', scope: [] })

    expect(await users.findUser('scopeless')).toMatchObject({ scope: [] })
  })

  // SECURITY 40, 134
  test('is one, however many ask for its name at once', async () => {
    const rivals = Array.from({ length: 50 }, (_, index) => ({ ...ada, username: 'wanted', sub: `subject-${index}` }))
    const won = await Promise.all(rivals.map((rival) => users.putNewUser(rival)))

    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await users.findUser('wanted')).toEqual(rivals[won.indexOf(true)])
  })

  test('can be disabled and enabled again', async () => {
    const user = { ...ada, username: 'switched' }
    await users.putNewUser(user)

    expect(await users.setDisabled('switched', true)).toEqual({ ...user, disabled: true })
    expect(await users.findUser('switched')).toEqual({ ...user, disabled: true })
    expect(await users.setDisabled('switched', false)).toEqual(user)
  })

  test('does not come to be by being disabled', async () => {
    expect(await users.setDisabled('nobody', true)).toBeUndefined()
    expect(await users.findUser('nobody')).toBeUndefined()
  })

  test('that looks like a key of the table is a name like any other', async () => {
    await users.putNewUser({ ...ada, username: 'user#ada' })

    expect(await users.findUser('ada')).toBeUndefined()
    expect(await users.findUser('user#ada')).toMatchObject({ username: 'user#ada' })
  })

  test('of which a field was lost is a fault, not a log-in with a default', async () => {
    const Item = { pk: 'USER#broken', sk: 'USER', sub: 's', passwordHash: 'h', scope: [], createdAt: 1 }
    await table.client.send(new PutCommand({ TableName: table.name, Item }))

    await expect(users.findUser('broken')).rejects.toThrow('lacks one of its fields')
  })

  test('has no TTL, which would delete it', async () => {
    await users.putNewUser({ ...ada, username: 'lasting' })
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }))

    expect(Items.filter((item) => 'ttl' in item)).toEqual([])
  })
})
