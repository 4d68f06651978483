import { expect, test } from '@jest/globals'
import { onceAllowed } from '../../functions/adapters/once-allowed.ts'
import { createClientsHandler } from '../../functions/clients/handler.ts'
import type { ClientStore } from '../../functions/domain/clients/client.ts'
import { administrator } from '../../functions/domain/clients/put-client.ts'
import { createClientCommands } from '../support/fakes/memory-clients.ts'

const shop = {
  client_id: 'shop',
  redirect_uris: ['https://shop.example.com/callback'],
  token_endpoint_auth_method: 'none',
}
const partner = { ...shop, client_id: 'partner' }

function setUp(store?: ClientStore) {
  const commands = createClientCommands(store)
  const answers: {
    readonly Status: string
    readonly Reason?: string
    readonly PhysicalResourceId: string
    readonly StackId: string
  }[] = []
  const handle = createClientsHandler({
    ...commands,
    onceAllowed: (work) => onceAllowed(work, async () => undefined),
    respond: async (_, body) => void answers.push(JSON.parse(body)),
  })
  const send = async (RequestType: string, clients: readonly object[], StackId = 'stack-1', former?: string) => {
    const PhysicalResourceId = former ?? answers.findLast((each) => each.StackId === StackId)?.PhysicalResourceId
    await handle({
      ...(RequestType === 'Create' ? {} : { PhysicalResourceId }),
      ...{ RequestType, StackId, ResponseURL: 'https://example.com/', RequestId: 'r', LogicalResourceId: 'Clients' },
      ResourceProperties: { Clients: clients.map((client) => JSON.stringify(client)) },
    })
    const answer = answers.at(-1)
    if (!answer) throw new Error('CloudFormation got no answer.')
    return answer
  }
  /** An update, and what CloudFormation does after it: it deletes a resource that was replaced. */
  const update = async (before: { readonly PhysicalResourceId: string }, clients: readonly object[]) => {
    const { PhysicalResourceId: former } = before
    const after = await send('Update', clients, 'stack-1', former)
    const cleanUp = async () => {
      if (after.PhysicalResourceId !== former) await send('Delete', [], 'stack-1', former)
    }
    return { after, cleanUp }
  }
  const ids = async () => (await commands.clients.listClients()).map(({ id }) => id)
  return { ...commands, send, update, ids }
}

test('the clients of an app are registered, changed and deleted with its deployments', async () => {
  const { send, update, ids, clients } = setUp()
  const created = await send('Create', [shop, partner])
  const before = await clients.findClient('shop')
  const updated = await update(created, [{ ...shop, client_name: 'The shop' }])
  await updated.cleanUp()
  const after = await clients.findClient('shop')

  expect(created).toMatchObject({ Status: 'SUCCESS' })
  expect(await ids()).toEqual(['shop'])
  // Its sessions go on.
  expect(after).toEqual({ ...before, name: 'The shop', registeredBy: expect.any(String) })
  expect(await send('Delete', [shop], 'stack-1', updated.after.PhysicalResourceId)).toMatchObject({ Status: 'SUCCESS' })
  expect(await ids()).toEqual([])
})

test('a change of the metadata alone does not replace the resource', async () => {
  const { send, update } = setUp()
  const created = await send('Create', [shop, partner])
  const { after } = await update(created, [partner, { ...shop, client_name: 'The shop' }])

  expect(after.PhysicalResourceId).toBe(created.PhysicalResourceId)
})

test('after a rollback the clients are as they were before, with their sessions and secrets', async () => {
  const { send, update, ids, clients, rotateSecret } = setUp()
  const confidential = { ...partner, token_endpoint_auth_method: 'client_secret_basic' }
  const created = await send('Create', [shop, confidential])
  await rotateSecret('partner')
  const before = await clients.findClient('partner')
  const failed = await update(created, [shop, { ...shop, client_id: 'blog' }])
  const meanwhile = await ids()
  const rolledBack = await update(failed.after, [shop, confidential])
  await rolledBack.cleanUp()

  expect(meanwhile).toEqual(['blog', 'partner', 'shop'])
  expect(rolledBack.after.PhysicalResourceId).toBe(created.PhysicalResourceId)
  expect(await ids()).toEqual(['partner', 'shop'])
  expect(await clients.findClient('partner')).toEqual(before)
})

test('a rollback takes back what an update has done that failed midway', async () => {
  const { send, update, ids } = setUp()
  const created = await send('Create', [shop])
  const failed = await update(created, [
    { ...shop, client_id: 'blog' },
    { ...shop, client_id: 'web' },
  ])
  const rolledBack = await update(failed.after, [shop])

  expect(failed.after).toMatchObject({ Status: 'FAILED', PhysicalResourceId: created.PhysicalResourceId })
  expect(rolledBack.after).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: created.PhysicalResourceId })
  expect(await ids()).toEqual(['shop'])
})

test('a creation that failed midway leaves nothing', async () => {
  const { send, ids } = setUp()
  const { Status, PhysicalResourceId } = await send('Create', [shop, { ...shop, client_id: 'web' }])
  await send('Delete', [], 'stack-1', PhysicalResourceId)

  expect(Status).toBe('FAILED')
  expect(await ids()).toEqual([])
})

test('a deployment waits until IAM knows what it may do', async () => {
  const commands = createClientCommands()
  const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' })
  const denials = [denied, denied]
  const { send, ids } = setUp({
    ...commands.clients,
    findClient: async (id) => {
      const denial = denials.pop()
      if (denial) throw denial
      return commands.clients.findClient(id)
    },
  })

  expect(await send('Create', [shop])).toMatchObject({ Status: 'SUCCESS' })
  expect(await ids()).toEqual(['shop'])
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
