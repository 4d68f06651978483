import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbUsers } from '../../../functions/adapters/dynamodb/users.ts'
import { aUser, describeUserStore } from '../../support/contracts/user-store-contract.ts'
import { createMemoryUsers } from '../../support/fakes/memory-users.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
const users = createDynamoDbUsers(table.client, table.name)
afterAll(table.close)

describeUserStore('DynamoDB', () => users)
describeUserStore('memory', createMemoryUsers)

const ada = aUser()

describe('the item of an account', () => {
  test('keeps an empty scope', async () => {
    await users.putNewUser({ ...ada, username: 'scopeless', scope: [] })

    expect(await users.findUser('scopeless')).toMatchObject({ scope: [] })
  })

  test('from before there were epochs has the first', async () => {
    const Item = { pk: 'USER#old', sk: 'USER', sub: 's', passwordHash: 'h', scope: [], disabled: false, createdAt: 1 }
    await table.client.send(new PutCommand({ TableName: table.name, Item }))

    expect(await users.findUser('old')).toMatchObject({ epoch: 0 })
    expect(await users.raiseEpoch('old')).toMatchObject({ epoch: 1 })
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
