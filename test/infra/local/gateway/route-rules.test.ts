import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { sessionKey } from '../../../../functions/adapters/dynamodb/table/keys.ts'
import { administratorSecret, createAdministrator } from '../../../../infra/command-line/server/administrator.ts'
import { listen } from '../../../../infra/command-line/server/listen.ts'
import { openAccount } from '../../../../infra/local/account.ts'
import { createGateway } from '../../../../infra/local/gateway/gateway.ts'
import { createGatewayServer } from '../../../../infra/local/gateway/gateway-server.ts'
import { createReferences, localPlace } from '../../../../infra/local/template/physical-ids.ts'
import { idsOf } from '../../../../infra/local/template/template.ts'
import { synthesise } from '../../../../infra/synthesis/assembly.ts'
import { createDataFolder } from '../../../support/local-server.ts'

const data = createDataFolder()
const log = () => undefined
const scopes = 'orders:read orders:write'
const assembly = await synthesise({ scopes }, join(import.meta.dirname, '../../../support/synthesise-shop.ts'))
const owner = createAdministrator()
const endpoint = 'http://127.0.0.1:3000'
const account = await openAccount(assembly, { data: data.path, endpoint, principals: [owner], log })
const { accessKeyId } = owner
const client = new DynamoDBClient({
  ...{
    endpoint: account.aws,
    region: localPlace.region,
    credentials: { accessKeyId, secretAccessKey: administratorSecret },
  },
})
const table = DynamoDBDocumentClient.from(client)
const [tableId = ''] = idsOf(assembly.template, 'AWS::DynamoDB::GlobalTable')
const TableName = String(createReferences({ ...assembly, endpoint, provided: new Map() }).ref(tableId))

afterAll(async () => {
  client.destroy()
  await account[Symbol.asyncDispose]()
  await assembly[Symbol.asyncDispose]()
  data[Symbol.dispose]()
})

let made = 0

/** A gateway with nothing in its cache, and a user with these scopes who has logged in. */
async function setUp(scope: string) {
  made += 1
  let later = 0
  const { api, invoke } = account
  const user = { username: `user-${made}`, password: 'correct horse battery staple' }
  await invoke('admin', JSON.stringify({ command: 'create-user', ...user, scope }))
  const asked: string[] = []
  const contexts: unknown[] = []
  const counting: typeof invoke = (name, payload) => {
    asked.push(name.replace(/^.*:/, ''))
    if (name.endsWith(':me')) contexts.push(JSON.parse(payload).requestContext.authorizer)
    return invoke(name, payload)
  }
  const gateway = createGateway({ api, invoke: counting, clock: () => Date.now() / 1000 + later, log })
  const server = await listen(createGatewayServer(gateway), 0)
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${server.url}/login`, { method: 'POST', headers, body: JSON.stringify(user) })
  let tokens = (await answer.json()) as Tokens
  const ask = async (method: string, path: string, token = tokens.access_token) =>
    (await fetch(`${server.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } })).status
  /** Its session becomes one that began so long ago and by these methods, and a refresh gives tokens that say so. */
  const becomeProved = async (secondsAgo: number, ...amr: readonly string[]) => {
    const { sub, sid } = decodeJwt(tokens.access_token)
    const ExpressionAttributeValues = { ':time': Date.now() / 1000 - secondsAgo, ':amr': amr }
    const UpdateExpression = 'SET authTime = :time, amr = :amr'
    const Key = sessionKey(String(sub), String(sid))
    await table.send(new UpdateCommand({ TableName, Key, UpdateExpression, ExpressionAttributeValues }))
    const { refresh_token } = tokens
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token })
    const refreshed = await fetch(`${server.url}/token`, { method: 'POST', body })
    tokens = (await refreshed.json()) as Tokens
    return decodeJwt(tokens.access_token)
  }
  return {
    ...{ ask, asked, contexts, becomeProved },
    tokens: () => tokens,
    wait: (seconds: number) => {
      later += seconds
    },
    timesAsked: () => asked.filter((name) => name === 'authorizer').length,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

type Tokens = { readonly access_token: string; readonly refresh_token: string }

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
    expect(reader.timesAsked()).toBe(4)
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

// REQ-176
describe('step-up with the cache on', () => {
  test('opens a route that asks for a recent log-in only to one, however fresh the token is', async () => {
    await using user = await setUp('')

    expect(await user.ask('PUT', '/address')).toBe(200)
    expect(await user.becomeProved(300, 'pwd')).toMatchObject({ acr: 'pwd' })
    expect(await user.ask('PUT', '/address')).toBe(200)
    await user.becomeProved(601, 'pwd', 'otp', 'mfa')
    expect(await user.ask('GET', '/me')).toBe(200)
    expect(await user.ask('PUT', '/address')).toBe(403)
  })

  test('opens a route that asks for scope, age and strength only to all three', async () => {
    await using user = await setUp('orders:write')
    await using reader = await setUp('orders:read')

    expect(await user.ask('POST', '/payments')).toBe(403)
    expect(await user.becomeProved(601, 'pwd', 'otp', 'mfa')).toMatchObject({ acr: 'mfa' })
    expect(await user.ask('POST', '/payments')).toBe(403)
    await user.becomeProved(60, 'pwd')
    expect(await user.ask('POST', '/payments')).toBe(403)
    await user.becomeProved(60, 'pwd', 'otp', 'mfa')
    expect(await user.ask('POST', '/payments')).toBe(200)
    await reader.becomeProved(60, 'pop', 'user', 'mfa')
    expect(await reader.ask('POST', '/payments')).toBe(403)
  })

  test('an allow for a route without it, or with less of it, serves no stricter one, in whatever order', async () => {
    await using user = await setUp('orders:write')

    for (const _ of [1, 2]) {
      expect(await user.ask('GET', '/me')).toBe(200)
      expect(await user.ask('POST', '/orders')).toBe(200)
      expect(await user.ask('GET', '/profile')).toBe(200)
      expect(await user.ask('PUT', '/address')).toBe(200)
      expect(await user.ask('GET', '/invoices')).toBe(403)
      expect(await user.ask('POST', '/payments')).toBe(403)
    }
    // Kept: by token, by scope, and the two with a cache of their own; the other two are asked for each time.
    expect(user.timesAsked()).toBe(4 + 2 * 2)
  })

  test('a denial serves no other token: the next log-in gets in at once', async () => {
    await using user = await setUp('')
    const { access_token: weak } = user.tokens()
    expect(await user.ask('GET', '/invoices')).toBe(403)
    await user.becomeProved(1, 'pop', 'user', 'mfa')

    expect(await user.ask('GET', '/invoices')).toBe(200)
    expect(await user.ask('GET', '/invoices', weak)).toBe(403)
  })

  test('an answer is kept for as long as its route says, and not for as long as those of other routes', async () => {
    await using user = await setUp('')
    await user.becomeProved(1, 'pwd', 'otp', 'mfa')
    const askAfter = async (seconds: number) => {
      user.wait(seconds)
      expect(await user.ask('GET', '/invoices')).toBe(200)
      return user.timesAsked()
    }

    expect(await askAfter(0)).toBe(1)
    expect(await askAfter(299)).toBe(1)
    expect(await askAfter(1)).toBe(2)
  })

  test('tells the function what was proved', async () => {
    await using user = await setUp('')
    const { auth_time } = await user.becomeProved(60, 'pwd', 'otp', 'mfa')
    await user.ask('GET', '/invoices')

    expect(user.contexts).toEqual([{ lambda: expect.objectContaining({ auth_time, acr: 'mfa', amr: 'pwd otp mfa' }) }])
  })
})
