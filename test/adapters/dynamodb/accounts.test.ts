import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { Key } from '../../../functions/adapters/dynamodb/table/table.ts'
import { createStores } from '../../../functions/wiring/stores.ts'
import { aHash, anAccount, describeAccountStore } from '../../support/contracts/account-store-contract.ts'
import { createMemoryStores } from '../../support/fakes/memory-stores.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
const stores = createStores(table.client, table.name)
const { accounts, passwords, sessions } = stores
afterAll(table.close)

describeAccountStore('dynamodb', () => stores)
describeAccountStore('memory', createMemoryStores)

const itemsOf = async (sub: string) => {
  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }))
  return Items.filter((item) => JSON.stringify(item).includes(sub))
}

const keysOf = async (sub: string) => (await itemsOf(sub)).map(({ pk, sk }) => `${pk} · ${sk}`).sort()

describe('the items of an account', () => {
  test('have partitions by which roles can be told apart', async () => {
    const account = anAccount({ sub: 'partitioned', identifiers: ['ada partitioned', 'ada@partitioned'] })
    await accounts.putNewAccount({ account, passwordHash: aHash, subject: 'new' })

    expect(await keysOf('partitioned')).toEqual([
      'ACCOUNT#partitioned · ACCOUNT',
      expect.stringMatching(/^DIRECTORY#(?:0\d|1[0-5]) · ada partitioned$/),
      'ID#email#ada@partitioned · ID',
      'ID#name#ada partitioned · ID',
      'SECRET#partitioned · PASSWORD',
    ])
  })

  test('are all gone after the account is deleted, except its epoch, which names no one', async () => {
    const account = anAccount({ sub: 'departed', identifiers: ['ada departed'] })
    await accounts.putNewAccount({ account, passwordHash: aHash, subject: 'new' })
    await accounts.deleteAccount(account)

    expect(await itemsOf('departed')).toEqual([
      { pk: 'SESSIONS#departed', sk: 'EPOCH', epoch: 1, keysFrom: 1, isDeleted: true },
    ])
  })

  test('have no TTL, which would delete them', async () => {
    const account = anAccount({ sub: 'lasting', identifiers: ['ada lasting'] })
    await accounts.putNewAccount({ account, passwordHash: aHash, subject: 'new' })

    expect((await itemsOf('lasting')).filter((item) => 'ttl' in item)).toEqual([])
  })

  test('of an identifier that looks like a key of the table are those of a name like any other', async () => {
    const account = anAccount({ sub: 'keyed', identifiers: ['id#name#ada'] })
    await accounts.putNewAccount({ account, subject: 'new' })

    expect(await accounts.findSubject('ada')).toBeUndefined()
    expect(await accounts.findSubject('id#name#ada')).toBe('keyed')
  })
})

describe('an item that lacks a field is a fault that names its kind and none of its content', () => {
  const put = (key: Key, rest: object) =>
    table.client.send(new PutCommand({ TableName: table.name, Item: { ...key, ...rest } }))

  test.each<readonly [string, Key, object, () => Promise<unknown>]>([
    [
      'An account',
      { pk: 'ACCOUNT#broken', sk: 'ACCOUNT' },
      { name: 'hunter2', scope: [], disabled: false, createdAt: 1 },
      () => accounts.findAccount('broken'),
    ],
    ['An account', { pk: 'ACCOUNT#empty', sk: 'ACCOUNT' }, {}, () => accounts.findAccount('empty')],
    ['An identifier', { pk: 'ID#name#hunter2', sk: 'ID' }, {}, () => accounts.findSubject('hunter2')],
    ['A password', { pk: 'SECRET#broken', sk: 'PASSWORD' }, { hunter2: 1 }, () => passwords.findHash('broken')],
    ['An epoch', { pk: 'SESSIONS#broken', sk: 'EPOCH' }, { hunter2: 1 }, () => sessions.readEpoch('broken')],
    ['A session', { pk: 'SESSIONS#broken', sk: 'SESSION#1' }, {}, () => sessions.findSession('broken', '1')],
  ])('%s', async (kind, key, rest, read) => {
    await put(key, rest)

    const fault = await read().catch((error: Error) => error)
    expect(fault).toBeInstanceOf(TypeError)
    expect(String(fault)).toContain(kind)
    expect(String(fault)).not.toContain('hunter2')
  })
})
