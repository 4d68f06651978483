import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { auth, discoverOAuthServerInfo, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import type { Page } from 'puppeteer-core'
import { createDynamoDbDocuments } from '../../functions/adapters/dynamodb/client-documents.ts'
import { administratorSecret, createAdministrator } from '../../infra/command-line/server/administrator.ts'
import { createDataFolder } from '../support/local-server.ts'
import { openService } from '../support/local-service.ts'
import { findBarriers } from './barriers.ts'
import { openBrowser, openPage } from './browser.ts'
import { callTool, createAgent, type Keychain, openCallback } from './mcp-agent.ts'

const documentUrl = 'https://agent.example/client.json'
const user = { username: 'ada', password: 'correct horse battery staple' }

const docs = readFileSync(join(import.meta.dirname, '../../docs/mcp.md'), 'utf8')
const registered = JSON.parse(/```json\n(.*?)```/s.exec(docs)?.[1] ?? '')

/** The server of the documentation, bundled by the command that stands there. */
function bundleServer(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-'))
  const command = /^npx esbuild mcp-server\.ts (.*) --outfile=mcp-server\/index\.mjs$/m.exec(docs)?.[1] ?? ''
  const root = join(import.meta.dirname, '../..')
  execFileSync(
    join(root, 'node_modules/.bin/esbuild'),
    [
      join(root, 'test/example/mcp-server.ts'),
      ...command.split(' '),
      `--outfile=${join(folder, 'index.mjs')}`,
      '--log-level=error',
    ],
    { env: { ...process.env, NODE_PATH: join(import.meta.dirname, 'node_modules') } },
  )
  return folder
}

const data = createDataFolder()
const administrator = createAdministrator()
const settings = {
  ...{ signInPages: 'true', clientsByUrl: 'agent.example', serviceName: 'Notes' },
  scopes: 'notes:read notes:write',
  // Nothing of ours has a name like that.
  'mcp:code': bundleServer(),
}
const program = join(import.meta.dirname, '../support/synthesise-mcp.ts')
const [browser, service, callback] = await Promise.all([
  openBrowser(),
  openService({ data: data.path, settings, program, principals: [administrator] }),
  openCallback(),
])
afterAll(async () => {
  await browser.close()
  await service[Symbol.asyncDispose]()
  await callback[Symbol.asyncDispose]()
  data[Symbol.dispose]()
})

const server = `${service.url}/mcp`

// Nothing on localhost can be fetched, and no setting changes that: so the document lies where it would be kept had it been
// fetched a moment ago.
const table = new DynamoDBClient({
  ...{ endpoint: service.aws, region: 'us-east-1' },
  credentials: { accessKeyId: administrator.accessKeyId, secretAccessKey: administratorSecret },
})
const { name, template } = service.assembly
const [tableId] = Object.entries(template.Resources).find(([, { Type }]) => Type === 'AWS::DynamoDB::GlobalTable') ?? []
await createDynamoDbDocuments(DynamoDBDocumentClient.from(table), `${name}-${tableId}`).putDocument(
  documentUrl,
  {
    freshUntil: Math.floor(Date.now() / 1000) + 3600,
    value: {
      ...{ client_id: documentUrl, client_name: 'An agent', redirect_uris: ['http://127.0.0.1/callback'] },
      ...{ grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'none' },
    },
  },
  9e9,
)

/** Goes where the agent wants the browser, signs in if it is asked to, and allows what it is asked. Returns the last page. */
async function allow(page: Page, visit: string): Promise<string> {
  await page.goto(visit)
  if (await page.$('#username')) {
    await page.type('#username', user.username)
    await page.type('#password', user.password)
    await page.keyboard.press('Enter')
  }
  await page.waitForSelector('button[value=allow]')
  expect(await findBarriers(page)).toEqual([])
  const text = String(await page.evaluate('document.body.innerText'))
  await page.click('button[value=allow]')
  await page.waitForFunction("location.pathname === '/callback'")
  return text
}

// As an access token is that has expired: API Gateway refuses it.
const spoil = ({ tokens }: Keychain) => {
  if (tokens) tokens.access_token = tokens.access_token.replace(/.{20}$/, 'A'.repeat(20))
}

describe.each([
  ['by URL', documentUrl],
  ['that is registered', undefined],
])('an agent %s, with the official SDK', (_, url) => {
  test('discovers, signs a person in, calls tools, refreshes, asks for more, and signs out', async () => {
    const username = user.username
    await service.admin({ command: 'delete-user', username })
    await service.admin({ command: 'create-user', ...user, scope: 'notes:read' })
    await service.admin({ command: 'put-client', client: registered })
    await using opened = await openPage(browser)
    const { page, messages } = opened
    const keychain: Keychain = url === undefined ? { client: { client_id: 'agent' } } : {}
    const agent = createAgent({ server, callback: callback.url, keychain, documentUrl: url })

    // Discovery: 401, the metadata of the resource, those of the service; then the browser.
    await expect(agent.connect()).rejects.toThrow(UnauthorizedError)
    expect(agent.requests).toEqual([
      'POST /mcp 401',
      'GET /.well-known/oauth-protected-resource/mcp 200',
      'GET /.well-known/oauth-authorization-server 200',
    ])
    const asked = new URL(agent.visit()).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      ...{ client_id: url ?? 'agent', resource: server, code_challenge_method: 'S256' },
      ...{ scope: 'notes:read notes:write', redirect_uri: callback.url },
    })

    // The person signs in, and sees whose agent it is and what it gets.
    const consent = await allow(page, agent.visit())
    expect(consent).toContain('notes:read')
    expect(consent).not.toContain('notes:write')
    expect(consent).toContain('Allow it only if you have just started this app yourself')
    expect(consent.includes('The app belongs to agent.example')).toBe(url !== undefined)
    const { code = '', iss, state } = callback.response()
    expect({ iss, state }).toEqual({ iss: service.url, state: 'a state of the agent' })

    // The code, and the first tool.
    await agent.createTransport().finishAuth(code)
    const client = await agent.connect()
    const { tools } = await client.listTools()
    expect(tools.map((tool) => tool.name)).toEqual(['whoami', 'write_note'])
    const sub = await callTool(client, 'whoami')
    expect(sub).toMatch(/^[\w-]{22}$/)

    // Two agents that hold the same tokens refresh at once: one successor.
    const copy = structuredClone(keychain)
    const other = createAgent({ server, callback: callback.url, keychain: copy, documentUrl: url })
    const second = await other.connect()
    spoil(keychain)
    spoil(copy)
    expect(await Promise.all([callTool(client, 'whoami'), callTool(second, 'whoami')])).toEqual([sub, sub])
    expect([agent.refreshed.length, other.refreshed.length]).toEqual([2, 1])
    expect(keychain.tokens?.refresh_token).toBe(copy.tokens?.refresh_token)
    spoil(keychain)
    expect(await callTool(client, 'whoami')).toBe(sub)

    // More scope: the tool says what it needs, and the person allows it.
    const write = () => callTool(client, 'write_note', { note: 'milk' })
    await expect(write()).rejects.toThrow('403')
    await service.admin({ command: 'set-scopes', username, scope: 'notes:read notes:write' })
    delete keychain.tokens
    const more = 'notes:read notes:write'
    expect(await auth(agent.provider, { serverUrl: server, scope: more })).toBe('REDIRECT')
    expect(await allow(page, agent.visit())).toContain('notes:write')
    await auth(agent.provider, { serverUrl: server, authorizationCode: callback.response()['code'] ?? '' })
    expect(await write()).toBe(`${sub} wrote: milk`)

    // Signing out: the refresh token ends, and the next call asks for the browser again.
    const { authorizationServerMetadata } = await discoverOAuthServerInfo(server)
    const { tokens } = keychain as Keychain
    const form = { token: tokens?.refresh_token ?? '', client_id: url ?? 'agent' }
    const revoked = await fetch(String(Object(authorizationServerMetadata).revocation_endpoint), {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    expect(revoked.status).toBe(200)
    spoil(keychain)
    const before = agent.visits()
    await expect(callTool(client, 'whoami')).rejects.toThrow(UnauthorizedError)
    expect(agent.visits()).toBe(before + 1)
    expect(keychain).not.toHaveProperty('tokens')
    expect(messages).toEqual([])
  })
})

test('a token for the service itself does not open the server, and one for the server opens nothing else', async () => {
  const logIn = await fetch(`${service.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  })
  const { access_token } = await logIn.json()
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }

  expect((await fetch(server, { method: 'POST', headers, body: '{}' })).status).toBe(401)
  expect((await fetch(`${service.url}/me`, { headers })).status).toBe(200)
})
