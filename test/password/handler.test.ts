import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createPasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createIssueAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { endpoint } from '../../functions/http/api/endpoint.ts'
import { createPasswordHandler } from '../../functions/password/handler.ts'
import { wireChangePassword } from '../../functions/wiring/change-password.ts'
import { wireRefresh } from '../../functions/wiring/refresh.ts'
import { wireLogIn } from '../../functions/wiring/sign-in/log-in.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { context, httpEvent, readAddress } from '../support/builders/events.ts'
import { complete, passwordOnly } from '../support/builders/log-in.ts'
import { createTestKey } from '../support/builders/signing-key.ts'
import { aUser, createUsers } from '../support/builders/users.ts'
import { captureNotices } from '../support/fakes/captured-notices.ts'
import { noClients } from '../support/fakes/no-clients.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)
const users = createUsers(stores)
const { sessions } = stores
const hasher = createPasswordHasher()
const key = await createTestKey()
const old = 'correct horse battery staple'
const next = 'a better battery of horses'
const oldHash = await hasher.hash(readPassword(old) as Password)
const rules = { issuer: 'https://auth.example.com', audience: 'https://api.example.com', lifetime: 900 }
let made = 0

async function setUp(told: Parameters<typeof captureNotices>[0] = {}) {
  made += 1
  const username = `user-${made}`
  await users.putNewUser(aUser({ username, sub: `subject-${made}`, passwordHash: oldHash, scope: ['a', 'b', 'gone'] }))
  const clock = stoppedClock()
  const { notices, notify } = captureNotices(told)
  const lines: string[] = []
  let isSignerDown = false
  const sign: typeof key.signer.sign = (bytes) => {
    if (isSignerDown) throw new Error('There is no signature.')
    return key.signer.sign(bytes)
  }
  const issueAccessToken = createIssueAccessToken(rules, { ...key.signer, sign }, clock, randomId)
  const fail = () => {
    isSignerDown = true
  }
  const parts = { stores, issueAccessToken, askClaims: undefined, hasher, clock }
  const env = {
    ...passwordOnly,
    ...{ SESSION_IDLE_LIMIT: 10_000, SESSION_LIMIT: 20_000, SESSIONS_PER_USER: 50, SCOPES: ['a', 'b', 'c'] },
    ...{
      ACCOUNT_FAILURES: 3,
      ADDRESS_FAILURES: 0,
      REFRESH_GRACE: 10,
      CLAIMS_AT_REFRESH: false,
      CLIENTS: ['web', 'mobile'],
    },
  }
  const changePassword = wireChangePassword(parts, env, { minimumLength: 15, serviceName: 'Latchkey' })
  const handle = endpoint(
    createPasswordHandler({ changePassword, notify, readAddress, clock, lifetime: 900 }),
    (line) => lines.push(line),
  )
  const refresh = wireRefresh({ ...noClients, ...parts }, { ...env, AUDIENCE: rules.audience, RESOURCES: [] })
  const enter = wireLogIn(parts, env)

  const logIn = async (password = old, clientId = 'web', scope = ['a', 'gone']) => {
    const credentials = { username, password: readPassword(password) as Password, address: '203.0.113.7' }
    const loggedIn = await enter({ ...credentials, clientId, scope })
    if (!loggedIn.ok) throw new Error(loggedIn.failure.reason)
    return complete(loggedIn.value).started
  }
  const change = async (
    accessToken: string,
    body: unknown = { current_password: old, new_password: next },
    more: Readonly<Record<string, string>> = {},
  ) => {
    const { sub, sid } = decodeJwt(accessToken)
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const event = httpEvent('POST /password', { body: text })
    const requestContext = { ...event.requestContext, authorizer: { lambda: { sub, sid } } }
    const {
      statusCode,
      headers,
      body: json = '',
    } = await handle({ ...event, headers: { ...event.headers, ...more }, requestContext }, context)
    return { status: statusCode, headers, json: JSON.parse(json) }
  }
  const isAlive = async (refreshToken: string) =>
    (await refresh({ refreshToken, clientId: undefined, scope: undefined })).ok
  return { username, logIn, change, isAlive, clock, lines, notices, fail }
}

const invalidGrant = {
  error: 'invalid_grant',
  error_description: 'The current password is wrong, or it was changed meanwhile.',
}

describe('a caller who changes the password', () => {
  // REQ-100
  test('gets the tokens of a new session, with the client and the scope of the one before', async () => {
    const { logIn, change } = await setUp()
    const before = await logIn(old, 'mobile')
    const { status, json } = await change(before.accessToken)
    const [was, is] = [decodeJwt(before.accessToken), decodeJwt(json.access_token)]

    expect(status).toBe(200)
    expect(json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.any(String),
      scope: 'a',
    })
    expect([is.sub, is['client_id'], is['scope']]).toEqual([was.sub, 'mobile', 'a'])
    expect(is['sid']).not.toBe(was['sid'])
  })

  // REQ-176: whoever knows the password has not logged in again.
  test('is as fresh and as strong as before: the new session keeps the time of the log-in and its methods', async () => {
    const { logIn, change, clock } = await setUp()
    const logInTime = clock()
    const { accessToken } = await logIn()
    clock.advance(700)
    const { json } = await change(accessToken)

    expect(decodeJwt(json.access_token)).toMatchObject({ auth_time: logInTime, amr: ['pwd'], acr: 'pwd', iat: clock() })
  })

  // REQ-100
  test('ends all sessions that the old password began, and only those', async () => {
    const { logIn, change, isAlive } = await setUp()
    const [mine, other] = [await logIn(), await logIn(old, 'mobile')]
    const { json } = await change(mine.accessToken)

    expect(await isAlive(mine.refreshToken)).toBe(false)
    expect(await isAlive(other.refreshToken)).toBe(false)
    expect(await isAlive(json.refresh_token)).toBe(true)
  })

  // REQ-5
  test('logs in with either form of a character that has two', async () => {
    const { logIn, change } = await setUp()
    const new_password = 'cafe\u0301 au lait et croissants'
    await change((await logIn()).accessToken, { current_password: old, new_password })

    expect(await logIn(new_password.normalize('NFC'))).toMatchObject({ accessToken: expect.any(String) })
  })

  // REQ-101
  test('logs in only with the new password', async () => {
    const { logIn, change } = await setUp()
    await change((await logIn()).accessToken)

    await expect(logIn(old)).rejects.toThrow('wrong_password')
    expect(await logIn(next)).toMatchObject({ accessToken: expect.any(String) })
  })

  // REQ-101, REQ-134
  test('is one of three that change it at once, and its password is the one that holds', async () => {
    const { logIn, change, username, isAlive } = await setUp()
    const { accessToken } = await logIn()
    const rivals = Array.from({ length: 3 }, (_, index) => `${next} ${index}`)
    const answers = await Promise.all(
      rivals.map((rival) => change(accessToken, { current_password: old, new_password: rival })),
    )
    const [won, ...more] = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []))
    const user = await users.findUser(username)

    expect([won !== undefined, more]).toEqual([true, []])
    expect(await hasher.verify(readPassword(rivals[won ?? 0] ?? '') as Password, user?.passwordHash ?? '')).toBe(true)
    expect(user?.epoch).toBe(1)
    expect(await isAlive(answers[won ?? 0]?.json.refresh_token)).toBe(true)
    for (const { status, json } of answers.filter((_, index) => index !== won)) {
      // By then the session that asks may have ended too.
      expect([
        [400, 'invalid_grant'],
        [401, 'invalid_token'],
      ]).toContainEqual([status, json.error])
    }
  })
})

describe('a change of password', () => {
  // REQ-98
  test('with a wrong current password is counted, and locked like a log-in', async () => {
    const { logIn, change, clock } = await setUp()
    const { accessToken } = await logIn()
    const guess = () => change(accessToken, { current_password: 'a guess', new_password: next })
    const answers = [await guess(), await guess(), await guess(), await guess()]

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 429])
    expect(answers[0]?.json).toEqual(invalidGrant)
    expect(answers[3]?.headers).toMatchObject({ 'retry-after': '30' })
    expect(await logIn()).toMatchObject({ accessToken: expect.any(String) })
    clock.advance(30)
    expect(await change(accessToken)).toMatchObject({ status: 200 })
  })

  // REQ-155
  test('is not locked by anyone who guesses at the log-in', async () => {
    const { logIn, change } = await setUp()
    const { accessToken } = await logIn()
    for (let guess = 0; guess < 4; guess += 1) await logIn('a guess').catch(() => undefined)

    await expect(logIn()).rejects.toThrow('account_locked')
    expect(await change(accessToken)).toMatchObject({ status: 200 })
  })

  // REQ-25
  test('is locked away while sessions go on', async () => {
    const { logIn, change, isAlive } = await setUp()
    const { accessToken, refreshToken } = await logIn()
    for (let guess = 0; guess < 4; guess += 1) await change(accessToken, { current_password: 'x', new_password: next })

    expect(await change(accessToken)).toMatchObject({ status: 429 })
    expect(await isAlive(refreshToken)).toBe(true)
  })

  // REQ-98, REQ-154
  test.each(['revoked', 'expired', 'of an account disabled meanwhile'])(
    'is not for a session that is %s',
    async (end) => {
      const { logIn, change, clock, username } = await setUp()
      const { accessToken } = await logIn()
      const { sub = '', sid } = decodeJwt(accessToken)
      if (end === 'revoked') await sessions.deleteSession(sub, String(sid))
      if (end === 'expired') clock.advance(10_000)
      if (end.startsWith('of')) await users.setDisabled(username, true)

      expect(await change(accessToken)).toMatchObject({ status: 401, json: { error: 'invalid_token' } })
      expect((await users.findUser(username))?.passwordHash).toBe(oldHash)
    },
  )

  test('is not for the one who has the name now, by the session of the one who had it', async () => {
    const { logIn, change, username } = await setUp()
    const { accessToken } = await logIn()
    await users.deleteUser(username)
    await users.putNewUser(aUser({ username, sub: 'another', passwordHash: oldHash }))

    expect(await change(accessToken)).toMatchObject({ status: 401, json: { error: 'invalid_token' } })
    expect((await users.findUser(username))?.passwordHash).toBe(oldHash)
  })

  // REQ-99
  test.each([
    ['too short', 'short', 'A password must have 15 to 256 characters.'],
    ['common', '1qaz2wsx3edc4rfv', 'This password is too common. Choose another.'],
    ['NUL', `${next}\0`, 'new_password must be a string of 1 to 256 characters without NUL.'],
  ])('to one that is %s is refused with the reason, and is no attempt', async (_, new_password, error_description) => {
    const { logIn, change } = await setUp()
    const { accessToken } = await logIn()
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await change(accessToken, { current_password: 'a guess', new_password })).toMatchObject({
        status: 400,
        json: { error: 'invalid_request', error_description },
      })
    }

    expect(await change(accessToken)).toMatchObject({ status: 200 })
  })

  test.each([
    [
      'no current password',
      { new_password: next },
      'current_password must be a string of 1 to 256 characters without NUL.',
    ],
    [
      'an operator',
      { current_password: { $ne: '' }, new_password: next },
      'current_password must be a string of 1 to 256 characters without NUL.',
    ],
    ['an array', '[]', 'The body must be a JSON object in UTF-8 without duplicate keys.'],
  ])('with %s is invalid_request', async (_, body, error_description) => {
    const { logIn, change } = await setUp()

    expect(await change((await logIn()).accessToken, body)).toMatchObject({
      status: 400,
      json: { error: 'invalid_request', error_description },
    })
  })

  // REQ-76
  test('is for the caller of the authorizer, whatever the body says', async () => {
    const { logIn, change, username } = await setUp()
    const other = await setUp()
    const body = { current_password: old, new_password: next, sub: other.username, username: other.username }
    await change((await logIn()).accessToken, body)

    expect((await users.findUser(username))?.epoch).toBe(1)
    expect((await users.findUser(other.username))?.epoch).toBe(0)
  })

  // REQ-102, REQ-121, REQ-122
  test('is told to the log with the subject and the reason, without a password', async () => {
    const { logIn, change, lines } = await setUp()
    const { accessToken } = await logIn()
    const { sub } = decodeJwt(accessToken)
    await change(accessToken, { current_password: 'hunter2', new_password: next })
    await change(accessToken)

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'authn_password_change_fail', outcome: 'failure', reason: 'wrong_password', sub, status: 400 },
      { event: 'authn_password_change', outcome: 'success', sub, status: 200 },
    ])
    expect(lines.join()).not.toMatch(/hunter2|correct horse|better battery|argon2/)
  })

  // REQ-102
  test('is told to the owner by mail: when, from where, in the language of the request', async () => {
    const { logIn, change, clock, notices } = await setUp()
    const { accessToken } = await logIn()
    await change(accessToken, { current_password: 'a guess', new_password: next })
    await change(accessToken, undefined, { 'accept-language': 'fr' })

    const { sub } = decodeJwt(accessToken)
    const occasion = { time: Math.floor(clock()), source: '203.0.113.7', language: 'fr' }
    expect(notices).toEqual([{ kind: 'passwordChanged', sub, ...occasion }])
  })

  test('is told to the owner even if no token can be signed for the new session', async () => {
    const { logIn, change, notices, fail } = await setUp()
    const { accessToken } = await logIn()
    fail()
    const { status } = await change(accessToken)

    expect(status).toBe(500)
    expect(notices).toMatchObject([{ kind: 'passwordChanged', sub: decodeJwt(accessToken).sub }])
  })

  test('has the same response where the mail is lost, and the log says so', async () => {
    const { logIn, change, lines } = await setUp({ notice: 'lost' })
    const { status, json } = await change((await logIn()).accessToken)

    expect([status, json]).toEqual([200, expect.objectContaining({ token_type: 'Bearer' })])
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'authn_password_change', notice: 'lost' })
  })

  test('is told to the log as a lock where it is locked', async () => {
    const { logIn, change, lines } = await setUp()
    const { accessToken } = await logIn()
    const { sub } = decodeJwt(accessToken)
    for (let guess = 0; guess < 4; guess += 1) await change(accessToken, { current_password: 'x', new_password: next })

    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'authn_login_lock', reason: 'account_locked', sub })
  })
})
