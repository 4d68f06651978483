import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AnswerRequest } from './gateway.ts'
import { type Answer, internalServerError, message } from './gateway-answer.ts'

const payloadLimit = 10 * 1024 * 1024

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']

// Another host name could let a foreign page read from here (DNS rebinding). API Gateway also answers 403 to a host name
// that is not its own.
const notServed = (host: string): Answer =>
  /^[\w.-]{1,253}$/.test(host)
    ? message(403, `The host ${host} is not served. To serve it, start with --host ${host}`)
    : message(403, 'This host is not served. See --host in docs/local.md.')

// Of the connection, not of the request (RFC 9110 section 7.6.1).
const connectionHeaders = new Set([
  'connection',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Speaks HTTP for a gateway. API Gateway's limits are set where Node's differ: 10,240 bytes of headers, 30 seconds. Node
 * closes an idle connection after five and can lose a request that is on its way; clients expect a minute. Beside
 * localhost it answers to the names in `hosts`.
 */
export function createGatewayServer(answerRequest: AnswerRequest, hosts: readonly string[] = []): Server {
  const served = new Set([...loopbackHosts, ...hosts.map((host) => host.toLowerCase())])
  const limits = { maxHeaderSize: 10_240, headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 60_000 }
  return createServer(limits, (request, response) => {
    const id = `${randomBytes(11).toString('base64url')}=`
    answer(request, id, served, answerRequest).then(
      (given) => send(response, id, given),
      // The client closed the connection in the middle of its request.
      () => response.destroy(),
    )
  })
}

async function answer(
  request: IncomingMessage,
  id: string,
  served: ReadonlySet<string>,
  answerRequest: AnswerRequest,
): Promise<Answer> {
  const body = await readBody(request)
  const headers = readHeaders(request.rawHeaders)
  const host = (headers['host'] ?? '').toLowerCase().replace(/:\d+$/, '')
  if (!served.has(host)) return notServed(host)
  if (!request.url?.startsWith('/')) return message(400, 'Bad Request')
  if (!body) return message(413, 'Request Entity Too Large')
  return answerRequest({ id, body, headers, ...readTarget(request) })
}

/** The whole body, or undefined if it is too big. It is read to its end even then: otherwise the client misses the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= payloadLimit) chunks.push(chunk)
  }
  return size <= payloadLimit ? Buffer.concat(chunks) : undefined
}

// Node's own `headers` drops the second of two Authorization headers; API Gateway joins them.
function readHeaders(raw: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>()
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    const before = headers.get(name)
    const value = raw[index + 1] ?? ''
    const separator = name === 'cookie' ? '; ' : ','
    if (!connectionHeaders.has(name)) headers.set(name, before === undefined ? value : `${before}${separator}${value}`)
  }
  return Object.fromEntries(headers)
}

function readTarget({ method = '', url = '', socket }: IncomingMessage) {
  const [path = '', ...query] = url.replace(/#.*$/, '').split('?')
  return { method, path, query: query.join('?'), sourceIp: socket.remoteAddress ?? '', port: socket.localPort ?? 0 }
}

function send(response: ServerResponse, id: string, given: Answer): void {
  try {
    write(response, id, given)
  } catch {
    // A function's header that HTTP does not allow.
    write(response, id, internalServerError())
  }
}

function write(response: ServerResponse, id: string, { status, headers, body }: Answer): void {
  const length = status === 204 || status === 304 ? [] : ['content-length', String(body.length)]
  response.writeHead(status, [...headers.flat(), 'apigw-requestid', id, ...length])
  response.end(body)
}
