import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { fail, type Result, succeed } from '../domain/result.ts'

/** A service of AWS that has no SDK client here. */
type AwsService = {
  /** What its requests are signed for, such as `ses`. */
  readonly signingName: string
  /** The first label of its host, such as `email`. */
  readonly hostPrefix: string
  /** What its SDK client calls it in AWS_ENDPOINT_URL_…, such as `SESV2`. */
  readonly variableName: string
}

type AwsRequest = {
  /** Percent-encoded, without a query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type AwsResponse = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** `not_sent`: AWS has done nothing. `response_lost`: AWS may or may not have done what it was asked. */
type AwsRequestFailure = { readonly reason: 'not_sent' | 'response_lost'; readonly cause: unknown }

export type SendToAws = (request: AwsRequest) => Promise<Result<AwsResponse, AwsRequestFailure>>

type SigningClient = { readonly config: Pick<DynamoDBClient['config'], 'signer' | 'region'> }

export type AwsRequestOptions = {
  readonly service: AwsService
  /** An SDK client, which already has region, credentials and SignatureV4. Another client would be 80 KB more. */
  readonly client: SigningClient
  /** Where AWS_ENDPOINT_URL may stand: the process's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** @default the client's */
  readonly region?: string | undefined
  /** From the start to the last byte of the response, in milliseconds. */
  readonly timeLimit?: number
}

const bodyLimit = 1024 * 1024

/**
 * Sends one signed POST. There is no second try, because only the caller knows what a repeated request does. Each request
 * has a connection of its own: one that was kept while Lambda froze the sandbox may be dead, and then nobody can tell
 * whether AWS got the request.
 */
export function createSendToAws({
  service,
  client,
  environment,
  timeLimit = 3000,
  ...options
}: AwsRequestOptions): SendToAws {
  return async ({ path, headers, body }) => {
    const [own, signer] = await Promise.all([client.config.region(), client.config.signer()])
    const region = options.region ?? own
    const endpoint = findEndpoint(service, region, environment)
    const { protocol, hostname, port, host } = endpoint
    const fullPath = `${endpoint.pathname.replace(/\/$/, '')}${path}`
    const signed = await signer.sign(
      {
        ...{ method: 'POST', protocol, hostname, path: fullPath, query: {}, body },
        ...(port && { port: Number(port) }),
        headers: { ...headers, host, 'content-length': String(Buffer.byteLength(body)) },
      },
      { signingService: service.signingName, signingRegion: region },
    )
    return await send(new URL(fullPath, endpoint), signed.headers, body, AbortSignal.timeout(timeLimit))
  }
}

/** As the SDK's clients do: the service's own variable, then the one for all services, then AWS. */
function findEndpoint(
  { hostPrefix, variableName }: AwsService,
  region: string,
  environment: AwsRequestOptions['environment'],
): URL {
  const ignored = environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true'
  const configured = environment[`AWS_ENDPOINT_URL_${variableName}`] || environment['AWS_ENDPOINT_URL']
  if (configured && !ignored) return new URL(configured)
  return new URL(`https://${hostPrefix}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`)
}

async function send(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Result<AwsResponse, AwsRequestFailure>> {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest
  const request = start(url, { method: 'POST', headers, signal, agent: false })
  let connected = false
  request.once('socket', (socket: Socket) => {
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connected = true
    })
  })
  try {
    const response = await responseTo(request, body)
    return succeed({ status: response.statusCode ?? 0, headers: response.headers, body: await readBody(response) })
  } catch (cause) {
    return fail({ reason: connected ? 'response_lost' : 'not_sent', cause })
  } finally {
    request.destroy()
  }
}

function responseTo(request: ClientRequest, body: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  // The listener stays: a request that is aborted while its response is read reports an error too.
  request.on('error', reject).once('response', resolve).end(body)
  return promise
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    size += chunk.length
    if (size > bodyLimit) throw new Error(`The response is longer than ${bodyLimit} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
