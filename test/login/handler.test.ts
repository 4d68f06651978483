import { describe, expect, test } from '@jest/globals'
import { decodeJwt, jwtVerify } from 'jose'
import { createPasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createIssueAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { endpoint } from '../../functions/http/api/endpoint.ts'
import { createLoginHandler } from '../../functions/login/handler.ts'
import { wireLogIn } from '../../functions/wiring/sign-in/log-in.ts'
import { context, httpEvent, readAddress } from '../support/builders/events.ts'
import { noSteps, passwordOnly } from '../support/builders/log-in.ts'
import { createTestKey } from '../support/builders/signing-key.ts'
import { aUser, keptUser } from '../support/builders/users.ts'
import { captureNotices } from '../support/fakes/captured-notices.ts'
import { createMemoryStores } from '../support/fakes/memory-stores.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { noDevices, uncounted } from '../support/fakes/unthrottled.ts'

const issuer = 'https://auth.example.com'
const audience = 'https://api.example.com'
const password = 'correct horse battery staple'
const hasher = createPasswordHasher()
const key = await createTestKey()
const ada = aUser({
  passwordHash: await hasher.hash(readPassword(password) as Password),
  scope: ['orders:read', 'orders:write', 'withdrawn'],
})
const gone = { ...ada, sub: 'subject-of-gone', username: 'gone', disabled: true }

function setUp() {
  const clock = stoppedClock()
  const { notices, notify } = captureNotices()
  const lines: string[] = []
  const asked: string[] = []
  const hashed: string[] = []
  const stores = createMemoryStores(keptUser(ada), keptUser(gone))
  const accounts = {
    ...stores.accounts,
    findSubject: async (identifier: string) => {
      asked.push(identifier)
      return stores.accounts.findSubject(identifier)
    },
  }
  const counting = {
    ...hasher,
    verify: (candidate: Password, stored: string) => {
      hashed.push(candidate)
      return hasher.verify(candidate, stored)
    },
  }
  const { sessions } = stores
  const issueAccessToken = createIssueAccessToken({ issuer, audience, lifetime: 900 }, key.signer, clock, randomId)
  const handler = createLoginHandler({
    ...noSteps,
    logIn: wireLogIn(
      {
        stores: { ...stores, accounts, attempts: uncounted, devices: noDevices },
        issueAccessToken,
        askClaims: undefined,
        hasher: counting,
        clock,
      },
      {
        ...passwordOnly,
        ...{ SESSION_IDLE_LIMIT: 1000, SESSION_LIMIT: 1000, SESSIONS_PER_USER: 50 },
        ...{ ACCOUNT_FAILURES: 0, ADDRESS_FAILURES: 0, SCOPES: ['orders:read', 'orders:write', 'admin'] },
      },
    ),
    notify,
    readAddress,
    clock,
    hashForLog: (name) => `hash of ${name.length} characters`,
    clients: ['web', 'mobile'],
    lifetime: 900,
  })
  const handle = endpoint(handler, (line) => lines.push(line))
  const post = async (body: unknown, event: Partial<ReturnType<typeof httpEvent>> = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const result = await handle(httpEvent('POST /login', { body: text, ...event }), context)
    return { ...result, json: JSON.parse(result.body ?? '') }
  }
  return { post, lines, asked, hashed, clock, sessions, notices }
}

describe('the right name and password', () => {
  // REQ-1
  test('are answered with a token as RFC 6749 section 5.1 shapes it', async () => {
    const { post, clock } = setUp()
    const answer = await post({ username: 'ada', password })

    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store' })
    expect(answer.json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.stringMatching(/^[\w-]+$/),
      scope: 'orders:read orders:write',
    })
    const options = { issuer, audience, typ: 'at+jwt', algorithms: ['RS256'], currentDate: new Date(clock() * 1000) }
    const { payload } = await jwtVerify(
      answer.json.access_token,
      await import('jose').then(({ importJWK }) => importJWK(key.jwk)),
      options,
    )
    expect(payload).toMatchObject({ sub: 'subject-of-ada', client_id: 'web', auth_time: clock(), exp: clock() + 900 })
    expect(payload).toMatchObject({ amr: ['pwd'], acr: 'pwd' })
  })

  // REQ-15
  test('make a new session and a new token id each time', async () => {
    const { post } = setUp()
    const answers = [await post({ username: 'ada', password }), await post({ username: 'ada', password })]
    const [first, second] = answers.map(({ json }) => decodeJwt(json.access_token))

    expect(first?.jti).not.toBe(second?.jti)
    expect(first?.['sid']).not.toBe(second?.['sid'])
    expect(answers[0]?.json.refresh_token).not.toBe(answers[1]?.json.refresh_token)
  })

  test('start a session that is kept under the sid of the token', async () => {
    const { post, sessions, clock } = setUp()
    const { json } = await post({ username: 'ada', password, scope: 'orders:read' })

    expect((await sessions.listSessions('subject-of-ada')).sessions).toEqual([
      {
        id: decodeJwt(json.access_token)['sid'],
        sub: 'subject-of-ada',
        clientId: 'web',
        scope: ['orders:read'],
        epoch: 0,
        authTime: clock(),
        amr: ['pwd'],
        createdAt: clock(),
        lastUsedAt: clock(),
        secretHash: expect.stringMatching(/^[\w-]{43}$/),
        lateRetries: [],
      },
    ])
  })

  test('may name the client and ask for less scope', async () => {
    const { post } = setUp()
    const { json } = await post({ username: 'ada', password, client_id: 'mobile', scope: 'orders:read' })

    expect(json.scope).toBe('orders:read')
    expect(decodeJwt(json.access_token)).toMatchObject({ client_id: 'mobile', scope: 'orders:read' })
  })

  test('do not get more scope than the account has, nor one that the service has withdrawn', async () => {
    const { post } = setUp()
    const { json } = await post({ username: 'ada', password, scope: 'admin orders:write withdrawn' })

    expect(json.scope).toBe('orders:write')
  })

  // REQ-6
  test('are looked up by the canonical name', async () => {
    const { post, asked } = setUp()

    expect(await post({ username: 'ＡDa', password })).toMatchObject({ statusCode: 200 })
    expect(asked).toEqual(['ada'])
  })

  // REQ-16, REQ-46
  test('are not helped by members that are not asked for', async () => {
    const { post } = setUp()
    const extra = { role: 'admin', sub: 'x', exp: 9e9, aud: 'x', iss: 'x', disabled: false, pk: 'x', scopes: ['admin'] }
    const { json } = await post({ username: 'ada', password, ...extra })
    const { iss, aud, sub, exp, iat = 0, ...claims } = decodeJwt(json.access_token)

    expect({ iss, aud, sub, life: (exp ?? 0) - iat }).toEqual({ iss: issuer, aud: audience, sub: ada.sub, life: 900 })
    expect(Object.keys(claims).sort()).toEqual(['acr', 'amr', 'auth_time', 'client_id', 'jti', 'scope', 'sid'])
  })

  test('may come as base64', async () => {
    const { post } = setUp()
    const body = Buffer.from(JSON.stringify({ username: 'ada', password })).toString('base64')

    expect(await post(body, { isBase64Encoded: true })).toMatchObject({ statusCode: 200 })
  })
})

describe('a failure', () => {
  // REQ-2
  test('has one answer, whatever was wrong', async () => {
    const { post } = setUp()
    const answers = [
      await post({ username: 'eve', password }),
      await post({ username: 'ada', password: 'wrong' }),
      await post({ username: 'gone', password: 'wrong' }),
      await post({ username: 'gone', password }),
    ]

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({
      statusCode: 400,
      json: { error: 'invalid_grant', error_description: 'Wrong username or password.' },
    })
  })

  // REQ-55, REQ-121, REQ-122, REQ-124
  test('is told to the log with its reason, and without a name or a password', async () => {
    const { post, lines } = setUp()
    await post({ username: 'hunter2-as-a-name', password: 'hunter2-as-a-password' })
    await post({ username: 'ada', password: 'hunter2-as-a-password' })
    await post({ username: 'gone', password })

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'authn_login_fail', outcome: 'failure', reason: 'unknown_user', user_hash: 'hash of 17 characters' },
      { event: 'authn_login_fail', outcome: 'failure', reason: 'wrong_password', sub: 'subject-of-ada' },
      { event: 'authn_login_fail', outcome: 'failure', reason: 'user_disabled', sub: 'subject-of-gone' },
    ])
    expect(lines.join()).not.toMatch(/hunter2|correct horse|argon2/)
  })
})

describe('a bad request', () => {
  // REQ-7 to REQ-10, REQ-53
  test.each([
    ['no members', {}],
    ['no password', { username: 'ada' }],
    ['no username', { password }],
    ['a number for a username', { username: 1, password }],
    ['null for a username', { username: null, password }],
    ['an array for a username', { username: ['ada'], password }],
    ['an operator for a username', { username: { $ne: '' }, password }],
    ['an attribute value for a username', { username: { S: 'ada' }, password }],
    ['an operator for a password', { username: 'ada', password: { $gt: '' } }],
    ['true for a password', { username: 'ada', password: true }],
    ['an array for a password', { username: 'ada', password: [password] }],
    ['an empty username', { username: '', password }],
    ['an empty password', { username: 'ada', password: '' }],
    ['NUL in the username', { username: 'ada\0', password }],
    ['NUL in the password', { username: 'ada', password: `${password}\0` }],
    ['half a character in the username', '{"username":"ada\\ud800","password":"x"}'],
    ['half a character in the password', '{"username":"ada","password":"x\\udfff"}'],
    ['257 characters of password', { username: 'ada', password: 'a'.repeat(257) }],
    ['257 bytes of username', { username: 'a'.repeat(257), password }],
    ['credentials in __proto__', `{"__proto__":{"username":"ada","password":"${password}"}}`],
    ['a username twice', `{"username":"eve","username":"ada","password":"${password}"}`],
    ['an unknown client', { username: 'ada', password, client_id: 'other' }],
    ['a client of an object', { username: 'ada', password, client_id: '__proto__' }],
    ['a number for a client', { username: 'ada', password, client_id: 1 }],
    ['an array for a scope', { username: 'ada', password, scope: ['orders:read'] }],
    ['a malformed scope', { username: 'ada', password, scope: 'orders:read  admin' }],
    ['an array', [{ username: 'ada', password }]],
    ['no JSON', 'username=ada'],
    ['a megabyte', { username: 'ada', password: 'x'.repeat(1_000_000) }],
  ])('with %s is invalid_request, and nothing is looked up or hashed', async (_, body) => {
    const { post, asked, hashed } = setUp()

    expect(await post(body)).toMatchObject({ statusCode: 400, json: { error: 'invalid_request' } })
    expect([asked, hashed]).toEqual([[], []])
  })

  // REQ-11
  test('of another content type is 415', async () => {
    const { post, asked } = setUp()
    const answer = await post({ username: 'ada', password }, { headers: { 'content-type': 'text/plain' } })

    expect(answer).toMatchObject({ statusCode: 415, json: { error: 'invalid_request' } })
    expect(asked).toEqual([])
  })

  // REQ-12
  test('with credentials in the query or a header is no log-in', async () => {
    const { post } = setUp()
    const authorization = `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`
    const event = {
      rawQueryString: `username=ada&password=${password}`,
      queryStringParameters: { username: 'ada', password },
      headers: { 'content-type': 'application/json', authorization },
    }

    expect(await post({}, event)).toMatchObject({ statusCode: 400, json: { error: 'invalid_request' } })
  })

  test('says what is wrong without repeating it', async () => {
    const { post, lines } = setUp()
    const { json } = await post({ username: 'hunter2\0', password })

    expect(json.error_description).toBe('username must be a string of 1 to 256 bytes without control characters.')
    expect(lines.join()).not.toContain('hunter2')
  })
})
