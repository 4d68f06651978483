import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createFetchJson, type Internet } from '../../functions/adapters/https/fetch-json.ts'
import { makeCertificate } from './certificate.ts'

export type Respond = (request: IncomingMessage, response: ServerResponse) => void

/** The host of the clients' documents in tests. */
export const documentHost = 'agent.example'

/** A real https server on loopback that stands for the internet, and what fetches from it as the function does. */
export async function openDocumentServer(respond: Respond, hosts: readonly string[] = [documentHost]) {
  const certificate = makeCertificate(...hosts)
  const requests: IncomingMessage[] = []
  const server = createServer(certificate, (request, response) => {
    requests.push(request)
    respond(request, response)
  })
  let connections = 0
  server.on('connection', () => {
    connections += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const internet: Internet = {
    port,
    ca: certificate.cert,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    isAllowed: (address) => address === '127.0.0.1',
  }
  return {
    port,
    internet,
    requests,
    connections: () => connections,
    fetchJson: (url: string, changes: Internet = {}) => createFetchJson({ ...internet, ...changes })(url),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Answers everything with this JSON. */
export const respondWith =
  (value: unknown, headers: Readonly<Record<string, string>> = {}): Respond =>
  (_, response) =>
    void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
