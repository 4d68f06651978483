import { once } from 'node:events'
import { request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createGateway } from '../../infra/local/gateway/gateway.ts'
import { createGatewayServer } from '../../infra/local/gateway/gateway-server.ts'
import type { HttpApi, Route } from '../../infra/local/gateway/http-api.ts'
import type { Authorizer } from '../../infra/local/gateway/http-authorizer.ts'
import { localPlace } from '../../infra/local/template/physical-ids.ts'

/** Stands in for a Lambda function: gets the event and returns, or throws, what the function would. */
export type StubFunction = (event: GatewayEvent) => unknown

// biome-ignore lint/suspicious/noExplicitAny: the tests look into events of every shape.
export type GatewayEvent = any

export type Received = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export const route = (key: string, more: Partial<Route> = {}): Route => ({
  key,
  functionArn: 'function',
  timeout: 30_000,
  limit: {},
  ...more,
})

export const authorizer: Authorizer = {
  id: 'authorizer',
  functionArn: 'authorizer',
  identitySources: ['$request.header.Authorization'],
  resultTtl: 60,
}

function createStoppedClock() {
  let now = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000
  const advance = (seconds: number) => {
    now += seconds
  }
  return { clock: () => now, advance }
}

/** The local API Gateway on a port of its own, over functions that are plain functions. */
export async function openGateway(
  api: Partial<HttpApi>,
  functions: Readonly<Record<string, StubFunction>>,
  authorizerLimit?: number,
  hosts?: readonly string[],
) {
  const { clock, advance } = createStoppedClock()
  const lines: string[] = []
  const events: { readonly name: string; readonly event: GatewayEvent }[] = []
  const invoke = async (name: string, payload: string) => {
    if (Buffer.byteLength(payload) > 6 * 1024 * 1024) throw tooLarge()
    const run = functions[name]
    if (!run) throw new Error(`Function not found: ${name}`)
    const event: GatewayEvent = JSON.parse(payload)
    events.push({ name, event })
    try {
      return { payload: JSON.stringify((await run(event)) ?? null) }
    } catch (error) {
      return { payload: JSON.stringify({ errorMessage: String(error) }), functionError: 'Unhandled' as const }
    }
  }
  const log = (source: string, line: string) => void lines.push(`${source}: ${line}`)
  const limit = authorizerLimit === undefined ? {} : { authorizerLimit }
  const gateway = createGateway({ api: apiOf(api), invoke, clock, log, ...limit })
  const server = createGatewayServer(gateway, hosts)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    lines,
    advance,
    events,
    asked: (name: string) => events.filter((each) => each.name === name).length,
    ask: (line: string, headers: Headers = {}, body = '') => ask(port, line, headers, body),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

const tooLarge = () => Object.assign(new Error('too large'), { name: 'RequestTooLargeException' })

type Headers = Readonly<Record<string, string | string[]>>

// Not fetch, which tidies paths and headers up before they are sent.
async function ask(port: number, line: string, headers: Headers, body: string | Buffer): Promise<Received> {
  const [method, path] = line.split(' ')
  const request = send({ port, host: '127.0.0.1', method, path, headers, agent: false })
  request.end(body)
  const [response] = await once(request, 'response')
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

/** The default stage of an API without routes, unless they are given. */
export const apiOf = (api: Partial<HttpApi> = {}): HttpApi => ({
  ...{ id: 'api', logicalId: 'Api', endpoint: 'http://localhost:3000', stage: '$default', variables: {}, routes: [] },
  place: localPlace,
  ...api,
})
