import { randomBytes } from 'node:crypto'
import { afterAll, expect, test } from '@jest/globals'
import { createDynamoDbApiKeys } from '../../functions/adapters/dynamodb/api-keys/api-keys.ts'
import { createCreateApiKey } from '../../functions/domain/clients/create-api-key.ts'
import { createAdmin } from '../support/admin.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const clock = () => 1_800_000_000
let made = 0

/** A user with an API key. */
async function setUp() {
  made += 1
  const admin = createAdmin(table)
  const username = `owner-${made}`
  const { result } = await admin.run({ command: 'create-user', username, password: 'correct horse battery staple' })
  const apiKeys = createDynamoDbApiKeys(table.client, table.name)
  const create = createCreateApiKey({ apiKeys, randomBytes, clock, scopes: [] })
  const request = { owner: { sub: result.sub, scope: [] }, epoch: 0, allowed: [], asked: undefined }
  const created = await create({ ...request, name: 'a script', lifetime: 86_400 })
  if (!created.ok) throw new Error(created.failure.reason)
  return { ...admin, username, sub: String(result.sub), ...created.value }
}

// REQ-190
test('administrators list the keys of a user by name or sub, without their secrets', async () => {
  const { run, lines, username, sub, id, key } = await setUp()
  const byName = await run({ command: 'list-api-keys', username })

  expect(byName).toEqual({
    ok: true,
    result: {
      ...{ sub, username },
      api_keys: [
        {
          ...{ id, name: 'a script', scope: '', created_at: 1_800_000_000 },
          ...{ expires_at: 1_800_086_400, last_used_at: null },
        },
      ],
    },
  })
  expect(await run({ command: 'list-api-keys', username: sub })).toEqual(byName)
  expect(lines.join()).not.toContain(key)
})

// REQ-190
test('administrators revoke a key, by its id or the client that logs name', async () => {
  for (const form of ['', 'lk_']) {
    const { run, lines, username, sub, id } = await setUp()

    expect(await run({ command: 'revoke-api-key', username, key_id: `${form}${id}` })).toEqual({
      ok: true,
      result: { sub, username, revoked: id },
    })
    expect((await run({ command: 'list-api-keys', username })).result.api_keys).toEqual([])
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ command: 'revoke-api-key', outcome: 'success', sub, client_id: `lk_${id}` }),
    )
    expect(await run({ command: 'revoke-api-key', username, key_id: id })).toMatchObject({ error: 'unknown_key' })
  }
})

test('a key is revoked of its own user only', async () => {
  const [one, other] = [await setUp(), await setUp()]
  const revoke = { command: 'revoke-api-key', username: other.username, key_id: one.id }

  expect(await one.run(revoke)).toMatchObject({ ok: false, error: 'unknown_key' })
  expect((await one.run({ command: 'list-api-keys', username: one.username })).result.api_keys).toHaveLength(1)
})

test.each([
  [{ command: 'list-api-keys', username: 'nobody' }, 'unknown_user'],
  [{ command: 'revoke-api-key', username: 'nobody', key_id: 'a'.repeat(17) }, 'unknown_user'],
  [{ command: 'revoke-api-key', username: 'nobody', key_id: 'a' }, 'invalid_request'],
  [{ command: 'revoke-api-key', username: 'nobody' }, 'invalid_request'],
])('%j is %s', async (command, error) => {
  const { run } = createAdmin(table)

  expect(await run(command)).toMatchObject({ ok: false, error })
})
