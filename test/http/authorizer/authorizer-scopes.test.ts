import { describe, expect, test } from '@jest/globals'
import { createTestAuthorizer, rulesOf, sampleEvent } from '../../support/authorizer.ts'
import { httpEvent } from '../../support/builders/events.ts'

const routeRules = rulesOf({
  api: { 'GET /orders': 'orders:read', 'ANY /orders/{id}': 'orders:read orders:write' },
  local: { 'GET /me': 'me', 'ANY /orders': 'orders:read', $connect: 'chat' },
})
const setUp = () => createTestAuthorizer({ routeRules })

/** As an HTTP API asks: by which values it keeps the answer shows in `identitySource`, in any order. */
const question = (token: string, routeKey: string, keyedByRoute: boolean) => {
  const authorization = `Bearer ${token}`
  const identitySource = keyedByRoute ? [routeKey, authorization] : [authorization]
  return { ...httpEvent(routeKey), type: 'REQUEST', headers: { authorization }, identitySource }
}

// REQ-77
describe('asked by an HTTP API', () => {
  test.each([
    [['orders:read'], 'GET /orders', true],
    [['a', 'orders:read', 'b'], 'GET /orders', true],
    [[], 'GET /orders', false],
    [['orders:write'], 'GET /orders', false],
    [['orders:rea', 'ORDERS:READ', 'orders:read:all'], 'GET /orders', false],
    [['orders:read'], 'ANY /orders/{id}', false],
    [['orders:write', 'orders:read'], 'ANY /orders/{id}', true],
  ])(
    'a token with the scopes %j opens a route only if it has all that the route asks for: %s',
    async (scope, routeKey, opens) => {
      const { authorize, issue } = setUp()

      expect(await authorize(question(await issue(...scope), routeKey, true))).toMatchObject({ isAuthorized: opens })
    },
  )

  test('a route with scopes asks for them whichever way the answer is kept', async () => {
    const { authorize, issue } = setUp()

    expect(await authorize(question(await issue(), 'GET /orders', false))).toEqual({ isAuthorized: false })
  })

  test('a route without scopes asks for none', async () => {
    const { authorize, issue } = setUp()

    expect(await authorize(question(await issue(), 'GET /me', false))).toMatchObject({ isAuthorized: true })
    expect(await authorize(question(await issue(), 'GET /orders/{id}', false))).toMatchObject({ isAuthorized: true })
  })

  test('a route that should have scopes and is not listed is closed', async () => {
    const { authorize, issue, lines } = setUp()
    const token = await issue('orders:read', 'orders:write')
    const other = { ...question(token, 'GET /orders', true), requestContext: { apiId: 'another' } }

    expect(await authorize(question(token, 'GET /unlisted', true))).toEqual({ isAuthorized: false })
    expect(await authorize(other)).toEqual({ isAuthorized: false })
    expect(lines.map((line) => JSON.parse(line)['reason'])).toEqual(['unlisted_route', 'unlisted_route'])
  })

  test('a bad token is refused for being bad, whatever the route asks for', async () => {
    const { authorize, lines } = setUp()
    await authorize(question('abc', 'GET /orders', true))

    expect(lines.map((line) => JSON.parse(line)['reason'])).toEqual(['malformed'])
  })
})

describe('asked by a REST API', () => {
  const denied = { policyDocument: { Statement: [{ Effect: 'Deny', Resource: expect.stringMatching(/prod\/\*$/) }] } }
  const ask = (token: string, changes: object = {}) => ({ ...sampleEvent('rest-request', token), ...changes })

  test('a token without the scope is denied by a policy, which reads 403, and one with it is let in', async () => {
    const { authorize, issue, lines } = setUp()

    expect(await authorize(ask(await issue('me')))).toMatchObject({ principalId: 's' })
    expect(await authorize(ask(await issue('other')))).toMatchObject(denied)
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ reason: 'insufficient_scope', status: 403 })
  })

  test('a method that was made for any asks for its scope whatever the request says', async () => {
    const { authorize, issue } = setUp()
    const put = { httpMethod: 'PUT', resource: '/orders' }

    expect(await authorize(ask(await issue('orders:read'), put))).toMatchObject({ principalId: 's' })
    expect(await authorize(ask(await issue(), put))).toMatchObject(denied)
  })

  test('a method that is not listed is closed where its API lists others, and open to every good token elsewhere', async () => {
    const { authorize, issue } = setUp()
    const token = await issue('me')

    expect(await authorize(ask(token, { resource: '/unlisted' }))).toMatchObject(denied)
    expect(await authorize(ask(token, { resource: undefined }))).toMatchObject(denied)
    expect(await authorize(ask(token, { requestContext: { apiId: 'another' } }))).toMatchObject({ principalId: 's' })
  })

  test('an authorizer that is given only the token is not used for methods with scopes, and asks for none', async () => {
    const { authorize, issue } = setUp()

    expect(await authorize(sampleEvent('rest-token', await issue()))).toMatchObject({ principalId: 's' })
  })
})

test('a WebSocket connects with the scope that it asks for and not without', async () => {
  const { authorize, issue } = setUp()
  const effectFor = async (...scope: readonly string[]) =>
    authorize(sampleEvent('websocket-header', await issue(...scope)))

  expect(await effectFor('chat')).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Allow' }] } })
  expect(await effectFor('chatter')).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Deny' }] } })
})
