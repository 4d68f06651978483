import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js'

/** What an agent keeps on a person's machine. */
export type Keychain = { client?: OAuthClientInformationMixed; tokens?: OAuthTokens; verifier?: string }

/** Where the browser brings the code back to the agent (RFC 8252 section 7.3). */
export async function openCallback() {
  const responses: URLSearchParams[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1')
    if (pathname === '/callback') responses.push(searchParams)
    response.writeHead(pathname === '/callback' ? 200 : 204).end('Go back to the agent.')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    /** The parameters of the last response. */
    response: () => Object.fromEntries(responses.at(-1) ?? []),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

type AgentOptions = {
  readonly server: string
  readonly callback: string
  readonly keychain: Keychain
  /** The URL of its metadata document; absent for an agent that is registered. */
  readonly documentUrl?: string | undefined
}

/** An agent on the official SDK, as that is. It notes what it sends, and where it wants to have the browser. */
export function createAgent({ server, callback, keychain, documentUrl }: AgentOptions) {
  const requests: string[] = []
  const refreshed: string[] = []
  const visits: URL[] = []
  const provider: OAuthClientProvider = {
    redirectUrl: callback,
    clientMetadata: { client_name: 'An agent', redirect_uris: [callback] },
    ...(documentUrl !== undefined && { clientMetadataUrl: documentUrl }),
    state: () => 'a state of the agent',
    clientInformation: () => keychain.client,
    saveClientInformation: (client) => void Object.assign(keychain, { client }),
    tokens: () => keychain.tokens,
    saveTokens: (tokens) => void Object.assign(keychain, { tokens }),
    saveCodeVerifier: (verifier) => void Object.assign(keychain, { verifier }),
    codeVerifier: () => keychain.verifier ?? '',
    redirectToAuthorization: (url) => void visits.push(url),
    invalidateCredentials: () => void delete keychain.tokens,
  }
  const note = async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init)
    const { pathname } = new URL(input)
    requests.push(`${init?.method ?? 'GET'} ${pathname} ${response.status}`)
    if (pathname === '/token' && response.ok) refreshed.push((await response.clone().json()).refresh_token)
    return response
  }
  const createTransport = () =>
    new StreamableHTTPClientTransport(new URL(server), { authProvider: provider, fetch: note })
  return {
    provider,
    /** What it has sent, in order, and its answers. */
    requests: requests as readonly string[],
    /** The refresh tokens that it has got. */
    refreshed: refreshed as readonly string[],
    /** Where it wants the browser to go now. */
    visit: () => String(visits.at(-1)),
    visits: () => visits.length,
    createTransport,
    connect: async () => {
      const client = new Client({ name: 'agent', version: '1.0.0' })
      await client.connect(createTransport())
      return client
    },
  }
}

/** The text of what a tool answers. */
export async function callTool(client: Client, name: string, args: Readonly<Record<string, string>> = {}) {
  const { content } = (await client.callTool({ name, arguments: args })) as { content: { text?: string }[] }
  return content[0]?.text
}
