import { expect, test } from '@jest/globals'
import { authorizer, openGateway, route } from '../../../support/local-gateway.ts'

const ok = () => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' })
const serverError = { status: 500, body: '{"message":"Internal Server Error"}' }
const never = () => new Promise(() => {})

test('a route reaches its function, and the answer carries the id of the request', async () => {
  await using gateway = await openGateway({ routes: [route('POST /login', { functionArn: 'login' })] }, { login: ok })

  const answer = await gateway.ask('POST /login?a=b', { 'content-type': 'application/json' }, '{}')

  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' })
  expect(gateway.events).toMatchObject([{ name: 'login', event: { routeKey: 'POST /login', body: '{}' } }])
  expect(answer.headers['apigw-requestid']).toMatch(/^[\w-]{15}=$/)
  expect(gateway.events[0]?.event.requestContext.requestId).toBe(answer.headers['apigw-requestid'])
})

test('a request without a route is 404, without asking the authorizer', async () => {
  await using gateway = await openGateway({ routes: [route('GET /me', { authorizer })] }, { authorizer: ok })

  const answer = await gateway.ask('POST /me')

  expect(answer).toMatchObject({
    status: 404,
    headers: { 'content-type': 'application/json' },
    body: '{"message":"Not Found"}',
  })
  expect(gateway.events).toEqual([])
})

test('a function that fails is 500', async () => {
  const fail = () => {
    throw new Error('boom')
  }
  await using gateway = await openGateway({ routes: [route('GET /')] }, { function: fail })

  expect(await gateway.ask('GET /')).toMatchObject(serverError)
})

test('a function that cannot be called is 500, and the log says why', async () => {
  await using gateway = await openGateway({ routes: [route('GET /')] }, {})

  expect(await gateway.ask('GET /')).toMatchObject(serverError)
  expect(gateway.lines).toEqual(['gateway: Function not found: function'])
})

test('a function that takes longer than its integration may is 503, and the log says so', async () => {
  await using gateway = await openGateway({ routes: [route('GET /', { timeout: 1 })] }, { function: never })

  expect(await gateway.ask('GET /')).toMatchObject({ status: 503, body: '{"message":"Service Unavailable"}' })
  expect(gateway.lines).toEqual(['gateway: function has not answered within 0.001 seconds.'])
})

test('a route lets its burst through, then its rate, and does not affect other routes', async () => {
  const routes = [route('GET /a', { limit: { rate: 2, burst: 3 } }), route('GET /b')]
  await using gateway = await openGateway({ routes }, { function: ok })
  const statuses = async (times: number) => {
    const answers = await Promise.all(Array.from({ length: times }, () => gateway.ask('GET /a')))
    return answers.map(({ status }) => status).sort()
  }

  expect(await statuses(4)).toEqual([200, 200, 200, 429])
  expect(await gateway.ask('GET /a')).toMatchObject({ status: 429, body: '{"message":"Too Many Requests"}' })
  expect((await gateway.ask('GET /b')).status).toBe(200)
  gateway.advance(1)
  expect(await statuses(3)).toEqual([200, 200, 429])
})

test('a throttled route does not ask its authorizer', async () => {
  const routes = [route('GET /', { authorizer, limit: { rate: 0, burst: 0 } })]
  await using gateway = await openGateway({ routes }, { authorizer: ok })

  expect((await gateway.ask('GET /', { authorization: 'x' })).status).toBe(429)
  expect(gateway.events).toEqual([])
})

test('an answer that HTTP does not allow is 500', async () => {
  const split = () => ({ statusCode: 200, headers: { 'x-a': 'b\r\nset-cookie: c=d' } })
  await using gateway = await openGateway({ routes: [route('GET /')] }, { function: split })

  const answer = await gateway.ask('GET /')

  expect(answer).toMatchObject(serverError)
  expect(answer.headers['set-cookie']).toBeUndefined()
})
