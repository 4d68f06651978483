import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { openAccount } from '../../../../infra/local/account.ts'
import { synthesise } from '../../../../infra/local/assembly.ts'
import { createGateway } from '../../../../infra/local/gateway/gateway.ts'
import { createGatewayServer } from '../../../../infra/local/gateway/gateway-server.ts'
import { listen } from '../../../../infra/local/listen.ts'
import { createDataFolder } from '../../../support/local-server.ts'

const data = createDataFolder()
const log = () => undefined
const scopes = 'orders:read orders:write'
const assembly = await synthesise({ scopes }, join(import.meta.dirname, '../../../support/synthesise-shop.ts'))
const account = await openAccount(assembly, { data: data.path, endpoint: 'http://127.0.0.1:3000', principals: [], log })

afterAll(async () => {
  await account[Symbol.asyncDispose]()
  await assembly[Symbol.asyncDispose]()
  data[Symbol.dispose]()
})

let made = 0

/** A gateway with nothing in its cache, and a user with these scopes who has logged in. */
async function setUp(scope: string) {
  made += 1
  const { api, invoke } = account
  const user = { username: `user-${made}`, password: 'correct horse battery staple' }
  await invoke('admin', JSON.stringify({ command: 'create-user', ...user, scope }))
  const asked: string[] = []
  const counting: typeof invoke = (name, payload) => {
    asked.push(name.replace(/^.*:/, ''))
    return invoke(name, payload)
  }
  const gateway = createGateway({ api, invoke: counting, clock: () => Date.now() / 1000, log })
  const server = await listen(createGatewayServer(gateway), 0)
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${server.url}/login`, { method: 'POST', headers, body: JSON.stringify(user) })
  const { access_token } = (await answer.json()) as { access_token: string }
  const ask = async (method: string, path: string) => {
    const { status } = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}` },
    })
    return status
  }
  return { ask, asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

// REQ-73
describe('with the cache on', () => {
  test('an allow for one route serves no route with another scope, in whatever order they are asked for', async () => {
    await using reader = await setUp('orders:read')

    for (const _ of [1, 2]) {
      expect(await reader.ask('GET', '/me')).toBe(200)
      expect(await reader.ask('GET', '/orders')).toBe(200)
      expect(await reader.ask('POST', '/orders')).toBe(403)
      expect(await reader.ask('GET', '/orders/1')).toBe(403)
      expect(await reader.ask('DELETE', '/orders/2')).toBe(403)
    }
    // Kept: one answer by token, and one for each of the three routes.
    expect(reader.asked.filter((name) => name === 'authorizer')).toHaveLength(4)
  })

  test('a denial for one route serves no other one', async () => {
    await using writer = await setUp('orders:write')

    expect(await writer.ask('GET', '/orders')).toBe(403)
    expect(await writer.ask('POST', '/orders')).toBe(200)
    expect(await writer.ask('PUT', '/orders/1')).toBe(200)
    expect(await writer.ask('GET', '/me')).toBe(200)
  })

  test('a user without scopes gets to what asks for none', async () => {
    await using nobody = await setUp('')

    expect(await nobody.ask('GET', '/orders')).toBe(403)
    expect(await nobody.ask('GET', '/me')).toBe(200)
  })
})
