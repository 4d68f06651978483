import { OAuth2Client } from '@badgateway/oauth2-client'
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { InMemoryWebStorage, User, UserManager, WebStorageStateStore } from 'oidc-client-ts'
import { AuthorizationCode } from 'simple-oauth2'
import { createDataFolder, startServer } from '../support/local-server.ts'

// Each start synthesises the stack and makes a key, which a busy machine takes its time for.

const data = createDataFolder()
const server = await startServer(data.path)

afterAll(async () => {
  await server.stop()
  data[Symbol.dispose]()
})

type Tokens = { readonly access_token: string; readonly refresh_token: string; readonly expires_in: number }

let tokens: Tokens

beforeEach(async () => {
  const response = await fetch(`${server.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(server.user),
  })
  tokens = (await response.json()) as Tokens
})

const refreshStatus = async (): Promise<number> => {
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })
  return (await fetch(`${server.url}/token`, { method: 'POST', body })).status
}

// REQ-90
describe('a log-out by', () => {
  test.each(['body', 'header'] as const)('simple-oauth2 with the client in the %s ends the session', async (method) => {
    const client = new AuthorizationCode({
      client: { id: 'web', secret: '' },
      auth: { tokenHost: server.url, tokenPath: '/token', revokePath: '/revoke' },
      options: { authorizationMethod: method },
    })
    await client.createToken({ ...tokens }).revokeAll()

    expect(await refreshStatus()).toBe(400)
  })

  test('simple-oauth2 with the access token only ends the session', async () => {
    const client = new AuthorizationCode({
      client: { id: 'web', secret: '' },
      auth: { tokenHost: server.url, tokenPath: '/token', revokePath: '/revoke' },
    })
    await client.createToken({ ...tokens }).revoke('access_token')

    expect(await refreshStatus()).toBe(400)
  })

  test.each(['access_token', 'refresh_token'] as const)('oidc-client-ts with its %s ends the session', async (type) => {
    const store = new InMemoryWebStorage()
    const manager = new UserManager({
      authority: server.url,
      client_id: 'web',
      redirect_uri: 'http://localhost/callback',
      userStore: new WebStorageStateStore({ store }),
      stateStore: new WebStorageStateStore({ store }),
    })
    const profile = { sub: 'ada', iss: server.url, aud: 'web', exp: 0, iat: 0 }
    await manager.storeUser(new User({ ...tokens, token_type: 'Bearer', profile }))
    await manager.revokeTokens([type])

    expect(await refreshStatus()).toBe(400)
  })

  test.each(['access_token', 'refresh_token'] as const)(
    '@badgateway/oauth2-client by %s ends the session',
    async (type) => {
      const client = new OAuth2Client({
        server: `${server.url}/`,
        clientId: 'web',
        discoveryEndpoint: '/.well-known/oauth-authorization-server',
      })
      const { access_token: accessToken, refresh_token: refreshToken } = tokens
      await client.revoke({ accessToken, refreshToken, expiresAt: null }, type)

      expect(await refreshStatus()).toBe(400)
    },
  )
})
