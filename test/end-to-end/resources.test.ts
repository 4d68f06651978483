import { createHash, randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { newFolder } from '../support/local-aws.ts'
import { openService } from '../support/local-service.ts'
import { openWebBrowser } from '../support/web-browser.ts'

const data = newFolder()
const files = 'https://files.example.com'
const settings = {
  ...{ signInPages: 'true', secondFactor: 'optional', emailFrom: 'no-reply@example.com', authorizerCache: '0' },
  ...{ scopes: 'tools:read tools:write orders:read', resources: files },
}
const program = join(import.meta.dirname, '../support/synthesise-resource.ts')
const service = await openService({ data, settings, program })
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await rm(data, { recursive: true, force: true })
})

const { url } = service
const mcp = `${url}/mcp`
const user = { username: 'ada', password: 'correct horse battery staple' }
const scope = 'tools:read tools:write orders:read'
await service.admin({ command: 'create-user', ...user, scope })
const redirectUri = 'https://client.example.org/callback'
await service.admin({
  command: 'put-client',
  client: {
    ...{ client_id: 'agent', first_party: true, redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' },
    ...{ grant_types: ['authorization_code', 'refresh_token'], scope },
  },
})

/** What a client gets that asks for these. */
async function tokensFor(asked: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const verifier = randomBytes(32).toString('base64url')
  const browser = openWebBrowser(url)
  const query = new URLSearchParams({
    ...{ client_id: 'agent', redirect_uri: redirectUri, response_type: 'code', code_challenge_method: 'S256' },
    ...{
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      scope: `openid ${scope}`,
      ...asked,
    },
  })
  const back = await browser.signIn(await browser.load(`${url}/authorize?${query}`), user)
  const code = new URL(back.url).searchParams.get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier, client_id: 'agent' }
  return (await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(form) })).json() as never
}

const send = async (path: string, token: string | undefined, method = 'GET') => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const response = await fetch(url + path, { method, headers, ...(method === 'POST' && { body: '{}' }) })
  const text = await response.text()
  return { status: response.status, error: text.startsWith('{') ? JSON.parse(text).error : undefined }
}

describe('the metadata of a protected resource', () => {
  // REQ-195
  test.each(['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource'])(
    'is at %s, for everyone',
    async (path) => {
      const response = await fetch(url + path)

      expect([response.status, await response.json()]).toEqual([
        200,
        {
          resource: mcp,
          authorization_servers: [url],
          scopes_supported: ['tools:read', 'tools:write'],
          bearer_methods_supported: ['header'],
        },
      ])
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'cache-control': 'public, max-age=300',
        'access-control-allow-origin': '*',
        'x-content-type-options': 'nosniff',
      })
    },
  )

  test('is nowhere else', async () => {
    const response = await fetch(`${url}/.well-known/oauth-protected-resource/other/mcp`)

    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }])
  })

  test('is told of by the metadata of the service', async () => {
    const metadata = await (await fetch(`${url}/.well-known/oauth-authorization-server`)).json()

    expect(metadata).toMatchObject({ issuer: url, protected_resources: [mcp, files] })
  })
})

describe('a token', () => {
  // REQ-194, REQ-203
  test('for a resource opens that and nothing else', async () => {
    const { access_token: token, scope: granted } = await tokensFor({ resource: mcp })

    expect([decodeJwt(token ?? '').aud, granted]).toEqual([mcp, 'openid tools:read tools:write'])
    expect((await send('/mcp', token)).status).toBe(200)
    expect((await send('/mcp', token, 'POST')).status).toBe(200)
    expect(await send('/me', token)).toEqual({ status: 403 })
    expect(await send('/sessions', token)).toEqual({ status: 403 })
    expect(await send('/password', token, 'POST')).toEqual({ status: 403 })
    expect(await send('/email', token, 'POST')).toEqual({ status: 403 })
    expect(await send('/userinfo', token)).toEqual({ status: 401, error: 'invalid_token' })
  })

  // REQ-202
  test('for a resource manages no factors', async () => {
    const { access_token: token } = await tokensFor({ resource: mcp })

    expect(await send('/factors', token)).toEqual({ status: 403, error: 'insufficient_scope' })
    expect(await send('/factors/totp', token, 'POST')).toEqual({ status: 403, error: 'insufficient_scope' })
  })

  // REQ-194
  test.each([
    ['for the API of the service', {}],
    ['for another resource', { resource: files }],
    ['without the scope', { resource: mcp, scope: 'openid tools:write' }],
  ])('%s does not open the resource', async (_, asked) => {
    const { access_token: token } = await tokensFor(asked)

    expect(await send('/mcp', token)).toEqual({ status: 403 })
  })

  test('is needed there', async () => {
    expect((await fetch(mcp)).status).toBe(401)
  })
})
