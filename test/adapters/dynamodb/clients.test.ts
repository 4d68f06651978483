import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbClients } from '../../../functions/adapters/dynamodb/clients.ts'
import type { Client, ClientStore } from '../../../functions/domain/clients/client.ts'
import { createStores } from '../../../functions/wiring/stores.ts'
import { createMemoryClients } from '../../support/fakes/memory-clients.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)

let made = 0
function aClient(changes: Partial<Client> = {}): Client {
  made += 1
  return {
    ...{ id: `client-${made}`, name: undefined, redirectUris: ['https://a.example/'], postLogoutRedirectUris: [] },
    ...{ grantTypes: ['authorization_code'], scope: ['a'], authMethod: 'client_secret_basic', isFirstParty: false },
    ...{ requiresPkce: true, registration: `registration-${made}`, createdAt: 1, registeredBy: 'administrator' },
    secrets: [{ hash: 'a hash', createdAt: 1 }],
    ...changes,
  }
}

const kinds: readonly [string, ClientStore][] = [
  ['in memory', createMemoryClients()],
  ['in DynamoDB', createDynamoDbClients(table.client, table.name)],
]

describe.each(kinds)('registered clients %s', (_, clients) => {
  test('are found as they were put', async () => {
    const client = aClient({ name: 'A client' })

    expect(await clients.findClient(client.id)).toBeUndefined()
    expect(await clients.putClient(client, undefined)).toBe(true)
    expect(await clients.findClient(client.id)).toEqual(client)
    expect(await clients.listClients()).toContainEqual(client)
  })

  test('are put once, also when several ask for it at once', async () => {
    const client = aClient()
    const put = await Promise.all(Array.from({ length: 5 }, () => clients.putClient({ ...client }, undefined)))

    expect(put.filter(Boolean)).toHaveLength(1)
  })

  test('are changed and deleted only as they were read', async () => {
    const client = aClient()
    await clients.putClient(client, undefined)
    const before = await clients.findClient(client.id)
    const changed = { ...client, name: 'Another' }

    expect(await clients.putClient(changed, before)).toBe(true)
    expect(await clients.putClient({ ...client, name: 'A third' }, before)).toBe(false)
    expect(await clients.deleteClient(before ?? client)).toBe(false)
    expect(await clients.findClient(client.id)).toEqual(changed)
    const present = await clients.findClient(client.id)
    expect(await clients.deleteClient(present ?? client)).toBe(true)
    expect(await clients.findClient(client.id)).toBeUndefined()
    expect((await clients.listClients()).map(({ id }) => id)).not.toContain(client.id)
  })
})

test('a client is the same in whichever order DynamoDB gives the members of what it keeps', async () => {
  const clients = createDynamoDbClients(table.client, table.name)
  const [x, y, kid] = ['x', 'y', 'one']
  const client = aClient({ keys: [{ kid, x, y }], secrets: [{ hash: 'a hash', createdAt: 1 }] })
  await clients.putClient(client, undefined)
  const read = { ...client, keys: [{ y, x, kid }], secrets: [{ createdAt: 1, hash: 'a hash' }] }

  expect(await clients.putClient({ ...read, name: 'Another' }, read)).toBe(true)
  expect(await clients.deleteClient({ ...client, name: 'Another' })).toBe(true)
})

describe('the id of a client', () => {
  const clients = createDynamoDbClients(table.client, table.name)
  const accountOf = (sub: string) => ({
    ...{ sub, identifiers: [`name-of-${sub}`], emailVerified: false, scope: [], disabled: false, createdAt: 1 },
  })

  // REQ-204
  test('is never the sub of a user, in whichever order they come', async () => {
    const [first, second, both] = [aClient(), aClient(), aClient()]
    await stores.accounts.putNewAccount({ account: accountOf(first.id), subject: 'imported' })
    await clients.putClient(second, undefined)

    expect(await clients.putClient(first, undefined)).toBe(false)
    for (const subject of ['imported', 'restored'] as const)
      expect(await stores.accounts.putNewAccount({ account: accountOf(second.id), subject })).toEqual({
        ok: false,
        failure: { reason: 'subject_taken' },
      })
    const [put, created] = await Promise.all([
      clients.putClient(both, undefined),
      stores.accounts.putNewAccount({ account: accountOf(both.id), subject: 'imported' }),
    ])
    expect([put, created.ok].filter(Boolean)).toHaveLength(1)
  })
})
