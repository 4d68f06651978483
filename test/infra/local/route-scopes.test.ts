import { afterAll, describe, expect, test } from '@jest/globals'
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { createApp } from '../../../infra/create-app.ts'
import { openAccount } from '../../../infra/local/account.ts'
import { synthesise } from '../../../infra/local/assembly.ts'
import { createGateway } from '../../../infra/local/gateway.ts'
import { createGatewayServer } from '../../../infra/local/gateway-server.ts'
import { listen } from '../../../infra/local/listen.ts'
import { TokenAuth } from '../../../infra/token-auth.ts'
import { createDataFolder } from '../../support/local-server.ts'

/** The stack with routes that ask for scopes; who gets past the authorizer gets the answer of /me. */
const createShop: typeof createApp = async (...options) => {
  const app = await createApp(...options)
  const nodes = app.node.findAll()
  const api = nodes.find((node) => node instanceof HttpApi)
  const auth = nodes.find((node) => node instanceof TokenAuth)
  const me = nodes.find((node) => node instanceof LambdaFunction && node.node.id === 'me') as LambdaFunction
  if (!(api && auth)) throw new Error('The stack has no API or no TokenAuth.')
  const integration = new HttpLambdaIntegration('me', me)
  const add = (path: string, method: HttpMethod, scope: string) =>
    api.addRoutes({ path, methods: [method], integration, authorizer: auth.httpAuthorizer({ scopes: [scope] }) })
  add('/orders', HttpMethod.GET, 'orders:read')
  add('/orders', HttpMethod.POST, 'orders:write')
  add('/orders/{id}', HttpMethod.ANY, 'orders:write')
  return app
}

const data = createDataFolder()
const log = () => undefined
const scopes = 'orders:read orders:write'
const assembly = await synthesise({ scopes }, createShop)
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

// SECURITY 73
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
