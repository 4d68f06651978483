import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Internet } from '../../../functions/adapters/https/fetch-json.ts'
import { createClientMetadataHandler } from '../../../functions/clientMetadata/handler.ts'
import { wireFetchMetadata } from '../../../functions/wiring/oauth/client-documents.ts'
import { documentHost, openDocumentServer } from '../document-server.ts'

/** The client id of the agent, and its redirect URI. */
export const agentUrl = `https://${documentHost}/client.json`
export const agentCallback = 'https://agent.example/callback'

/** The document of a public client. */
export const documentOf = (changes: object = {}) => ({
  ...{ client_id: agentUrl, client_name: 'An agent', redirect_uris: [agentCallback] },
  ...{ grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'none' },
  ...changes,
})

type Page = { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown }

/**
 * An internet of one host on loopback, the function that fetches from it, and Lambda's API in front of that: what the other
 * functions call is what they call in an account.
 */
export async function openAgentHost(client: DynamoDBDocumentClient, hosts: readonly string[] = [documentHost]) {
  await using opened = new AsyncDisposableStack()
  const pages = new Map<string, Page>([['/client.json', { body: documentOf() }]])
  const server = opened.use(
    await openDocumentServer((request, response) => {
      const { status = 200, headers = {}, body } = pages.get(request.url ?? '') ?? { status: 404, body: {} }
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }),
  )
  const lines: string[] = []
  let changes: Internet = {}
  const handler = createClientMetadataHandler({
    fetchJson: (url) => server.fetchJson(url, changes),
    hosts,
    write: (line) => void lines.push(line),
    now: Date.now,
  })
  const lambda = createServer(async (request, response) => {
    const answer = await handler(await json(request), { awsRequestId: 'a request' })
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  lambda.listen(0, '127.0.0.1')
  await once(lambda, 'listening')
  opened.defer(() => {
    lambda.closeAllConnections()
    lambda.close()
  })
  const { port } = lambda.address() as AddressInfo
  const environment = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }
  const all = opened.move()
  return {
    clientsByUrl: { hosts, fetchMetadata: wireFetchMetadata('clientMetadata', { client, environment }) },
    serve: (path: string, page: Page) => void pages.set(path, page),
    /** From now on the host is another place. */
    change: (internet: Internet) => {
      changes = internet
    },
    fetched: () => server.requests.map(({ url }) => url),
    connections: server.connections,
    logged: () => lines.map((line) => JSON.parse(line)),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
