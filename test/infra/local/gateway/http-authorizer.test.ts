import { describe, expect, test } from '@jest/globals'
import type { Authorizer } from '../../../../infra/local/gateway/http-authorizer.ts'
import { authorizer, type GatewayEvent, openGateway, route, type StubFunction } from '../../../support/local-gateway.ts'

const allow: StubFunction = () => ({ isAuthorized: true, context: { sub: 'ada', level: 3 } })
const deny: StubFunction = () => ({ isAuthorized: false })
const echo: StubFunction = (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer) })
const token = { authorization: 'Bearer a' }

function setUp(answer: StubFunction, more: Partial<Authorizer> = {}, limit?: number) {
  const own = { ...authorizer, ...more }
  const routes = [route('GET /me', { authorizer: own }), route('GET /you', { authorizer: own })]
  return openGateway({ routes }, { authorizer: answer, function: echo }, limit)
}

test('an allowed caller reaches the function with the context, its types kept', async () => {
  await using gateway = await setUp(allow)

  expect(await gateway.ask('GET /me', token)).toMatchObject({
    status: 200,
    body: '{"lambda":{"sub":"ada","level":3}}',
  })
})

test('the authorizer is asked with the request, without its body', async () => {
  await using gateway = await setUp(allow)
  await gateway.ask('GET /me?a=b', { ...token, 'content-type': 'text/plain' }, 'secret')

  const event = gateway.events[0]?.event
  expect(event).toMatchObject({
    version: '2.0',
    type: 'REQUEST',
    routeArn: 'arn:aws:execute-api:us-east-1:000000000000:api/$default/GET/me',
    identitySource: ['Bearer a'],
    routeKey: 'GET /me',
    rawPath: '/me',
    rawQueryString: 'a=b',
    headers: { authorization: 'Bearer a' },
    queryStringParameters: { a: 'b' },
  })
  expect([event.body, event.isBase64Encoded, event.requestContext.authorizer]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('a denied caller gets 403', async () => {
  await using gateway = await setUp(deny)

  expect(await gateway.ask('GET /me', token)).toMatchObject({
    status: 403,
    headers: { 'content-type': 'application/json' },
    body: '{"message":"Forbidden"}',
  })
  expect(gateway.asked('function')).toBe(0)
})

describe('without an identity', () => {
  test.each([
    ['missing', {}, undefined],
    ['empty', { authorization: '' }, undefined],
    ['only one of two', token, ['$request.header.Authorization', '$request.querystring.key']],
  ])('%s: 401, and the authorizer is not asked', async (_, headers, identitySources) => {
    await using gateway = await setUp(allow, identitySources && { identitySources })

    expect(await gateway.ask('GET /me', headers)).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}' })
    expect(gateway.events).toEqual([])
  })
})

// REQ-75
describe('a faulty authorizer is 500, and no caller is let in', () => {
  const raise = () => {
    throw new Error('Unauthorized')
  }
  test.each<[string, StubFunction]>([
    ['it throws', raise],
    ['isAuthorized is a text', () => ({ isAuthorized: 'true' })],
    ['isAuthorized is missing', () => ({ context: {} })],
    ['it returns a policy', () => ({ principalId: 'a', policyDocument: { Statement: [{ Effect: 'Allow' }] } })],
    ['the context is a text', () => ({ isAuthorized: true, context: 'ada' })],
    ['it returns nothing', () => undefined],
  ])('%s', async (_, answer) => {
    await using gateway = await setUp(answer)

    expect(await gateway.ask('GET /me', token)).toMatchObject({
      status: 500,
      body: '{"message":"Internal Server Error"}',
    })
    await gateway.ask('GET /me', token)
    expect([gateway.asked('authorizer'), gateway.asked('function')]).toEqual([2, 0])
  })

  test('it takes longer than it may', async () => {
    await using gateway = await setUp(() => new Promise(() => {}), {}, 1)

    expect((await gateway.ask('GET /me', token)).status).toBe(500)
    expect(gateway.asked('function')).toBe(0)
  })
})

describe('an answer is kept', () => {
  test.each<[string, StubFunction, number]>([
    ['yes', allow, 200],
    ['no', deny, 403],
  ])('%s: for its time, over all routes, and not a second longer', async (_, answer, status) => {
    await using gateway = await setUp(answer)
    await gateway.ask('GET /me', token)

    gateway.advance(59)
    expect((await gateway.ask('GET /you', token)).status).toBe(status)
    expect(gateway.asked('authorizer')).toBe(1)
    gateway.advance(1)
    await gateway.ask('GET /me', token)
    expect(gateway.asked('authorizer')).toBe(2)
  })

  // REQ-74
  test('so a token that has expired or been revoked since is let in up to that time', async () => {
    let good = true
    await using gateway = await setUp(() => ({ isAuthorized: good }))
    await gateway.ask('GET /me', token)
    good = false

    expect((await gateway.ask('GET /me', token)).status).toBe(200)
    gateway.advance(60)
    expect((await gateway.ask('GET /me', token)).status).toBe(403)
  })

  test('for its identity alone', async () => {
    await using gateway = await setUp(({ headers }: GatewayEvent) => ({
      isAuthorized: headers.authorization === 'Bearer a',
    }))

    expect((await gateway.ask('GET /me', token)).status).toBe(200)
    expect((await gateway.ask('GET /me', { authorization: 'Bearer b' })).status).toBe(403)
    expect((await gateway.ask('GET /me?other=1', { ...token, 'x-other': '1' })).status).toBe(200)
    expect(gateway.asked('authorizer')).toBe(2)
  })

  test('for each route of its own where the route is part of the identity', async () => {
    await using gateway = await setUp(allow, {
      identitySources: ['$request.header.Authorization', '$context.routeKey'],
    })
    await gateway.ask('GET /me', token)
    await gateway.ask('GET /you', token)
    await gateway.ask('GET /me', token)

    expect(gateway.asked('authorizer')).toBe(2)
  })

  test('not at all where its time is 0', async () => {
    await using gateway = await setUp(allow, { resultTtl: 0 })
    await gateway.ask('GET /me', token)
    await gateway.ask('GET /me', token)

    expect(gateway.asked('authorizer')).toBe(2)
  })
})

test('several identities come in no reliable order', async () => {
  const identitySources = ['$request.header.Authorization', '$request.querystring.Key', '$context.routeKey']
  await using gateway = await setUp(allow, { identitySources })
  await gateway.ask('GET /me?Key=k', token)

  expect(gateway.events[0]?.event.identitySource).toEqual(['GET /me', 'k', 'Bearer a'])
})

// REQ-70
test('two Authorization headers are one, so that neither is lost on the way to the authorizer', async () => {
  await using gateway = await setUp(deny)
  await gateway.ask('GET /me', { Authorization: ['Bearer a', 'Bearer b'] })

  expect(gateway.events[0]?.event.headers.authorization).toBe('Bearer a,Bearer b')
})
