import { expect, test } from '@jest/globals'
import { readClientMetadata } from '../../../functions/domain/clients/client-metadata.ts'
import { hasSecret } from '../../../functions/domain/clients/client-secret.ts'
import { administrator } from '../../../functions/domain/clients/put-client.ts'
import { createClientCommands } from '../../support/fakes/memory-clients.ts'

function registration(changes: object = {}) {
  const read = readClientMetadata({ client_id: 'shop', redirect_uris: ['https://shop.example.com/'], ...changes })
  if (!read.ok) throw new Error(read.failure.description)
  return read.value
}

// REQ-190
test('a secret is made once, and two are good at a time', async () => {
  const { putClient, rotateSecret, clients } = createClientCommands()
  const made = async () => {
    const rotated = await rotateSecret('shop')
    return rotated.ok ? (rotated.value.secret ?? '') : ''
  }
  const first = await putClient(registration(), administrator)
  const again = await putClient(registration({ client_name: 'Shop' }), administrator)
  const [second, third] = [await made(), await made()]
  const client = await clients.findClient('shop')
  if (!first.ok || !again.ok || !client) throw new Error('It was not registered.')

  expect([first.value.secret, second, third].map((secret) => /^[\w-]{43}$/.test(secret ?? ''))).toEqual([
    true,
    true,
    true,
  ])
  expect(again.value.secret).toBeUndefined()
  expect([first.value.secret ?? '', second, third].map((secret) => hasSecret(client, secret))).toEqual([
    false,
    true,
    true,
  ])
  expect(JSON.stringify(client)).not.toContain(third)
})

test('a client that becomes public has no secret any more, and sessions go on', async () => {
  const { putClient, rotateSecret } = createClientCommands()
  const before = await putClient(registration(), administrator)
  const after = await putClient(registration({ token_endpoint_auth_method: 'none' }), administrator)
  if (!before.ok || !after.ok) throw new Error('It was not registered.')

  expect(after.value.client.secrets).toEqual([])
  expect(after.value.client.registration).toBe(before.value.client.registration)
  expect(await rotateSecret('shop')).toEqual({ ok: false, failure: { reason: 'public_client' } })
})

// REQ-204
test.each([
  ['a name of the setting clients', { client_id: 'web' }, 'client_id_taken'],
  ['a scope that the service does not have', { scope: 'all' }, 'unknown_scope'],
])('%s is refused', async (_, changes, reason) => {
  const { putClient } = createClientCommands()

  expect(await putClient(registration(changes), administrator)).toEqual({ ok: false, failure: { reason } })
})

test('a client is another one after it was deleted, and only its owner deletes it', async () => {
  const { putClient, deleteClient } = createClientCommands()
  const first = await putClient(registration(), administrator)

  expect(await deleteClient('shop', 'a deployment')).toEqual({ ok: false, failure: { reason: 'foreign_client' } })
  expect(await deleteClient('shop', administrator)).toMatchObject({ ok: true })
  expect(await deleteClient('shop', administrator)).toEqual({ ok: false, failure: { reason: 'unknown_client' } })
  const second = await putClient(registration(), administrator)
  if (!first.ok || !second.ok) throw new Error('It was not registered.')
  expect(second.value.client.registration).not.toBe(first.value.client.registration)
})
