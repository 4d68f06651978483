import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { type Answer, type Headers, isRefusal, startAttackedStack, type User } from './attacked-stack.ts'
import { likenesses, spoofingHeaders, wrongCarriage, wrongSessionIds } from './requests.ts'
import { findRoutes } from './template-routes.ts'
import { attackByTokens, forgeFor } from './token-attack.ts'

const resources = 'https://mcp.example.com/mcp'
const stack = await startAttackedStack('revocation=immediate', 'signInPages=true', `resources=${resources}`)
afterAll(stack[Symbol.asyncDispose])
const { send, post, createUser, secrets } = stack
const user = await createUser()
const routes = await findRoutes({ signInPages: true, resources })

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const bearer = ({ accessToken }: User): Headers => ({ authorization: `Bearer ${accessToken}` })
const lineFor = (route: string) => route.replace('{id}', 'none').replace('{path+}', 'mcp')
const said = ({ status, body }: Answer) => [status, body]
const listSessions = async (of = user) => JSON.parse((await send('GET /sessions', bearer(of))).body).sessions

/** The answers that are more than a refusal. */
const surprising = async (asked: readonly (readonly [string, () => Promise<Answer>])[]) => {
  const surprises: unknown[] = []
  for (const [name, ask] of asked) {
    const answer = await ask()
    if (!isRefusal(answer)) surprises.push([name, answer.status, answer.body])
  }
  return surprises
}

// REQ-76, REQ-136
describe('headers that proxies and frameworks obey', () => {
  test.each(routes.map(({ route }) => route))('change nothing: %s', async (route) => {
    const ask = (headers: Headers) => send(lineFor(route), { ...headers, ...json }, '{}')

    expect(said(await ask(spoofingHeaders))).toEqual(said(await ask({})))
  })

  test('make no caller another one, and no request another one', async () => {
    const me = await send('GET /me', { ...spoofingHeaders, ...bearer(user) })
    const listed = await send('GET /sessions', { ...spoofingHeaders, ...bearer(user) })

    expect(JSON.parse(me.body)).toEqual({ sub: decodeJwt(user.accessToken).sub, client_id: 'web', scope: '' })
    expect([listed.status, (await listSessions()).length]).toEqual([200, 1])
  })

  test('do not get more of them in than API Gateway takes', async () => {
    const asked = ['x-filler', 'authorization'].map(
      (name) => [name, () => send('GET /me', { [name]: `Bearer ${'x'.repeat(20_000)}` })] as const,
    )

    expect(await surprising(asked)).toEqual([])
  })
})

// REQ-12, REQ-70
describe('a good token that is not where it belongs', () => {
  const closed = routes.filter(({ open }) => !open).map(({ route }) => route)

  test.each(closed)('opens nothing: %s', async (route) => {
    const carried = wrongCarriage(user.accessToken).map(
      ([name, headers]) => [name, () => send(lineFor(route), { ...json, ...headers }, '{}')] as const,
    )
    const token = encodeURIComponent(user.accessToken)
    const queries = ['access_token=', 'authorization=Bearer%20', 'Authorization=Bearer%20', 'token='].map(
      (name) => [name, () => send(`${lineFor(route)}?${name}${token}`, json, '{}')] as const,
    )
    const bodies = [json, form].map(
      (headers) =>
        [headers['content-type'], () => send(lineFor(route), headers, `access_token=${user.accessToken}`)] as const,
    )

    expect(await surprising([...carried, ...queries, ...bodies])).toEqual([])
    expect(await listSessions()).toHaveLength(1)
  })

  // REQ-89
  test('is no refresh token either, which opens nothing', async () => {
    const asked = closed.map(
      (route) => [route, () => send(lineFor(route), { authorization: `Bearer ${user.refreshToken}` })] as const,
    )

    expect(await surprising(asked)).toEqual([])
  })
})

// REQ-12
test('credentials and tokens in the address are never taken', async () => {
  const query = (members: Readonly<Record<string, string>>) => String(new URLSearchParams(members))
  const { username, password, refreshToken } = user
  const credentials = query({ username, password })
  const grant = query({ grant_type: 'refresh_token', refresh_token: refreshToken })
  const basic = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
  const asked: readonly (readonly [string, Headers, string])[] = [
    [`POST /login?${credentials}`, json, '{}'],
    [`POST /login?${credentials}`, form, ''],
    [`POST /login?${credentials}`, {}, ''],
    [`GET /login?${credentials}`, {}, ''],
    ['POST /login', { ...json, ...basic }, '{}'],
    ['GET /me', basic, ''],
    [`POST /token?${grant}`, form, ''],
    [`POST /token?${grant}`, json, '{}'],
    [`GET /token?${grant}`, {}, ''],
    ['POST /token', form, `grant_type=password&${credentials}`],
    ['POST /token', { ...form, ...basic }, 'grant_type=client_credentials'],
    [`GET /userinfo?access_token=${user.accessToken}`, {}, ''],
    [`POST /userinfo?access_token=${user.accessToken}`, form, ''],
    [`POST /revoke?token=${refreshToken}`, form, ''],
    [`POST /revoke?token=${refreshToken}`, json, '{}'],
    [`POST /register?${query({ username: `${username}-new`, password })}`, json, '{}'],
    [
      `POST /password?${query({ current_password: password, new_password: `${password} x` })}`,
      { ...json, ...bearer(user) },
      '{}',
    ],
  ]

  const asking = asked.map((request) => [request[0].split('?')[0] ?? '', () => send(...request)] as const)
  expect(await surprising(asking)).toEqual([])
  expect(await listSessions()).toHaveLength(1)
})

// REQ-13
test('unknown methods and paths are 404 for every caller', async () => {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'M-SEARCH']
  const known = new Set(routes.map(({ route }) => route))
  const paths = [...new Set(routes.map(({ route }) => route.split(' ')[1] ?? ''))]
  const others = [
    '/',
    '/admin',
    '/login/',
    '/Login',
    '/LOGIN',
    '/login.json',
    '/logins',
    '/.env',
    '/.git/config',
    '/users',
  ]
  const lines = [...paths, ...others].flatMap((path) => methods.map((method) => `${method} ${path}`))
  const statuses: unknown[] = []
  for (const line of lines.filter((each) => !known.has(each))) {
    const { status } = await send(lineFor(line), bearer(user))
    if (status !== 404) statuses.push([line, status])
  }

  expect(statuses).toEqual([])
})

// REQ-13
test('a protected path in any other spelling is not served without a token', async () => {
  const spellings = [
    '//me',
    '/me/',
    '/me/.',
    '/./me',
    '/x/../me',
    '/me;x',
    '/me%00',
    '/%6de',
    '/%6De',
    '/me%2f',
    '/me?x',
    '/ME',
    '/me%',
    '/me%ff',
    '/%2e/me',
    '\\me',
  ]
  const asked = spellings.map((path) => [path, () => send(`GET ${path}`)] as const)

  expect(await surprising(asked)).toEqual([])
})

// REQ-77
test('the session of someone else, or none at all, cannot be ended', async () => {
  const victim = await createUser()
  const [theirs] = await listSessions(victim)
  const ids = [...wrongSessionIds, theirs.id, `${theirs.id}%00`, theirs.id.toUpperCase(), `${theirs.id}/`]
  const asked = ids.map((id) => [id, () => send(`DELETE /sessions/${id}`, bearer(user))] as const)

  expect(await surprising(asked)).toEqual([])
  expect([await listSessions(victim), await listSessions()]).toMatchObject([[{ id: theirs.id }], [{ current: true }]])
})

// REQ-6
describe('a name that looks like another', () => {
  const owners = Promise.all(['kate', 'ivan'].map((name) => createUser(name)))

  test.each(likenesses)('with %s: %j is %s', async (_, name, relation) => {
    const [kate, ivan] = await owners
    const owner = /van$/.test(name) ? ivan : kate
    const registered = await post('/register', { username: name, password: 'a password of anyone at all' })
    const loggedIn = await post('/login', { username: name, password: owner?.password })
    const subjectOf = ({ body }: Answer) => decodeJwt(JSON.parse(body)['access_token']).sub

    if (relation === 'the same') {
      expect([registered.status, loggedIn.status]).toEqual([409, 200])
      expect(subjectOf(loggedIn)).toBe(decodeJwt(owner?.accessToken ?? '').sub)
    } else {
      expect([registered.status, loggedIn.status]).toEqual([relation === 'another' ? 201 : 400, 400])
    }
  })
})

// REQ-64 to REQ-69, REQ-116
test('the authorizer with immediate revocation refuses every hostile token, before every route', async () => {
  const forgery = await forgeFor(stack)

  expect(await attackByTokens(stack, forgery, ['GET /userinfo', 'POST /userinfo'])).toEqual([])
  expect((await send('GET /me', { authorization: `Bearer ${forgery.good}` })).status).toBe(200)
})

// REQ-122, REQ-123, REQ-131
test('all that was written meanwhile is JSON, tells of no fault and holds no secret', async () => {
  const { lines, ...wrong } = await stack.readLog()

  expect(wrong).toEqual({ strange: [], faults: [], leaks: [] })
  expect(lines).toBeGreaterThan(100)
  expect(secrets.count()).toBeGreaterThan(100)
})
