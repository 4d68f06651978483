import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { createFetchJson } from '../../../functions/adapters/https/fetch-json.ts'
import { documentHost, openDocumentServer, type Respond, respondWith } from '../../support/document-server.ts'

const url = `https://${documentHost}/client.json`
const json = { 'content-type': 'application/json' }
const refused = (reason: string) => ({ ok: false, failure: { reason } })
const text =
  (body: string | Uint8Array, headers: Readonly<Record<string, string>> = json): Respond =>
  (_, response) =>
    void response.writeHead(200, headers).end(body)

describe('fetching JSON', () => {
  it('reads a document over https, and how long it is good', async () => {
    await using server = await openDocumentServer(respondWith({ a: 1 }, { 'cache-control': 'max-age=900' }))

    expect(await server.fetchJson(url)).toEqual({ ok: true, value: { value: { a: 1 }, freshFor: 900 } })

    const [request] = server.requests
    expect(request?.url).toBe('/client.json')
    expect(request?.headers).toEqual({
      ...{ host: `${documentHost}:${server.port}`, accept: 'application/json', 'accept-encoding': 'identity' },
      ...{ 'user-agent': 'latchkey', connection: 'close' },
    })
  })

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/x+json',
  ])('takes %s', async (type) => {
    await using server = await openDocumentServer(text('{}', { 'content-type': type }))

    expect(await server.fetchJson(url)).toMatchObject({ ok: true })
  })
})

// REQ-193
describe('a hostile address', () => {
  it.each([
    ...[
      'http://agent.example/client.json',
      'https://agent.example:8443/client.json',
      'ftp://agent.example/client.json',
    ],
    ...['https://127.0.0.1/client.json', 'https://2130706433/client.json', 'https://0x7f.1/client.json'],
    ...[
      'https://[::1]/client.json',
      'https://[::ffff:127.0.0.1]/client.json',
      'https://169.254.169.254/latest/meta-data',
    ],
    ...[
      'https://ada:secret@agent.example/client.json',
      'https://ada@agent.example/client.json',
      'file:///etc/passwd',
      'not a URL',
    ],
  ])('%s is refused before anything is resolved', async (address) => {
    await using server = await openDocumentServer(respondWith({}))
    const asked: string[] = []

    const fetched = await server.fetchJson(address, {
      resolve: async (host) => {
        asked.push(host)
        return [{ address: '127.0.0.1', family: 4 }]
      },
    })

    expect(fetched).toEqual(refused('refused_url'))
    expect(asked).toEqual([])
    expect(server.connections()).toBe(0)
  })

  it.each([
    ...['127.0.0.1', '10.1.2.3', '192.168.0.1', '172.16.0.1', '169.254.169.254', '0.0.0.0', '100.64.0.1', '::1'],
    ...['::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::1', 'fe80::1', 'fd00:ec2::254', 'fe80::1%lo'],
  ])('a name that leads to %s is refused, also beside a public address', async (address) => {
    await using server = await openDocumentServer(respondWith({}))
    const { port, ca } = server.internet
    const family = address.includes(':') ? 6 : 4

    for (const addresses of [
      [{ address, family }],
      [
        { address: '8.8.8.8', family: 4 },
        { address, family },
      ],
    ]) {
      // As in the function: what is allowed is not said.
      const fetchJson = createFetchJson({ ...(port && { port }), ...(ca && { ca }), resolve: async () => addresses })

      expect(await fetchJson(url)).toEqual(refused('refused_address'))
    }
    expect(server.connections()).toBe(0)
  })

  it('localhost is refused by the function as it is', async () => {
    expect(await createFetchJson()('https://localhost/client.json')).toEqual(refused('refused_address'))
  })

  it('a name that changes its mind is asked once, and only what was checked is dialled', async () => {
    await using outside = await openDocumentServer(respondWith({ from: 'outside' }))
    const answers = ['127.0.0.1', '127.0.0.2']
    let asked = 0

    const fetched = await outside.fetchJson(url, {
      resolve: async () => [{ address: answers[asked++] ?? '', family: 4 }],
    })

    expect(fetched).toMatchObject({ ok: true, value: { value: { from: 'outside' } } })
    expect(asked).toBe(1)
  })

  it('a name that nobody knows is refused', async () => {
    await using server = await openDocumentServer(respondWith({}))
    const unknown = { resolve: () => Promise.reject(new Error('ENOTFOUND')) }

    expect(await server.fetchJson(url, unknown)).toEqual(refused('unknown_host'))
    expect(await server.fetchJson(url, { resolve: async () => [] })).toEqual(refused('unknown_host'))
  })

  it('a certificate of another host is refused, whatever the environment says', async () => {
    await using server = await openDocumentServer(respondWith({}), ['other.example'])
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      expect(await server.fetchJson(url)).toEqual(refused('unreachable'))
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    }
    expect(server.requests).toEqual([])
  })

  it('a certificate that nobody has signed is refused', async () => {
    await using server = await openDocumentServer(respondWith({}))
    const { ca: _, ...internet } = server.internet

    expect(await createFetchJson(internet)(url)).toEqual(refused('unreachable'))
  })

  it('a port where nobody listens is a failure', async () => {
    const { internet } = await openAndClose()

    expect(await createFetchJson(internet)(url)).toEqual(refused('unreachable'))
  })
})

async function openAndClose() {
  await using server = await openDocumentServer(respondWith({}))
  return server
}

// REQ-193
describe('a hostile document', () => {
  it.each([301, 302, 303, 307, 308])('with status %d leads nowhere', async (status) => {
    await using server = await openDocumentServer((request, response) =>
      request.url === '/inside'
        ? response.writeHead(200, json).end('{}')
        : response.writeHead(status, { ...json, location: `https://${documentHost}/inside` }).end('{}'),
    )

    expect(await server.fetchJson(url)).toEqual(refused('wrong_status'))
    expect(server.requests.map((request) => request.url)).toEqual(['/client.json'])
  })

  it.each([201, 204, 206, 304, 400, 401, 404, 500, 503])('with status %d is none', async (status) => {
    await using server = await openDocumentServer((_, response) => response.writeHead(status, json).end())

    expect(await server.fetchJson(url)).toEqual(refused('wrong_status'))
  })

  it.each([
    'text/html',
    'text/plain',
    'application/octet-stream',
    'application/jsonp',
    'application/json; charset=utf-16',
    '',
  ])('of the type %j is none', async (type) => {
    await using server = await openDocumentServer(text('{}', type === '' ? {} : { 'content-type': type }))

    expect(await server.fetchJson(url)).toEqual(refused('wrong_media_type'))
  })

  it.each([
    ['not JSON', '<html></html>'],
    ['empty', ''],
    ['cut off', '{"client_id":"a"'],
    ['with a member twice', '{"client_id":"a","client_id":"b"}'],
    ['with a member twice, spelt in two ways', '{"client_id":"a","client_i\\u0064":"b"}'],
    ['with a byte order mark', '\ufeff{}'],
    ['not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['two documents', '{}{}'],
  ])('that is %s is none', async (_, body) => {
    await using server = await openDocumentServer(text(body))

    expect(await server.fetchJson(url)).toEqual(refused('malformed_json'))
  })

  it('that is compressed is none, so that a small one cannot grow', async () => {
    const body = gzipSync(JSON.stringify({ bomb: ' '.repeat(1_000_000) }))
    await using server = await openDocumentServer(text(body, { ...json, 'content-encoding': 'gzip' }))

    expect(await server.fetchJson(url)).toEqual(refused('encoded'))
  })

  it('of more than 5 KB is none, whether it says so or not', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(5 * 1024) })
    await using announced = await openDocumentServer(text(large, { ...json, 'content-length': String(large.length) }))
    await using endless = await openDocumentServer((_, response) => {
      response.writeHead(200, json)
      const write = () => {
        if (response.destroyed) return
        response.write('x'.repeat(1024))
        setImmediate(write)
      }
      write()
    })

    expect(await announced.fetchJson(url)).toEqual(refused('too_large'))
    expect(await endless.fetchJson(url)).toEqual(refused('too_large'))
  })

  it('of 5 KB is one', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(5 * 1024 - 11) })
    await using server = await openDocumentServer(text(body))

    expect(body).toHaveLength(5 * 1024)
    expect(await server.fetchJson(url)).toMatchObject({ ok: true })
  })

  it('whose connection ends before it does is none', async () => {
    await using server = await openDocumentServer((_, response) => {
      response.writeHead(200, { ...json, 'content-length': '100' }).write('{}', () => response.destroy())
    })

    expect(await server.fetchJson(url)).toEqual(refused('unreachable'))
  })

  it.each<[string, Respond]>([
    ['that never answers', () => {}],
    ['that sends headers and no body', (_, response) => void response.writeHead(200, json).flushHeaders()],
    [
      'that sends a byte at a time',
      (_, response) => {
        response.writeHead(200, json)
        const timer = setInterval(() => response.write(' '), 5)
        response.on('close', () => clearInterval(timer))
      },
    ],
  ])('%s is given up when the time for all of it is over', async (_, respond) => {
    await using server = await openDocumentServer(respond)

    expect(await server.fetchJson(url, { timeLimit: 300 })).toEqual(refused('too_slow'))
  })

  it('whose name takes too long to resolve is given up too, and then not fetched', async () => {
    await using server = await openDocumentServer(respondWith({}))
    const resolved = Promise.withResolvers<readonly { address: string; family: number }[]>()

    const fetched = await server.fetchJson(url, { timeLimit: 50, resolve: () => resolved.promise })
    resolved.resolve([{ address: '127.0.0.1', family: 4 }])

    expect(fetched).toEqual(refused('too_slow'))
    await new Promise(setImmediate)
    expect(server.connections()).toBe(0)
  })
})
