import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { allowInsecureRequests, discovery, refreshTokenGrant, tokenRevocation } from 'openid-client'
import { createDataFolder, runLocal, startServer } from '../support/local-server.ts'
import { giveSample } from '../support/samples.ts'

const data = createDataFolder()
const server = await startServer(data.path, ['-c', 'authorizerCache=0', '-c', 'revocation=immediate'])

afterAll(async () => {
  await server.stop()
  data[Symbol.dispose]()
})

type Tokens = { readonly access_token: string; readonly refresh_token: string }

async function logIn(credentials: object = server.user): Promise<Tokens> {
  const response = await fetch(`${server.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials),
  })
  return (await response.json()) as Tokens
}

const post = (path: string, parameters: Readonly<Record<string, string>>) =>
  fetch(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams(parameters) })

async function refresh(refresh_token: string, more: Readonly<Record<string, string>> = {}) {
  const response = await post('/token', { grant_type: 'refresh_token', refresh_token, ...more })
  return { status: response.status, json: (await response.json()) as Tokens & { readonly error?: string } }
}

async function as({ access_token }: Tokens, method: string, path: string) {
  const response = await fetch(`${server.url}${path}`, { method, headers: { authorization: `Bearer ${access_token}` } })
  const body = await response.text()
  return { status: response.status, json: body === '' ? undefined : JSON.parse(body) }
}

const admin = (command: string, username: string) =>
  runLocal('admin', [command, username, '--data', data.path, '--json'])

let made = 0

/** A user of its own, for a test that ends sessions. */
async function createUser() {
  made += 1
  const credentials = { username: `user-${made}`, password: 'correct horse battery staple' }
  await runLocal('admin', ['create-user', credentials.username, '--data', data.path], credentials.password)
  return credentials
}

describe('openid-client', () => {
  test.each(['oidc', 'oauth2'] as const)(
    'discovers, refreshes and revokes without a special case: %s',
    async (algorithm) => {
      const { refresh_token } = await logIn()
      const options = { algorithm, execute: [allowInsecureRequests] }
      const client = await discovery(new URL(server.url), 'web', undefined, undefined, options)

      const first = await refreshTokenGrant(client, refresh_token)
      expect(first).toMatchObject({ token_type: 'bearer', expires_in: 900, refresh_token: expect.any(String) })
      const second = await refreshTokenGrant(client, first.refresh_token ?? '')
      await tokenRevocation(client, second.refresh_token ?? '', { token_type_hint: 'refresh_token' })
      await expect(refreshTokenGrant(client, second.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      })
    },
  )
})

describe('oauth4webapi', () => {
  const client: oauth.Client = { client_id: 'web' }
  const options = { [oauth.allowInsecureRequests]: true }

  test.each(['oidc', 'oauth2'] as const)(
    'discovers, refreshes and revokes without a special case: %s',
    async (algorithm) => {
      const { refresh_token } = await logIn()
      const issuer = new URL(server.url)
      const discovered = await oauth.discoveryRequest(issuer, { algorithm, ...options })
      const as = await oauth.processDiscoveryResponse(issuer, discovered)

      const request = (token: string) => oauth.refreshTokenGrantRequest(as, client, oauth.None(), token, options)
      const first = await oauth.processRefreshTokenResponse(as, client, await request(refresh_token))
      expect(first).toMatchObject({ token_type: 'bearer', expires_in: 900, refresh_token: expect.any(String) })
      const token = first.refresh_token ?? ''
      const revoked = await oauth.revocationRequest(as, client, oauth.None(), token, options)
      await expect(oauth.processRevocationResponse(revoked)).resolves.toBeUndefined()
      const refused = oauth.processRefreshTokenResponse(as, client, await request(token))
      await expect(refused).rejects.toMatchObject({ error: 'invalid_grant', status: 400 })
    },
  )

  test('revokes by the access token too', async () => {
    const { access_token, refresh_token } = await logIn()
    const discovered = await oauth.discoveryRequest(new URL(server.url), options)
    const as = await oauth.processDiscoveryResponse(new URL(server.url), discovered)
    const answer = await oauth.revocationRequest(as, client, oauth.None(), access_token, options)

    await expect(oauth.processRevocationResponse(answer)).resolves.toBeUndefined()
    expect(await refresh(refresh_token)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })
})

// REQ-83: twice as many as there are processes for, and so few that a busy machine too takes them all in at once.
test('20 refreshes at once have one successor, which works; a busy machine may ask some to try again', async () => {
  const { refresh_token } = await logIn()
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)))
  const good = answers.filter(({ status }) => status === 200)

  expect(good.length).toBeGreaterThan(0)
  expect(answers.filter(({ status }) => ![200, 503].includes(status))).toEqual([])
  const successors = [...new Set(good.map(({ json }) => json.refresh_token))]
  expect(successors).toHaveLength(1)
  expect(await refresh(successors[0] ?? '')).toMatchObject({ status: 200 })
})

// REQ-82
test('a token two generations old ends its session, and leaves the other', async () => {
  const [tokens, other] = [await logIn(), await logIn()]
  const second = (await refresh(tokens.refresh_token)).json
  const third = (await refresh(second.refresh_token)).json

  expect(await refresh(tokens.refresh_token)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  expect(await refresh(third.refresh_token)).toMatchObject({ status: 400 })
  expect(await as(third, 'GET', '/me')).toEqual({ status: 403, json: { message: 'Forbidden' } })
  expect(await refresh(other.refresh_token)).toMatchObject({ status: 200 })
})

// REQ-92
describe('with immediate revocation and no cache', () => {
  test('a log-out ends the access token too, and no one else’s', async () => {
    const [tokens, other] = [await logIn(), await logIn()]
    expect(await as(tokens, 'GET', '/me')).toMatchObject({ status: 200 })
    expect(await post('/revoke', { token: tokens.refresh_token })).toMatchObject({ status: 200 })

    expect(await as(tokens, 'GET', '/me')).toEqual({ status: 403, json: { message: 'Forbidden' } })
    expect(await as(other, 'GET', '/me')).toMatchObject({ status: 200 })
  })

  test.each(['disable-user', 'delete-user', 'revoke-sessions'])('%s ends all of a user’s tokens', async (command) => {
    const credentials = await createUser()
    const tokens = await logIn(credentials)
    expect(await as(tokens, 'GET', '/me')).toMatchObject({ status: 200 })
    expect(await admin(command, credentials.username)).toMatchObject({ code: 0 })

    expect(await as(tokens, 'GET', '/me')).toMatchObject({ status: 403 })
    expect(await refresh(tokens.refresh_token)).toMatchObject({ status: 400 })
    expect(Object.keys(await logIn(credentials)).includes('access_token')).toBe(command === 'revoke-sessions')
  })

  test('the sample events of the authorizer are answered as by the other one', async () => {
    for (const [event, isAuthorized] of [
      ['ok', true],
      ['expired', false],
      ['tampered', false],
      ['not-a-token', false],
    ]) {
      expect(await giveSample(data.path, 'authorizer', `${event}`)).toMatchObject({ answer: { isAuthorized } })
    }
  })
})

// REQ-93
test('a caller sees the own sessions, ends one, and ends all', async () => {
  const credentials = await createUser()
  const [first, second, third] = [await logIn(credentials), await logIn(credentials), await logIn(credentials)]
  const sidOf = ({ access_token }: Tokens) => decodeJwt(access_token)['sid']
  const list = await as(first, 'GET', '/sessions')

  expect(list.json.sessions).toEqual(
    [third, second, first].map((tokens) => ({
      id: sidOf(tokens),
      client_id: 'web',
      created_at: expect.any(Number),
      last_used_at: expect.any(Number),
      expires_at: expect.any(Number),
      current: tokens === first,
    })),
  )
  expect(await as(first, 'DELETE', `/sessions/${sidOf(second)}`)).toEqual({ status: 204, json: undefined })
  expect(await as(first, 'DELETE', `/sessions/${sidOf(second)}`)).toMatchObject({
    status: 404,
    json: { error: 'not_found' },
  })
  expect(await as(second, 'GET', '/me')).toMatchObject({ status: 403 })
  expect(await as(first, 'DELETE', '/sessions')).toEqual({ status: 204, json: undefined })
  for (const tokens of [first, third]) {
    expect(await as(tokens, 'GET', '/me')).toMatchObject({ status: 403 })
    expect(await refresh(tokens.refresh_token)).toMatchObject({ status: 400 })
  }
})

test('an access token cannot refresh, nor a refresh token call', async () => {
  // REQ-63, REQ-89
  const { access_token, refresh_token } = await logIn()

  expect(await refresh(access_token)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  expect(await as({ access_token: refresh_token, refresh_token }, 'GET', '/me')).toMatchObject({ status: 403 })
})

test('nothing that was handed out is in the log', async () => {
  // REQ-122
  const tokens = await logIn()
  const next = (await refresh(tokens.refresh_token)).json
  await post('/revoke', { token: next.refresh_token })

  const log = server.written.stderr + server.written.stdout
  expect(log).toContain('"event":"session_renewed"')
  for (const secret of [tokens.refresh_token, next.refresh_token, next.access_token]) expect(log).not.toContain(secret)
})
