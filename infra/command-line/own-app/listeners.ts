import type { AnswerRequest } from '../../local/gateway/gateway.ts'
import { message } from '../../local/gateway/gateway-answer.ts'
import { createGatewayServer } from '../../local/gateway/gateway-server.ts'
import type { Template } from '../../local/template/template.ts'
import { listen } from '../server/listen.ts'

/** Servers of HTTP APIs, one port each, which stay while what answers behind them is exchanged. */
export type Listeners = AsyncDisposable & {
  /** Sees to it that each API has a server, and gives the addresses by logical ids. */
  readonly open: (apis: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** What answers from now on. Until then requests wait. */
  readonly serve: (gateways: ReadonlyMap<string, AnswerRequest>) => void
  /** Lets requests wait for what will answer. */
  readonly pause: () => void
}

export function createListeners(port: number, hosts: readonly string[]): Listeners {
  const servers = new Map<string, { readonly url: string } & AsyncDisposable>()
  let current = Promise.withResolvers<ReadonlyMap<string, AnswerRequest>>()
  const answer =
    (api: string): AnswerRequest =>
    async (request) => {
      const gateway = (await current.promise).get(api)
      return gateway ? gateway(request) : message(404, 'Not Found')
    }
  return {
    async open(apis) {
      for (const api of apis) {
        if (servers.has(api)) continue
        const own = port === 0 ? 0 : port + servers.size
        servers.set(api, await listen(createGatewayServer(answer(api), hosts), own))
      }
      return new Map([...servers].map(([api, { url }]) => [api, url]))
    },
    serve: (gateways) => current.resolve(gateways),
    pause() {
      current = Promise.withResolvers()
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...servers.values()].map((server) => server[Symbol.asyncDispose]()))
    },
  }
}

/** The HTTP APIs of a template by their logical ids, the one with the log-in first. */
export function httpApisOf({ Resources }: Template): readonly string[] {
  const resources = Object.entries(Resources)
  const withLogin = resources
    .filter(
      ([, { Type, Properties }]) => Type === 'AWS::ApiGatewayV2::Route' && Properties?.['RouteKey'] === 'POST /login',
    )
    .map(([, { Properties }]) => Object(Properties?.['ApiId']).Ref)
  const ids = resources
    .filter(
      ([, { Type, Properties }]) => Type === 'AWS::ApiGatewayV2::Api' && Properties?.['ProtocolType'] !== 'WEBSOCKET',
    )
    .map(([id]) => id)
  return ids.toSorted((one, other) => Number(withLogin.includes(other)) - Number(withLogin.includes(one)))
}
