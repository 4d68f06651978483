import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import * as z from 'zod'

type Caller = { readonly sub: string; readonly scope: string }

/** What one caller may do: each request has a server of its own, so nothing is left for the next caller. */
function createServer({ sub }: Caller): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' })
  server.registerTool('whoami', { description: 'Says who you are' }, () => text(sub))
  const note = { description: 'Writes a note', inputSchema: { note: z.string() } }
  server.registerTool('write_note', note, ({ note }) => text(`${sub} wrote: ${note}`))
  return server
}

const text = (text: string) => ({ content: [{ type: 'text' as const, text }] })

/** The scope that a tool asks for beyond that of the route. */
const scopes = new Map([['write_note', 'notes:write']])

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const caller = callerOf(event)
  const { method } = event.requestContext.http
  // A function keeps no stream open and no session.
  if (method !== 'POST') return { statusCode: 405, headers: { allow: 'POST' } }
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString()
  const missing = missingScope(body, caller)
  if (missing !== undefined) return insufficientScope(`${caller.scope} ${missing}`.trim())

  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
  await createServer(caller).connect(transport)
  const url = `https://${event.requestContext.domainName}${event.rawPath}`
  const headers = new Headers(event.headers as Record<string, string>)
  const response = await transport.handleRequest(new Request(url, { method, headers, body }))
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
}

/** As API Gateway's authorizer has verified it. */
function callerOf({ requestContext }: APIGatewayProxyEventV2): Caller {
  const { authorizer } = requestContext as { authorizer?: { jwt?: { claims: Caller }; lambda?: Caller } }
  const claims = authorizer?.jwt?.claims ?? authorizer?.lambda
  if (!claims?.sub) throw new Error('This route has no authorizer.')
  return { sub: claims.sub, scope: claims.scope ?? '' }
}

function missingScope(body: string, { scope }: Caller): string | undefined {
  const messages = [parse(body)].flat()
  const needed = messages.map((message) => scopes.get(Object(message).params?.name))
  return needed.find((each) => each !== undefined && !scope.split(' ').includes(each))
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const metadataUrl = process.env['RESOURCE_METADATA']

const insufficientScope = (scope: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 403,
  headers: {
    'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}", resource_metadata="${metadataUrl}"`,
  },
})
