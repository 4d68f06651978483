import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from '@jest/globals'
import { openGateway, route, type StubFunction } from '../../../support/local-gateway.ts'

const echo: StubFunction = ({ headers, body, rawPath, cookies }) => ({
  statusCode: 200,
  body: JSON.stringify({ headers, body, rawPath, cookies }),
})

const setUp = () => openGateway({ routes: [route('$default')] }, { function: echo })

// What a client library would not send.
async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return text(socket)
}

test('headers come in lower case, repeated ones joined by a comma, those of the connection left out', async () => {
  await using gateway = await setUp()
  const sent = ['X-A: 1', 'x-a: 2', 'Connection: close, X-B', 'Keep-Alive: timeout=5', 'TE: trailers', 'Trailer: X-C']
  const cookies = ['Cookie: a=1', 'Cookie: b=2']

  await sendRaw(gateway.port, ['GET /?a=b?c HTTP/1.1', 'Host: localhost', ...sent, ...cookies, '', ''].join('\r\n'))

  const [{ event } = { event: undefined }] = gateway.events
  expect(Object.keys(event.headers).filter((name) => !name.startsWith('x-forwarded'))).toEqual([
    'host',
    'x-a',
    'content-length',
    'x-amzn-trace-id',
  ])
  expect([event.headers['x-a'], event.cookies, event.rawQueryString]).toEqual(['1,2', ['a=1', 'b=2'], 'a=b?c'])
})

test.each([
  [204, undefined],
  [304, undefined],
  [200, '0'],
])('an answer with status %s has the length %s', async (statusCode, length) => {
  await using gateway = await openGateway({ routes: [route('GET /')] }, { function: () => ({ statusCode }) })

  const { status, headers } = await gateway.ask('GET /')
  expect([status, headers['content-length'], headers['transfer-encoding']]).toEqual([statusCode, length, undefined])
})

test('a body in chunks comes whole, with its length', async () => {
  await using gateway = await setUp()

  const { body } = await gateway.ask('POST /', { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' }, 'abc')

  expect(JSON.parse(body)).toMatchObject({ body: 'abc', headers: { 'content-length': '3' } })
  expect(JSON.parse(body).headers['transfer-encoding']).toBeUndefined()
})

test('a client that asks before it sends its body is told to', async () => {
  await using gateway = await setUp()

  const { status, body } = await gateway.ask('POST /', { 'content-type': 'text/plain', expect: '100-continue' }, 'abc')

  expect([status, JSON.parse(body).body]).toEqual([200, 'abc'])
})

test('a body beyond what Lambda takes is 413, and so is one beyond 10 MB', async () => {
  await using gateway = await openGateway({ routes: [route('POST /')] }, { function: echo })
  const tooLarge = { status: 413, body: '{"message":"Request Entity Too Large"}' }
  const megabyte = 1024 * 1024

  expect((await gateway.ask('POST /', {}, 'a'.repeat(4 * megabyte))).status).toBe(200)
  expect(await gateway.ask('POST /', {}, 'a'.repeat(6 * megabyte))).toMatchObject(tooLarge)
  // Without a route Lambda has no say.
  expect((await gateway.ask('POST /none', {}, 'a'.repeat(10 * megabyte))).status).toBe(404)
  expect(await gateway.ask('POST /none', {}, 'a'.repeat(10 * megabyte + 1))).toMatchObject(tooLarge)
})

test('request line and headers may have 10,240 bytes', async () => {
  await using gateway = await setUp()

  expect((await gateway.ask('GET /', { 'x-a': 'a'.repeat(10_000) })).status).toBe(200)
  expect((await gateway.ask('GET /', { 'x-a': 'a'.repeat(10_240) })).status).toBe(431)
  expect((await gateway.ask(`GET /${'a'.repeat(10_240)}`)).status).toBe(431)
})

test('HEAD has no body, and is not GET', async () => {
  await using gateway = await openGateway({ routes: [route('GET /me')] }, { function: echo })

  expect(await gateway.ask('HEAD /me')).toMatchObject({ status: 404, body: '' })
})

describe('a host name', () => {
  test.each(['127.0.0.1', 'localhost:3000', 'LOCALHOST', '[::1]:3000'])('%s is ours', async (host) => {
    await using gateway = await setUp()

    expect((await gateway.ask('GET /', { host })).status).toBe(200)
  })

  test.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    'evil.localhost',
    'evil-127.0.0.1:3000',
    '10.0.0.1',
  ])('%s is not: 403', async (host) => {
    await using gateway = await setUp()

    const { status, body } = await gateway.ask('GET /', { host })
    expect([status, JSON.parse(body).message]).toEqual([403, expect.stringContaining('--host')])
    expect(gateway.events).toEqual([])
  })
})

test.each([
  ['two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a bare line feed in a header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\nX-C: d\r\n\r\n'],
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['an address for a path', 'GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
  ['no HTTP at all', 'hello\r\n\r\n'],
])('%s is 400 and reaches no function', async (_, bytes) => {
  await using gateway = await setUp()

  expect(await sendRaw(gateway.port, bytes)).toMatch(/^HTTP\/1\.1 400 /)
  expect(gateway.events).toEqual([])
})

test('a client that goes away in the middle of its body does no harm', async () => {
  await using gateway = await setUp()

  const client = connect(gateway.port, '127.0.0.1')
  client.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc', () => client.destroy())
  await once(client, 'close')

  expect((await gateway.ask('GET /')).status).toBe(200)
  expect(gateway.events).toHaveLength(1)
})

test('a client that goes away before its answer does no harm', async () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<unknown>()
  const late: StubFunction = () => {
    asked.resolve()
    return answer.promise
  }
  const routes = [route('GET /late', { functionArn: 'late' }), route('$default')]
  await using gateway = await openGateway({ routes }, { late, function: echo })

  const client = connect(gateway.port, '127.0.0.1')
  client.write('GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await asked.promise
  client.destroy()
  await once(client, 'close')
  answer.resolve({ statusCode: 200 })

  expect((await gateway.ask('GET /')).status).toBe(200)
})

test('a host that is not served is told the option that serves it, and is served with it', async () => {
  const functions = { function: () => ({ statusCode: 200 }) }
  await using strict = await openGateway({ routes: [route('GET /')] }, functions)
  await using open = await openGateway({ routes: [route('GET /')] }, functions, undefined, ['10.0.2.2'])

  expect(await strict.ask('GET /', { host: '10.0.2.2:3000' })).toMatchObject({
    status: 403,
    body: '{"message":"The host 10.0.2.2 is not served. To serve it, start with --host 10.0.2.2"}',
  })
  expect(await open.ask('GET /', { host: '10.0.2.2:3000' })).toMatchObject({ status: 200 })
  expect(await open.ask('GET /', { host: 'localhost:3000' })).toMatchObject({ status: 200 })
  expect(await open.ask('GET /', { host: '10.0.2.3' })).toMatchObject({ status: 403 })
})
