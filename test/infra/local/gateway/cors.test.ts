import { describe, expect, test } from '@jest/globals'
import type { CorsConfiguration } from '../../../../infra/local/gateway/cors.ts'
import { authorizer, openGateway, type Received, route } from '../../../support/local-gateway.ts'

const configuration: CorsConfiguration = {
  AllowOrigins: ['https://app.example', 'https://other.example'],
  AllowMethods: ['GET', 'POST'],
  AllowHeaders: ['Authorization', 'X-Two'],
  ExposeHeaders: ['X-Id', 'X-Other'],
  AllowCredentials: true,
  MaxAge: 300,
}

const preflight = {
  origin: 'https://app.example',
  'access-control-request-method': 'GET',
  'access-control-request-headers': 'authorization, X-TWO',
}

const setUp = (cors: Partial<CorsConfiguration> = {}, routes = [route('GET /me')]) =>
  openGateway(
    { cors: { ...configuration, ...cors }, routes },
    { function: () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*', 'x-a': 'b' } }) },
  )

const corsHeaders = ({ headers }: Received) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')))

const allOrigins = {
  'access-control-allow-origin': 'https://app.example',
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'X-Id,X-Other',
}

test('a preflight needs no route and no authorizer', async () => {
  await using gateway = await setUp({}, [route('GET /me', { authorizer })])

  const answer = await gateway.ask('OPTIONS /me', preflight)

  expect([answer.status, answer.body]).toEqual([204, ''])
  expect(corsHeaders(answer)).toEqual({
    ...allOrigins,
    'access-control-allow-methods': 'GET,POST',
    'access-control-allow-headers': 'Authorization,X-Two',
    'access-control-max-age': '300',
  })
  expect(gateway.events).toEqual([])
})

// REQ-133
test.each([
  ['another origin', { ...preflight, origin: 'https://app.example.evil.example' }],
  ['no origin', { 'access-control-request-method': 'GET' }],
  ['another method', { ...preflight, 'access-control-request-method': 'DELETE' }],
  ['no method', { origin: preflight.origin }],
  ['another header', { ...preflight, 'access-control-request-headers': 'authorization, x-other' }],
])('a preflight with %s is 204 without a CORS header', async (_, headers) => {
  await using gateway = await setUp()

  const answer = await gateway.ask('OPTIONS /me', headers)

  expect([answer.status, corsHeaders(answer)]).toEqual([204, {}])
})

test('a preflight may ask for any method and header where both are open', async () => {
  await using gateway = await setUp({ AllowMethods: ['*'], AllowHeaders: ['*'] })
  const headers = { ...preflight, 'access-control-request-method': 'PURGE', 'access-control-request-headers': 'x-any' }

  const answer = await gateway.ask('OPTIONS /me', headers)
  expect(corsHeaders(answer)).toMatchObject({
    'access-control-allow-methods': '*',
    'access-control-allow-headers': '*',
  })
})

test.each([
  [['*'], 'http://any.example', '*'],
  [['https://*'], 'https://any.example', 'https://any.example'],
  [['https://*'], 'http://any.example', undefined],
  [['https://*.example'], 'https://any.example', undefined],
])('origins %s take %s as %s', async (AllowOrigins, origin, allowed) => {
  await using gateway = await setUp({ AllowOrigins, AllowCredentials: false })

  expect((await gateway.ask('GET /me', { origin })).headers['access-control-allow-origin']).toBe(allowed)
})

describe('an answer', () => {
  test('has the headers of the API instead of those of the function', async () => {
    await using gateway = await setUp()

    const answer = await gateway.ask('GET /me', { origin: 'https://app.example' })
    expect([answer.headers['x-a'], corsHeaders(answer)]).toEqual(['b', allOrigins])
    expect(corsHeaders(await gateway.ask('GET /me'))).toEqual({})
  })

  test.each([
    ['401', 'GET /me', 401],
    ['404', 'GET /you', 404],
  ])('of the gateway has them too: %s', async (_, line, status) => {
    await using gateway = await setUp({}, [route('GET /me', { authorizer })])

    const answer = await gateway.ask(line, { origin: 'https://app.example' })
    expect([answer.status, corsHeaders(answer)]).toEqual([status, allOrigins])
  })
})

test('a route that takes OPTIONS goes before the preflight', async () => {
  await using gateway = await setUp({}, [route('ANY /me')])

  expect((await gateway.ask('OPTIONS /me', preflight)).status).toBe(200)
})

test('an API without CORS has no preflight', async () => {
  await using gateway = await openGateway({ routes: [route('GET /me')] }, {})

  expect((await gateway.ask('OPTIONS /me', preflight)).status).toBe(404)
})

test.each([
  ['the origin "https://evil.example" is not among the setting corsOrigins.', { origin: 'https://evil.example' }],
  ['the method "DELETE" is not among the setting corsMethods.', { 'access-control-request-method': 'DELETE' }],
  [
    'the header "traceparent" is not among the setting corsHeaders.',
    { 'access-control-request-headers': 'authorization,traceparent' },
  ],
])('a preflight that is refused is logged with the reason: %s', async (reason, changes) => {
  await using gateway = await setUp()
  await gateway.ask('OPTIONS /me', preflight)
  await gateway.ask('OPTIONS /me', { ...preflight, ...changes })

  expect(gateway.lines).toEqual([`gateway: Preflight for /me refused: ${reason}`])
})
