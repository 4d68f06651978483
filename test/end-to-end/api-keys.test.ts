import { rm } from 'node:fs/promises'
import { afterAll, expect, test } from '@jest/globals'
import { generateTOTP } from '@oslojs/otp'
import * as oidc from 'openid-client'
import { Secret } from 'otpauth'
import { ClientCredentials } from 'simple-oauth2'
import { newFolder } from '../support/local-aws.ts'
import { openService } from '../support/local-service.ts'

// With the roles of each function in force.
const data = newFolder()
const settings = { scopes: 'orders:read', revocation: 'immediate', authorizerCache: '0', secondFactor: 'optional' }
const service = await openService({ data, settings })
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await rm(data, { recursive: true, force: true })
})

const password = 'correct horse battery staple'

async function call(method: string, path: string, token?: string, body?: object) {
  const response = await fetch(service.url + path, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? {} : JSON.parse(text) }
}

/** Somebody with a key. */
async function setUp(username: string) {
  const { result } = await service.admin({ command: 'create-user', username, password, scope: 'orders:read' })
  const { access_token: token } = (await call('POST', '/login', undefined, { username, password })).json
  const { id, key } = (await call('POST', '/api-keys', token, { name: 'a script' })).json
  return { username, sub: result.sub, token, id, key }
}

type Owner = Awaited<ReturnType<typeof setUp>>

const exchange = ({ key }: Pick<Owner, 'key'>) =>
  call('POST', '/token', undefined, { grant_type: 'client_credentials', client_secret: key })

const accessTokenOf = async (owner: Owner): Promise<string> => (await exchange(owner)).json.access_token

const me = (token: unknown) => call('GET', '/me', String(token))

// REQ-190, REQ-192
test('openid-client and simple-oauth2 get tokens of the owner for a key', async () => {
  const { sub, id, key } = await setUp('ada')
  const isOwner = { status: 200, json: { sub, client_id: `lk_${id}`, scope: 'orders:read' } }
  for (const way of [oidc.ClientSecretPost(key), oidc.ClientSecretBasic(key)]) {
    const insecure = { execute: [oidc.allowInsecureRequests] }
    const config = await oidc.discovery(new URL(service.url), `lk_${id}`, undefined, way, insecure)
    expect(await me((await oidc.clientCredentialsGrant(config)).access_token)).toEqual(isOwner)
  }
  const client = new ClientCredentials({
    client: { id: `lk_${id}`, secret: key },
    auth: { tokenHost: service.url, tokenPath: '/token' },
  })

  expect(await me((await client.getToken({})).token['access_token'])).toEqual(isOwner)
})

// REQ-190
test('with immediate revocation its tokens end with the key, and at /revoke', async () => {
  const owner = await setUp('bea')
  const first = await accessTokenOf(owner)
  expect(await call('POST', '/revoke', undefined, { token: first })).toMatchObject({ status: 200 })
  const second = await accessTokenOf(owner)

  expect([(await me(first)).status, (await me(second)).status]).toEqual([403, 200])
  expect(await call('DELETE', `/api-keys/${owner.id}`, owner.token)).toMatchObject({ status: 204 })
  expect((await me(second)).status).toBe(403)
  expect(await exchange(owner)).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
  expect((await call('GET', '/api-keys', owner.token)).json).toEqual({ api_keys: [] })
})

// REQ-166, REQ-190
test.each(['disable-user', 'delete-user', 'set-password'])('%s ends keys and their tokens', async (command) => {
  const owner = await setUp(`owner-${command}`)
  const token = await accessTokenOf(owner)
  const { username } = owner
  const newPassword = { password: 'another long password' }
  const done = await service.admin({ command, username, ...(command === 'set-password' && newPassword) })

  expect(done).toMatchObject({ ok: true })
  expect((await me(token)).status).toBe(403)
  expect(await exchange(owner)).toMatchObject({ status: 401 })
})

// REQ-190
test('administrators list and revoke keys', async () => {
  const owner = await setUp('cleo')
  const token = await accessTokenOf(owner)
  const { username, id } = owner
  const listed = await service.admin({ command: 'list-api-keys', username })

  expect(listed).toMatchObject({ ok: true, result: { api_keys: [{ id, last_used_at: expect.any(Number) }] } })
  expect(await service.admin({ command: 'revoke-api-key', username, key_id: id })).toMatchObject({ ok: true })
  expect((await me(token)).status).toBe(403)
  expect(await exchange(owner)).toMatchObject({ status: 401 })
})

// REQ-159, REQ-175
test('who has a second factor must have logged in by it, which the function may know and nothing more', async () => {
  const { token } = await setUp('dora')
  const { secret } = (await call('POST', '/factors/totp', token)).json
  const code = generateTOTP(new Uint8Array(Secret.fromBase32(secret).buffer), 30, 6)
  expect(await call('POST', '/factors/totp/confirm', token, { code })).toMatchObject({ status: 200 })

  expect(await call('POST', '/api-keys', token, { name: 'another' })).toMatchObject({
    status: 401,
    json: { error: 'insufficient_user_authentication' },
  })
})
