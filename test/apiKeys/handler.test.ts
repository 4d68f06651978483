import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { apiKeyLifetime, maxApiKeys } from '../../functions/domain/clients/api-key.ts'
import { createKeyOwner, exchange, logIn, requestsOf } from '../support/builders/api-keys.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

const day = 86_400

async function setUp(settings: Parameters<typeof createOAuthService>[1] = {}) {
  const service = await createOAuthService(table, { account: { scope: ['orders:read', 'orders:write'] }, ...settings })
  return { service, owner: await createKeyOwner(service) }
}

async function itemsIn(pk: string) {
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }
  return (await table.client.send(new QueryCommand({ TableName: table.name, ...query }))).Items ?? []
}

const giveFactor = (sub: string) =>
  table.client.send(
    new PutCommand({ TableName: table.name, Item: { pk: `SECRET#${sub}`, sk: 'RECOVERY', codes: new Set(['a']) } }),
  )

describe('creating an API key', () => {
  // REQ-190
  test('shows it once, and lists it without its secret', async () => {
    const { service, owner } = await setUp()
    const created = await owner.create({ name: '  nightly export ', scope: 'orders:read' })
    const now = Math.floor(service.clock())

    expect([created.status, created.json]).toEqual([
      201,
      {
        id: expect.stringMatching(/^[0-9A-Za-z]{17}$/),
        key: expect.stringMatching(/^lk_[0-9A-Za-z]{17}_[0-9A-Za-z]{49}$/),
      },
    ])
    expect(created.json.key).toContain(`lk_${created.json.id}_`)
    const expiresAt = now + apiKeyLifetime.default
    expect((await owner.list()).json).toEqual({
      api_keys: [
        {
          ...{ id: created.json.id, name: 'nightly export', scope: 'orders:read', created_at: now },
          ...{ expires_at: expiresAt, last_used_at: null },
        },
      ],
    })
  })

  // REQ-190
  test('stores a hash of the secret only, and logs neither', async () => {
    const { service, owner } = await setUp()
    const { id, key } = (await owner.create()).json
    await exchange(service, key)
    const secret = key.slice(`lk_${id}_`.length, -6)
    const { sub } = service.account
    const stored = [`CLIENT#lk_${id}`, `KEYS#${sub}`, `SESSIONS#${sub}`].map(itemsIn)

    const texts = [JSON.stringify(await Promise.all(stored)), JSON.stringify(service.logged())]
    for (const text of texts) expect(text).not.toContain(secret)
    expect(texts[0]).toContain(id)
    expect(service.logged()).toContainEqual(
      expect.objectContaining({ event: 'api_key_create', outcome: 'success', sub, client_id: `lk_${id}` }),
    )
  })

  test.each([
    [{ name: '' }, 'invalid_request'],
    [{ name: 'a\nb' }, 'invalid_request'],
    [{ name: 'a'.repeat(65) }, 'invalid_request'],
    [{ name: 5 }, 'invalid_request'],
    [{ name: null }, 'invalid_request'],
    [{ scope: 'a  b' }, 'invalid_scope'],
    [{ scope: ['orders:read'] }, 'invalid_scope'],
    [{ expires_in: 0 }, 'invalid_request'],
    [{ expires_in: 1.5 }, 'invalid_request'],
    [{ expires_in: '60' }, 'invalid_request'],
    [{ expires_in: apiKeyLifetime.max + 1 }, 'invalid_request'],
  ])('refuses %j', async (json, error) => {
    const { owner } = await setUp()

    expect(await owner.create(json)).toMatchObject({ status: 400, json: { error } })
    expect((await owner.list()).json).toEqual({ api_keys: [] })
  })

  // REQ-203
  test('gives at most the scope of the account, and by default all of it', async () => {
    const { service, owner } = await setUp({ account: { scope: ['orders:read'] } })
    await owner.create()
    const wider = await owner.create({ scope: 'orders:read orders:write' })
    await owner.create({ scope: '' })

    expect(wider).toMatchObject({ status: 400, json: { error: 'invalid_scope' } })
    expect((await owner.list()).json.api_keys.map(({ scope }: { scope: string }) => scope).toSorted()).toEqual([
      '',
      'orders:read',
    ])
    expect(service.logged()).toContainEqual(
      expect.objectContaining({ event: 'api_key_fail', reason: 'scope_too_wide' }),
    )
  })

  // REQ-203
  test('gives at most the scope of the access token that asks, though the account has more', async () => {
    const { service } = await setUp()
    const { username, password } = service
    const login = await service.call('POST /login', { json: { username, password, scope: 'orders:read' } })
    const owner = requestsOf(service, JSON.parse(login.text).access_token)
    await owner.create()

    expect(await owner.create({ scope: 'orders:write' })).toMatchObject({ status: 400 })
    expect((await owner.list()).json.api_keys).toMatchObject([{ scope: 'orders:read' }])
  })

  // REQ-151
  test('never gives more keys than are allowed, however many are asked for at once', async () => {
    const { owner } = await setUp()
    await owner.create()
    const answers = await Promise.all(Array.from({ length: maxApiKeys + 4 }, () => owner.create()))

    const created = answers.filter(({ status }) => status === 201)
    const { api_keys: listed } = (await owner.list()).json
    expect(listed.length).toBeLessThanOrEqual(maxApiKeys)
    expect(listed).toHaveLength(created.length + 1)
    while ((await owner.list()).json.api_keys.length < maxApiKeys) await owner.create()
    expect(await owner.create()).toMatchObject({ status: 400, json: { error: 'invalid_request' } })
    await owner.revoke(listed[0].id)
    expect(await owner.create()).toMatchObject({ status: 201 })
  })
})

describe('who may manage API keys', () => {
  // REQ-175
  test('is who has just logged in', async () => {
    const { service, owner } = await setUp({ clock: stoppedClock() })
    const { id } = (await owner.create()).json
    service.clock.advance(601)

    for (const answer of [await owner.list(), await owner.create(), await owner.revoke(id)]) {
      expect(answer).toMatchObject({ status: 401, json: { error: 'insufficient_user_authentication' } })
      expect(answer.headers['www-authenticate']).toMatch(
        /^Bearer error="insufficient_user_authentication".*max_age="600"/,
      )
    }
    const again = requestsOf(service, await logIn(service))
    expect((await again.list()).json.api_keys).toMatchObject([{ id }])
  })

  // REQ-175
  test('has proved a second factor, where the account has one', async () => {
    const { service, owner } = await setUp()
    await giveFactor(service.account.sub)

    expect(await owner.create()).toMatchObject({ status: 401, json: { error: 'insufficient_user_authentication' } })
  })

  // REQ-202
  test('is nobody with the token of an API key', async () => {
    const { service, owner } = await setUp()
    const { id, key } = (await owner.create()).json
    const { access_token: token } = (await exchange(service, key)).json
    const script = requestsOf(service, token)

    for (const answer of [await script.list(), await script.create(), await script.revoke(id)])
      expect(answer).toMatchObject({ status: 403, json: { error: 'insufficient_scope' } })
    expect(await service.sessionsOf(token)).toMatchObject({ status: 403, json: { error: 'insufficient_scope' } })
  })

  test.each([
    ['no token', undefined, 'Bearer'],
    ['no token of ours', 'Bearer a.b.c', 'Bearer error="invalid_token"'],
    ['another scheme', 'Basic YTpi', 'Bearer error="invalid_token"'],
  ])('is nobody with %s', async (_, authorization, challenge) => {
    const { service } = await setUp()
    const headers = authorization === undefined ? {} : { authorization }
    const answer = await service.call('GET /api-keys', { headers })

    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': expect.stringContaining(challenge) } })
    expect(JSON.parse(answer.text)).toMatchObject({ error: 'invalid_token' })
  })

  test('is nobody whose session has ended', async () => {
    const { service, owner } = await setUp()
    await service.lifecycle.revokeSessions(service.username)

    expect(await owner.create()).toMatchObject({ status: 401, json: { error: 'invalid_token' } })
  })

  test('revokes only their own keys, and is told nothing of others', async () => {
    const { service, owner } = await setUp()
    const other = await setUp()
    const { id, key } = (await owner.create()).json

    const answers = [
      await other.owner.revoke(id),
      await other.owner.revoke('unknown'),
      await other.owner.revoke('a'.repeat(17)),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
    expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1)
    expect(await exchange(service, key)).toMatchObject({ status: 200 })
  })
})

describe('the list', () => {
  test('says the day of the last use, and has the latest key first', async () => {
    const { service, owner } = await setUp()
    const first = (await owner.create()).json
    service.clock.advance(1)
    const second = (await owner.create()).json
    await exchange(service, first.key)
    const today = Math.floor(service.clock() / day) * day

    expect((await owner.list()).json.api_keys).toMatchObject([
      { id: second.id, last_used_at: null },
      { id: first.id, last_used_at: today },
    ])
    service.clock.advance(3 * day)
    await exchange(service, first.key)
    const later = requestsOf(service, await logIn(service))
    expect((await later.list()).json.api_keys[1]).toMatchObject({ id: first.id, last_used_at: today + 3 * day })
  })

  test('keeps an expired key until it is revoked', async () => {
    const { service, owner } = await setUp()
    const { id, key } = (await owner.create({ expires_in: 60 })).json
    service.clock.advance(60)

    expect(await exchange(service, key)).toMatchObject({ status: 401 })
    // As DynamoDB does after some days.
    for (const forgotten of [`CLIENT#lk_${id}`, `SESSIONS#${service.account.sub}`])
      for (const { pk, sk, ttl } of await itemsIn(forgotten))
        if (ttl < service.clock() + 2 * day)
          await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk } }))
    expect((await owner.list()).json.api_keys).toMatchObject([{ id }])
    expect(await owner.revoke(id)).toMatchObject({ status: 204 })
    expect((await owner.list()).json.api_keys).toEqual([])
  })
})

// REQ-144
test('nothing of a key is left when its account is deleted, except what says that the account was', async () => {
  const { service, owner } = await setUp()
  const { id, key } = (await owner.create()).json
  await exchange(service, key)
  const { sub } = service.account
  await service.lifecycle.remove(service.username)

  expect(await itemsIn(`CLIENT#lk_${id}`)).toEqual([])
  expect(await itemsIn(`KEYS#${sub}`)).toEqual([])
  expect((await itemsIn(`SESSIONS#${sub}`)).map(({ sk }) => sk)).toEqual(['EPOCH'])
})
