import { expect, test } from '@jest/globals'
import { createClientsHandler } from '../../functions/clients/handler.ts'
import { administrator } from '../../functions/domain/clients/put-client.ts'
import { createClientCommands } from '../support/fakes/memory-clients.ts'

const shop = {
  client_id: 'shop',
  redirect_uris: ['https://shop.example.com/callback'],
  token_endpoint_auth_method: 'none',
}
const partner = { ...shop, client_id: 'partner' }

function setUp() {
  const commands = createClientCommands()
  const answers: { readonly Status: string; readonly Reason?: string; readonly PhysicalResourceId: string }[] = []
  const handle = createClientsHandler({
    ...commands,
    respond: async (_, body) => void answers.push(JSON.parse(body)),
  })
  const send = async (RequestType: string, clients: readonly object[], StackId = 'stack-1') => {
    await handle({
      ...{ RequestType, StackId, ResponseURL: 'https://example.com/', RequestId: 'r', LogicalResourceId: 'Clients' },
      ResourceProperties: { Clients: clients.map((client) => JSON.stringify(client)) },
    })
    return answers.at(-1)
  }
  const ids = async () => (await commands.clients.listClients()).map(({ id }) => id)
  return { ...commands, send, ids }
}

test('the clients of an app are registered, changed and deleted with its deployments', async () => {
  const { send, ids, clients } = setUp()
  const created = await send('Create', [shop, partner])
  const before = await clients.findClient('shop')
  await send('Update', [{ ...shop, client_name: 'The shop' }])
  const after = await clients.findClient('shop')

  expect(created).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'clients' })
  expect(await ids()).toEqual(['shop'])
  // Its sessions go on.
  expect(after).toEqual({ ...before, name: 'The shop' })
  expect(await send('Delete', [shop])).toMatchObject({ Status: 'SUCCESS' })
  expect(await ids()).toEqual([])
})

test('a deployment keeps the secrets of a client, and makes none', async () => {
  const { send, clients, rotateSecret } = setUp()
  const confidential = { ...shop, token_endpoint_auth_method: 'client_secret_basic' }
  await send('Create', [confidential])
  const without = await clients.findClient('shop')
  await rotateSecret('shop')
  await send('Update', [{ ...confidential, client_name: 'The shop' }])

  expect(without?.secrets).toEqual([])
  expect((await clients.findClient('shop'))?.secrets).toHaveLength(1)
})

test('a deployment touches no client of an administrator or of another stack, and says so', async () => {
  const { send, ids, putClient, clients } = setUp()
  await putClient({ ...(await registrationOf(send, clients)), id: 'mine' }, administrator)
  await send('Create', [partner], 'stack-2')
  const answer = await send('Update', [{ ...shop, client_id: 'mine' }])
  const foreign = await send('Update', [partner])

  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^mine: an administrator/) })
  expect(foreign).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^partner: an administrator/) })
  await send('Delete', [])
  expect(await ids()).toEqual(['mine', 'partner'])
})

async function registrationOf(send: ReturnType<typeof setUp>['send'], clients: ReturnType<typeof setUp>['clients']) {
  await send('Create', [shop])
  const client = await clients.findClient('shop')
  if (!client) throw new Error('It was not registered.')
  return client
}

test.each([
  ['malformed metadata', { client_id: 'shop' }, /^shop: redirect_uris must be/],
  ['an id of the setting clients', { ...shop, client_id: 'web' }, /^web: this id is a name/],
  ['an unknown scope', { ...shop, scope: 'all' }, /^shop: its scope/],
])('%s fails the deployment with the reason', async (_, client, reason) => {
  const { send } = setUp()

  expect(await send('Create', [client])).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(reason) })
})
