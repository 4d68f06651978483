import { expect, test } from '@jest/globals'
import { createProxyEvent, type GatewayRequest } from '../../../../infra/local/gateway/proxy-event.ts'
import { apiOf } from '../../../support/local-gateway.ts'

const setUp = (request: Partial<GatewayRequest>, pathParameters = {}) =>
  createProxyEvent(
    {
      id: 'JKJaXmPLvHcESHA=',
      method: 'GET',
      path: '/me',
      query: '',
      headers: { host: '127.0.0.1:3000' },
      body: Buffer.alloc(0),
      sourceIp: '127.0.0.1',
      port: 3000,
      ...request,
    },
    { route: { key: 'GET /me' }, pathParameters },
    apiOf(),
    Date.UTC(2026, 2, 12, 19, 3, 58, 250) / 1000,
  )

test('a request without body, query, cookies or parameters has none of them in its event, not even as null', () => {
  expect(setUp({ headers: { host: '127.0.0.1:3000', 'user-agent': 'curl/8' } })).toEqual({
    version: '2.0',
    routeKey: 'GET /me',
    rawPath: '/me',
    rawQueryString: '',
    headers: {
      host: '127.0.0.1:3000',
      'user-agent': 'curl/8',
      'content-length': '0',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': '3000',
      'x-forwarded-proto': 'http',
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: '127.0.0.1',
      domainPrefix: '127',
      http: { method: 'GET', path: '/me', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'curl/8' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: 'GET /me',
      stage: '$default',
      time: '12/Mar/2026:19:03:58 +0000',
      timeEpoch: 1773342238250,
    },
    isBase64Encoded: false,
  })
})

test('the path is decoded up to a question mark that comes out of it, the query string is not', () => {
  const event = setUp({ path: '/a%20b%2Fc%3Fd', query: 'x=%20y' })

  expect([event.rawPath, event.requestContext.http.path]).toEqual(['/a b/c', '/a b/c'])
  expect([event.rawQueryString, event.queryStringParameters]).toEqual(['x=%20y', { x: ' y' }])
})

test('a repeated parameter is one value, joined by a comma', () => {
  expect(setUp({ query: 'a=1&b&a=2' }).queryStringParameters).toEqual({ a: '1,2', b: '' })
})

test('cookies are a list and not a header', () => {
  const event = setUp({ headers: { host: 'localhost', cookie: 'a=1; b=2' } })

  expect(event.cookies).toEqual(['a=1', 'b=2'])
  expect(event.headers['cookie']).toBeUndefined()
})

test('path parameters are there where the route has some', () => {
  expect(setUp({}, { id: '1' }).pathParameters).toEqual({ id: '1' })
})

// REQ-22, REQ-136
test('an address that the client claims stands before the one that the gateway saw, and changes nothing else', () => {
  const event = setUp({ headers: { host: 'localhost', 'x-forwarded-for': '9.9.9.9', 'x-forwarded-port': '1' } })

  expect(event.headers['x-forwarded-for']).toBe('9.9.9.9, 127.0.0.1')
  expect(event.headers['x-forwarded-port']).toBe('3000')
  expect(event.requestContext.http.sourceIp).toBe('127.0.0.1')
})

test.each([
  ['application/json', false],
  ['application/json; charset=utf-8', false],
  ['Application/JSON', false],
  ['application/json ;charset=utf-8', false],
  ['application/xml', false],
  ['application/javascript', false],
  ['text/plain', false],
  ['application/x-www-form-urlencoded', true],
  ['application/problem+json', true],
  ['application/octet-stream', true],
  ['application/jsonp', true],
  ['x-text/plain', true],
  ['', true],
])('a body of type "%s": base64 %s', (type, isBase64Encoded) => {
  const event = setUp({ headers: { host: 'localhost', 'content-type': type }, body: Buffer.from('"ä"') })

  expect([event.body, event.isBase64Encoded]).toEqual([isBase64Encoded ? 'IsOkIg==' : '"ä"', isBase64Encoded])
  expect(event.headers['content-length']).toBe('4')
})

test('a body may be one byte', () => {
  expect(setUp({ body: Buffer.from('a') })).toMatchObject({ body: 'YQ==', isBase64Encoded: true })
})

test('bytes that are not UTF-8 arrive as replacement characters in text', () => {
  const headers = { host: 'localhost', 'content-type': 'application/json' }

  expect(setUp({ headers, body: Buffer.from([0x22, 0xff, 0x22]) }).body).toBe('"\ufffd"')
})
