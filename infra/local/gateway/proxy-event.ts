import { randomBytes } from 'node:crypto'
import type { Place } from '../template/physical-ids.ts'
import type { RouteMatch } from './routes.ts'

export type GatewayRequest = {
  readonly id: string
  readonly method: string
  /** Percent-encoded, as it was sent. */
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly sourceIp: string
  readonly port: number
}

/** The stage of an API, as an event tells of it. */
type EventStage = {
  readonly id: string
  readonly stage: string
  readonly variables: Readonly<Record<string, string>>
  readonly place: Place
}

export type ProxyEvent = ReturnType<typeof createProxyEvent>

// Bodies of other types, and of none, arrive in base64: form posts too.
const textual = /^(text\/.*|application\/(json|javascript|xml))$/

/** The event that API Gateway hands to a function, payload format 2.0. What is not there is absent, never null. */
export function createProxyEvent(
  request: GatewayRequest,
  { route, pathParameters }: RouteMatch<{ readonly key: string }>,
  { id: apiId, stage, variables, place }: EventStage,
  now: number,
) {
  const { query, body } = request
  const { cookie, ...sent } = request.headers
  const headers: Readonly<Record<string, string>> = { ...sent, ...forwarded(request, now) }
  const isText = textual.test(mediaType(headers['content-type'] ?? ''))
  const queryStringParameters = readQuery(query)
  const requestContext = createRequestContext(request, route.key, { apiId, stage, accountId: place.account }, now)

  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: requestContext.http.path,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.split(';').map((pair) => pair.trim()) }),
    headers,
    ...(isFilled(queryStringParameters) && { queryStringParameters }),
    requestContext,
    ...(isFilled(pathParameters) && { pathParameters }),
    ...(isFilled(variables) && { stageVariables: variables }),
    // Bytes that are no UTF-8 come as U+FFFD here; what AWS does with them is not known.
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

type OfStage = { readonly accountId: string; readonly apiId: string; readonly stage: string }

function createRequestContext(request: GatewayRequest, routeKey: string, ofStage: OfStage, now: number) {
  const { id: requestId, method, sourceIp, headers } = request
  // API Gateway decodes the path, and a question mark that comes out of it ends it.
  const path = decodeURIComponent(request.path).replace(/\?.*$/s, '')
  const domainName = (headers['host'] ?? '').replace(/:\d+$/, '')
  return {
    ...ofStage,
    domainName,
    domainPrefix: domainName.replace(/\..*$/, ''),
    http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: headers['user-agent'] ?? '' },
    requestId,
    routeKey,
    time: commonLogTime(now),
    timeEpoch: Math.floor(now * 1000),
  }
}

const isFilled = (parameters: object) => Object.keys(parameters).length > 0
const mediaType = (contentType: string) => contentType.replace(/;.*$/s, '').trim().toLowerCase()

function readQuery(query: string): Readonly<Record<string, string>> {
  const parameters = new URLSearchParams(query)
  return Object.fromEntries([...parameters.keys()].map((key) => [key, parameters.getAll(key).join(',')]))
}

function forwarded({ headers, body, sourceIp, port }: GatewayRequest, now: number) {
  const before = headers['x-forwarded-for']
  return {
    'content-length': String(body.length),
    'x-amzn-trace-id': `Root=1-${Math.floor(now).toString(16)}-${randomBytes(12).toString('hex')}`,
    'x-forwarded-for': before === undefined ? sourceIp : `${before}, ${sourceIp}`,
    'x-forwarded-port': String(port),
    'x-forwarded-proto': 'http',
  }
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** 12/Mar/2020:19:03:58 +0000 */
function commonLogTime(now: number): string {
  const date = new Date(now * 1000)
  const [day, time] = date.toISOString().split(/[T.]/)
  return `${day?.slice(8)}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time} +0000`
}
