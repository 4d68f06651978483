import { createHash, randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { afterAll, expect, test } from '@jest/globals'
import { newFolder } from '../support/local-aws.ts'
import { openService } from '../support/local-service.ts'
import { openWebBrowser } from '../support/web-browser.ts'

const data = newFolder()
const elsewhere = 'https://mcp.example.com/mcp'
const settings = {
  signInPages: 'true',
  secondFactor: 'optional',
  emailFrom: 'no-reply@example.com',
  authorizerCache: '0',
  resources: elsewhere,
}
const service = await openService({ data, settings })
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await rm(data, { recursive: true, force: true })
})

const user = { username: 'ada', password: 'correct horse battery staple' }
await service.admin({ command: 'create-user', ...user })
const redirectUri = 'https://client.example.org/callback'

const post = async (path: string, body: object | URLSearchParams, token?: string) => {
  const isForm = body instanceof URLSearchParams
  const response = await fetch(service.url + path, {
    method: 'POST',
    headers: {
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: isForm ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? {} : JSON.parse(text) }
}

/** The tokens of a client of the code flow. */
async function tokensOf(
  client_id: string,
  first_party: boolean,
  resource = '',
): Promise<Readonly<Record<string, string>>> {
  await service.admin({
    command: 'put-client',
    client: {
      ...{ client_id, first_party, redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' },
      grant_types: ['authorization_code', 'refresh_token'],
    },
  })
  const verifier = randomBytes(32).toString('base64url')
  const browser = openWebBrowser(service.url)
  const query = new URLSearchParams({
    ...{ client_id, redirect_uri: redirectUri, response_type: 'code', scope: 'openid', code_challenge_method: 'S256' },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    resource,
  })
  const page = await browser.load(`${service.url}/authorize?${query}`)
  const signedIn = await browser.signIn(page, user)
  const allowed = signedIn.text.includes('value="allow"') ? await browser.allow(signedIn) : signedIn
  const code = new URL(allowed.url).searchParams.get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier, client_id }
  return (await post('/token', new URLSearchParams(form))).json
}

const login = (await post('/login', user)).json
const [first, third] = [await tokensOf('ours', true), await tokensOf('theirs', false)]

/** The token of a machine, whose scope is all that the service has. */
async function tokenOfMachine(): Promise<string> {
  const client = { client_id: 'machine', grant_types: ['client_credentials'] }
  const { client_secret } = (await service.admin({ command: 'put-client', client })).result
  const response = await fetch(`${service.url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`machine:${client_secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  return String(Object(await response.json()).access_token)
}

/** That of an API key, with all that the log-in may do. */
async function tokenOfKey(resource = ''): Promise<string> {
  const { key } = (await post('/api-keys', { name: 'a script' }, login.access_token)).json
  const form = { grant_type: 'client_credentials', client_secret: key, resource }
  return String((await post('/token', new URLSearchParams(form))).json.access_token)
}

const kinds = {
  'the access token of a log-in': login.access_token,
  'the access token of our client': first['access_token'],
  "the access token of another's client": third['access_token'],
  'the access token of a machine': await tokenOfMachine(),
  'the access token of an API key': await tokenOfKey(),
  'the access token of our client for another API': (await tokensOf('ours', true, elsewhere))['access_token'],
  'the access token of an API key for another API': await tokenOfKey(elsewhere),
  'an ID token': first['id_token'],
  'a refresh token': first['refresh_token'],
  'no token of ours': 'a.b.c',
} as const

type Kind = keyof typeof kinds

const wrong = { current_password: 'not the password', new_password: 'correct horse battery stable' }

// A wrong password, or nothing to delete, is as far as a token gets that is accepted.
const routes: Readonly<
  Record<string, readonly [ask: (token: string) => Promise<{ status: number; json: unknown }>, ...number[]]>
> = {
  'GET /me': [(token) => get('/me', token), 200, 200, 200, 200, 200, 403, 403, 403, 403, 403],
  'GET /sessions': [(token) => get('/sessions', token), 200, 200, 403, 403, 403, 403, 403, 403, 403, 403],
  'DELETE /sessions/{id}': [
    (token) => remove('/sessions/unknown', token),
    404,
    404,
    403,
    403,
    403,
    403,
    403,
    403,
    403,
    403,
  ],
  'POST /password': [(token) => post('/password', wrong, token), 400, 400, 403, 403, 403, 403, 403, 403, 403, 403],
  'POST /email': [
    (token) => post('/email', { email: 'a@example.com', password: 'wrong' }, token),
    400,
    400,
    403,
    403,
    403,
    403,
    403,
    403,
    403,
    403,
  ],
  'GET /factors': [(token) => get('/factors', token), 200, 200, 403, 403, 403, 403, 403, 401, 401, 401],
  'POST /factors/totp': [(token) => post('/factors/totp', {}, token), 200, 200, 403, 403, 403, 403, 403, 401, 401, 401],
  'POST /factors/passkeys': [
    (token) => post('/factors/passkeys', {}, token),
    200,
    200,
    403,
    403,
    403,
    403,
    403,
    401,
    401,
    401,
  ],
  'DELETE /factors/totp': [(token) => remove('/factors/totp', token), 404, 404, 403, 403, 403, 403, 403, 401, 401, 401],
  'GET /api-keys': [(token) => get('/api-keys', token), 200, 200, 403, 403, 403, 403, 403, 401, 401, 401],
  'POST /api-keys': [
    (token) => post('/api-keys', { name: 'a' }, token),
    201,
    201,
    403,
    403,
    403,
    403,
    403,
    401,
    401,
    401,
  ],
  'DELETE /api-keys/{id}': [
    (token) => remove('/api-keys/unknown', token),
    404,
    404,
    403,
    403,
    403,
    403,
    403,
    401,
    401,
    401,
  ],
  // The token of a log-in has no scope openid.
  'GET /userinfo': [(token) => get('/userinfo', token), 403, 200, 200, 403, 403, 401, 401, 401, 401, 401],
}

const ask = async (method: string, path: string, token: string) => {
  const response = await fetch(service.url + path, { method, headers: { authorization: `Bearer ${token}` } })
  const text = await response.text()
  return { status: response.status, json: text === '' ? {} : JSON.parse(text) }
}
const get = (path: string, token: string) => ask('GET', path, token)
const remove = (path: string, token: string) => ask('DELETE', path, token)

const table = Object.entries(routes).flatMap(([route, [act, ...statuses]]) =>
  (Object.keys(kinds) as Kind[]).map((kind, index) => [route, kind, statuses[index] ?? 0, act] as const),
)

// REQ-181, REQ-202
test.each(table)('%s answers %s with %d', async (_, kind, status, act) => {
  const answer = await act(String(kinds[kind]))

  expect(answer.status).toBe(status)
  // One that is good, and of a client that may not do this.
  if (status === 403 && kind.startsWith('the access token') && 'error' in Object(answer.json))
    expect(answer.json).toMatchObject({ error: 'insufficient_scope' })
})

// REQ-202
test("only clients' own refresh tokens are renewed, and no token stands for another kind", async () => {
  const renew = (refresh_token: string, client_id: string) =>
    post('/token', new URLSearchParams({ grant_type: 'refresh_token', refresh_token, client_id }))
  const [ours, theirs] = [String(first['refresh_token']), String(third['refresh_token'])]

  for (const token of [first['access_token'], first['id_token'], 'a.b.c'])
    expect(await renew(String(token), 'ours')).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  expect(await renew(ours, 'theirs')).toMatchObject({ status: 400 })
  expect(await renew(ours, 'web')).toMatchObject({ status: 400 })
  expect(await renew(login.refresh_token, 'ours')).toMatchObject({ status: 400 })
  for (const [token, client] of [
    [ours, 'ours'],
    [theirs, 'theirs'],
    [login.refresh_token, 'web'],
  ] as const)
    expect(await renew(token, client)).toMatchObject({ status: 200 })
})
