import { describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createVerifyAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { httpEvent } from '../support/builders/events.ts'
import { audience, createService, formEvent, issuer, key, type ServiceSettings } from '../support/builders/service.ts'
import { verificationKeys } from '../support/builders/signing-key.ts'
import { aUser, keptUser } from '../support/builders/users.ts'
import { captureNotices } from '../support/fakes/captured-notices.ts'
import { createMemoryStores } from '../support/fakes/memory-stores.ts'

async function setUp(settings: ServiceSettings = {}) {
  const service = createService(settings)
  const { accessToken, refreshToken: first } = await service.logIn()
  const { sub, sid } = decodeJwt(accessToken)
  const audit = { client_id: 'web', sub, sid }
  return { ...service, accessToken, first, audit, lastLine: () => service.logged().at(-1) }
}

const invalidGrant = {
  status: 400,
  json: { error: 'invalid_grant', error_description: 'The refresh token is invalid. Log in again.' },
}

const next = (answer: { readonly json: { readonly refresh_token: string } }): string => answer.json.refresh_token

describe('a refresh token', () => {
  // REQ-81
  test('is traded for a successor and an access token of the same session', async () => {
    const { refresh, first, accessToken, clock, audit, lastLine } = await setUp()
    clock.advance(600)
    const answer = await refresh(first)

    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
    expect(answer.json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.stringMatching(/^[\w-]+$/),
      scope: 'a b',
    })
    expect(next(answer)).not.toBe(first)
    expect(decodeJwt(answer.json.access_token)).toEqual({
      ...decodeJwt(accessToken),
      iat: clock(),
      exp: clock() + 900,
      jti: expect.stringMatching(/^[\w-]{22}$/),
    })
    const verify = createVerifyAccessToken({ issuer, audience, keys: await verificationKeys(key) }, clock)
    expect(await verify(answer.json.access_token)).toMatchObject({ ok: true })
    expect(lastLine()).toMatchObject({ event: 'session_renewed', outcome: 'success', status: 200, ...audit })
  })

  test('has a successor that has one itself, and so on', async () => {
    const { refresh, first, clock } = await setUp()
    let token = first
    for (const _ of Array.from({ length: 10 })) {
      clock.advance(900)
      token = next(await refresh(token))
    }

    expect(await refresh(token)).toMatchObject({ status: 200 })
  })

  test('is taken from JSON too', async () => {
    const { token, first } = await setUp()
    const body = JSON.stringify({ grant_type: 'refresh_token', refresh_token: first, client_id: 'web', scope: 'a' })

    expect(await token(httpEvent('POST /token', { body }))).toMatchObject({ status: 200, json: { scope: 'a' } })
  })
})

describe('within the grace', () => {
  test.each([
    [0, 'session_renewed'],
    [2, 'session_renewed'],
    [2.5, 'session_retry'],
    [10, 'session_retry'],
  ])(
    'a retry after %d s gets the same successor and an access token of its own, and is logged as %s',
    async (seconds, event) => {
      const { refresh, first, clock, audit, lastLine } = await setUp()
      const answer = await refresh(first)
      clock.advance(seconds)
      const again = await refresh(first)

      expect(again.status).toBe(200)
      expect(next(again)).toBe(next(answer))
      expect(again.json.access_token).not.toBe(answer.json.access_token)
      expect(lastLine()).toMatchObject({ event, outcome: 'success', status: 200, ...audit })
    },
  )

  test('a retry extends neither the grace nor the idle time', async () => {
    const { refresh, first, clock, sessions, audit } = await setUp()
    await refresh(first)
    const [before] = (await sessions.listSessions(audit.sub ?? '')).sessions
    clock.advance(10)
    await refresh(first)

    const [after] = (await sessions.listSessions(audit.sub ?? '')).sessions
    expect(after).toEqual({ ...before, lateRetries: [clock()] })
    clock.advance(0.001)
    expect(await refresh(first)).toMatchObject(invalidGrant)
  })

  test('there is no retry where the setting is 0', async () => {
    const { refresh, first, lastLine } = await setUp({ grace: 0 })
    const second = next(await refresh(first))

    expect(await refresh(first)).toMatchObject(invalidGrant)
    expect(lastLine()).toMatchObject({ event: 'authn_token_reuse' })
    expect(await refresh(second)).toMatchObject(invalidGrant)
  })
})

// REQ-157
describe('late retries', () => {
  const untilUsed = { grace: Number.POSITIVE_INFINITY }

  /** Refreshes and then retries late, this many times: each rotation is followed by one retry of the token it replaced. */
  async function ride(service: Awaited<ReturnType<typeof setUp>>, times: number, pause: number) {
    let token = service.first
    for (const _ of Array.from({ length: times })) {
      const successor = next(await service.refresh(token))
      service.clock.advance(pause)
      expect(await service.refresh(token)).toMatchObject({ status: 200, json: { refresh_token: successor } })
      token = successor
    }
    return token
  }

  test('are three in 24 hours, across rotations: the fourth ends the session as reused', async () => {
    const service = await setUp()
    const third = await ride(service, 3, 3)
    const fourth = next(await service.refresh(third))
    service.clock.advance(3)

    expect(await service.refresh(third)).toMatchObject(invalidGrant)
    expect(service.lastLine()).toMatchObject({ event: 'authn_token_reuse', reason: 'token_reused', ...service.audit })
    expect(await service.refresh(fourth)).toMatchObject(invalidGrant)
  })

  test('of one token are counted too', async () => {
    const { refresh, first, clock } = await setUp(untilUsed)
    await refresh(first)
    clock.advance(100)
    const statuses = []
    for (const _ of [1, 2, 3, 4]) statuses.push((await refresh(first)).status)

    expect(statuses).toEqual([200, 200, 200, 400])
  })

  test('that are older than 24 hours no longer count', async () => {
    const service = await setUp(untilUsed)

    expect(await service.refresh(await ride(service, 10, 30_000))).toMatchObject({ status: 200 })
  })

  test('are answered however late where the grace lasts until the successor is used', async () => {
    const { refresh, first, clock } = await setUp(untilUsed)
    const successor = next(await refresh(first))
    clock.advance(20 * 86_400)

    expect(next(await refresh(first))).toBe(successor)
    const used = next(await refresh(successor))
    expect(await refresh(first)).toMatchObject(invalidGrant)
    expect(await refresh(used)).toMatchObject(invalidGrant)
  })

  // REQ-82
  test('buy three access tokens at most, however many come at once', async () => {
    const { refresh, first, clock } = await setUp()
    await refresh(first)
    clock.advance(3)
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(first)))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
    expect(await refresh(first)).toMatchObject(invalidGrant)
  })

  test('are late by the time the gateway got them, however long the function took to start', async () => {
    const { refresh, first, clock, token, lastLine } = await setUp()
    const retry = formEvent('POST /token', { grant_type: 'refresh_token', refresh_token: first })
    await refresh(first)
    const receivedAt = clock() + 1
    clock.advance(5)

    expect(await token(retry, receivedAt)).toMatchObject({ status: 200 })
    expect(lastLine()).toMatchObject({ event: 'session_renewed' })
  })

  test('within two seconds of the rotation are parallel requests, and none of them counts', async () => {
    const { refresh, first, clock, lastLine } = await setUp()
    await refresh(first)
    clock.advance(2)
    for (const _ of Array.from({ length: 10 })) expect(await refresh(first)).toMatchObject({ status: 200 })

    expect(lastLine()).toMatchObject({ event: 'session_renewed' })
  })
})

// REQ-82, REQ-121
describe('reuse', () => {
  test('after the grace ends the session, and says so to the log', async () => {
    const { refresh, first, clock, audit, lastLine } = await setUp()
    const second = next(await refresh(first))
    clock.advance(11)

    expect(await refresh(first)).toMatchObject(invalidGrant)
    const reused = { event: 'authn_token_reuse', outcome: 'failure', reason: 'token_reused', ...audit }
    expect(lastLine()).toMatchObject(reused)
    expect(await refresh(second)).toMatchObject(invalidGrant)
  })

  test('of a token two generations old ends the session at once', async () => {
    const { refresh, first, lastLine } = await setUp()
    const second = next(await refresh(first))
    const third = next(await refresh(second))

    expect(await refresh(first)).toMatchObject(invalidGrant)
    expect(lastLine()).toMatchObject({ event: 'authn_token_reuse' })
    for (const token of [second, third]) expect(await refresh(token)).toMatchObject(invalidGrant)
  })

  test('is noticed whatever scope is asked for', async () => {
    const { refresh, first, clock } = await setUp()
    const second = next(await refresh(first))
    clock.advance(11)

    expect(await refresh(first, { scope: 'z' })).toMatchObject(invalidGrant)
    expect(await refresh(second)).toMatchObject(invalidGrant)
  })

  test('of one session keeps the others of the user', async () => {
    const { refresh, first, clock, logIn } = await setUp()
    const { refreshToken: other } = await logIn()
    await refresh(first)
    clock.advance(11)
    await refresh(first)

    expect(await refresh(other)).toMatchObject({ status: 200 })
  })

  test('ends the session also for a secret that was never given out, since the family was', async () => {
    const { refresh, first } = await setUp()
    const forged = `${first.slice(0, -43)}${Buffer.alloc(32, 7).toString('base64url')}`

    expect(Buffer.from(forged, 'base64url')).toHaveLength(Buffer.from(first, 'base64url').length)
    expect(await refresh(forged)).toMatchObject(invalidGrant)
    expect(await refresh(first)).toMatchObject(invalidGrant)
  })
})

// REQ-82
describe('the end of a session as reused', () => {
  async function setUpNotices(told?: Parameters<typeof captureNotices>[0]) {
    const { notices, notify } = captureNotices(told)
    return { ...(await setUp({ notify })), notices }
  }

  test('is told to the owner once, in the language of the request that ended it', async () => {
    const { refresh, token, first, clock, audit, notices } = await setUpNotices()
    const second = next(await refresh(first))
    clock.advance(11)
    const event = formEvent('POST /token', { grant_type: 'refresh_token', refresh_token: first })
    const reuse = () => token({ ...event, headers: { ...event.headers, 'accept-language': 'es-MX' } })
    const answers = [...(await Promise.all(Array.from({ length: 5 }, reuse))), await refresh(second)]

    const occasion = { time: Math.floor(clock()), source: '203.0.113.7', language: 'es' }
    expect(answers).toMatchObject(Array(6).fill(invalidGrant))
    expect(notices).toEqual([{ kind: 'sessionEndedAsReused', sub: audit.sub, ...occasion }])
  })

  test('by one late retry too many is told too', async () => {
    const { refresh, first, clock, notices } = await setUpNotices()
    await refresh(first)
    clock.advance(3)
    for (const _ of [1, 2, 3, 4]) await refresh(first)

    expect(notices).toMatchObject([{ kind: 'sessionEndedAsReused' }])
  })

  test('has the same response where the mail is lost, and the log says so', async () => {
    const { refresh, first, clock, lastLine } = await setUpNotices({ notice: 'lost' })
    await refresh(first)
    clock.advance(11)

    expect(await refresh(first)).toMatchObject(invalidGrant)
    expect(lastLine()).toMatchObject({ event: 'authn_token_reuse', notice: 'lost' })
  })

  test('is all that is told: nothing of refreshes, retries, log-outs and tokens that are over', async () => {
    const { refresh, revoke, accountLifecycle, logIn, first, notices } = await setUpNotices()
    const second = next(await refresh(first))
    await refresh(first)
    await revoke(second)
    await refresh(second)
    const { refreshToken } = await logIn()
    await accountLifecycle.revokeSessions('ada')
    await refresh(refreshToken)

    expect(notices).toEqual([])
  })
})

describe('a guess', () => {
  // What an access token shows: the subject, and the sid in the place of the family.
  test('made of an access token ends nothing', async () => {
    const { refresh, first, accessToken, lastLine } = await setUp()
    const { sub, sid } = decodeJwt(accessToken)
    const family = Buffer.from(`${sid}`, 'base64url').subarray(0, 16)
    const guess = Buffer.concat([Buffer.from(`${sub}`), family, Buffer.alloc(32)]).toString('base64url')

    expect(await refresh(guess)).toMatchObject(invalidGrant)
    expect(lastLine()).toMatchObject({ event: 'session_renewed', outcome: 'failure', reason: 'unknown_session' })
    expect(await refresh(first)).toMatchObject({ status: 200 })
  })

  // REQ-86, REQ-89
  test('of any kind has the one answer that an old token has', async () => {
    const { refresh, first, accessToken } = await setUp()
    const reread = Buffer.from(first, 'base64url')

    for (const guess of [
      'x',
      '.',
      `${first}A`,
      `${first}=`,
      accessToken,
      reread.toString('base64'),
      first.slice(0, -1),
    ]) {
      expect(await refresh(guess)).toMatchObject(invalidGrant)
    }
    expect(await refresh(first)).toMatchObject({ status: 200 })
  })
})

// REQ-84, REQ-135: nothing is ever deleted here, and still nothing outlives its time.
describe('the limits', () => {
  const limits = { idle: 1000, absolute: 2500 }

  test('end a session that is not refreshed in time, and not a second before', async () => {
    const { refresh, first, clock, lastLine } = await setUp({ limits })
    clock.advance(999)
    const second = next(await refresh(first))
    clock.advance(1000)

    expect(await refresh(second)).toMatchObject(invalidGrant)
    expect(lastLine()).toMatchObject({ reason: 'session_expired' })
  })

  test('end a session for good, however often it is refreshed', async () => {
    const { refresh, first, clock, lastLine } = await setUp({ limits })
    let token = first
    for (const seconds of [900, 900, 699]) {
      clock.advance(seconds)
      token = next(await refresh(token))
    }
    clock.advance(1)

    expect(await refresh(token)).toMatchObject(invalidGrant)
    expect(lastLine()).toMatchObject({ reason: 'session_expired' })
  })

  test('are those of now, not those of the log-in', async () => {
    const { first, stores, clock } = await setUp({ limits: { idle: 9000, absolute: 9000 } })
    const stricter = createService({ stores, limits })
    stricter.clock.advance(clock() + 1000 - stricter.clock())

    expect(await stricter.refresh(first)).toMatchObject(invalidGrant)
  })
})

// REQ-85
describe('the scope', () => {
  test('may be less for one access token, without making the session less', async () => {
    const { refresh, first } = await setUp()
    const second = await refresh(first, { scope: 'b' })

    expect(second.json.scope).toBe('b')
    expect(decodeJwt(second.json.access_token)).toMatchObject({ scope: 'b' })
    expect((await refresh(next(second))).json.scope).toBe('a b')
  })

  test.each(['c', 'a c', 'z'])('may not be more (%s), and asking changes nothing', async (scope) => {
    const { refresh, first, clock } = await setUp()
    const answer = await refresh(first, { scope })
    clock.advance(60)

    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_scope' } })
    expect(await refresh(first)).toMatchObject({ status: 200 })
  })

  test('of a narrower log-in stays narrow', async () => {
    const { refresh, logIn } = await setUp()
    const { refreshToken } = await logIn('ada', 'web', ['a'])

    expect(await refresh(refreshToken, { scope: 'a b' })).toMatchObject({ status: 400 })
    expect((await refresh(refreshToken)).json.scope).toBe('a')
  })

  test('shrinks with the account’s and with the service’s', async () => {
    const { refresh, first } = await setUp({ stores: createMemoryStores(keptUser(aUser({ scope: ['a'] }))) })
    expect((await refresh(first)).json.scope).toBe('a')

    const withdrawn = await setUp({ scopes: ['b'] })
    expect((await withdrawn.refresh(withdrawn.first, { scope: 'a b' })).json.scope).toBe('b')
  })

  test('of malformed words is refused', async () => {
    const { refresh, first } = await setUp()

    expect(await refresh(first, { scope: 'a  b' })).toMatchObject({ status: 400, json: { error: 'invalid_scope' } })
  })
})

// REQ-85, REQ-94
describe('the groups', () => {
  const groupsIn = (token: string) => decodeJwt(token)['groups']

  test('are those of the account at each refresh, and their change ends no session', async () => {
    const service = createService()
    const sub = (await service.stores.accounts.findSubject('ada')) ?? ''
    const set = (...groups: readonly string[]) => service.stores.accounts.setGroups(sub, groups)
    await set('editors', 'admin')
    const first = await service.logIn()
    await set('support')
    const second = await service.refresh(first.refreshToken)
    await set()
    const third = await service.refresh(second.json.refresh_token)

    expect(groupsIn(first.accessToken)).toEqual(['editors', 'admin'])
    expect(groupsIn(second.json.access_token)).toEqual(['support'])
    expect(third.status).toBe(200)
    expect(decodeJwt(third.json.access_token)).not.toHaveProperty('groups')
  })
})

describe('nothing more gets', () => {
  test.each([
    ['a disabled user', 'user_disabled', 'disable'],
    ['a deleted user', 'user_gone', 'remove'],
    ['a user whose sessions were revoked', 'session_ended', 'revokeSessions'],
  ] as const)('%s, even while its sessions are still kept', async (_, reason, command) => {
    const service = await setUp()
    const [session] = (await service.sessions.listSessions('subject-of-ada')).sessions
    await service.accountLifecycle[command]('ada')
    if (session) await service.sessions.putNewSession(session, Infinity)

    expect(await service.refresh(service.first)).toMatchObject(invalidGrant)
    expect(service.lastLine()).toMatchObject({ outcome: 'failure', reason, ...service.audit })
  })

  test('a user who was disabled, once enabled again, without a new log-in', async () => {
    const { users, accountLifecycle, refresh, first, logIn } = await setUp()
    await accountLifecycle.disable('ada')
    await users.setDisabled('ada', false)

    expect(await refresh(first)).toMatchObject(invalidGrant)
    expect(await refresh((await logIn()).refreshToken)).toMatchObject({ status: 200 })
  })

  test('someone new with the name of a deleted user', async () => {
    const { users, sessions, accountLifecycle, refresh, first, lastLine } = await setUp()
    const [session] = (await sessions.listSessions('subject-of-ada')).sessions
    await accountLifecycle.remove('ada')
    await users.putNewUser(aUser({ sub: 'another' }))
    if (session) await sessions.putNewSession(session, Infinity)

    expect(await refresh(first)).toMatchObject(invalidGrant)
    expect(lastLine()).toMatchObject({ reason: 'user_gone' })
  })

  test('a session that ends while it is being refreshed', async () => {
    const stores = createMemoryStores(keptUser(aUser()))
    const { sessions } = stores
    const replaceSession: typeof sessions.replaceSession = async (from, to, expiresAt) => {
      await sessions.deleteSession(to.sub, to.id)
      return sessions.replaceSession(from, to, expiresAt)
    }
    const { refresh, first, audit, lastLine } = await setUp({
      stores: { ...stores, sessions: { ...sessions, replaceSession } },
    })

    expect(await refresh(first)).toMatchObject(invalidGrant)
    expect(lastLine()).toMatchObject({ outcome: 'failure', reason: 'session_ended', ...audit })
  })

  test('another client, and asking ends nothing', async () => {
    const { refresh, first, lastLine } = await setUp()

    expect(await refresh(first, { client_id: 'mobile' })).toMatchObject(invalidGrant)
    expect(lastLine()).toMatchObject({ reason: 'wrong_client' })
    expect(await refresh(first, { client_id: 'web' })).toMatchObject({ status: 200 })
  })

  test('a client that the service no longer has', async () => {
    const { refresh, first, lastLine } = await setUp({ clients: ['mobile'] })

    expect(await refresh(first)).toMatchObject(invalidGrant)
    expect(lastLine()).toMatchObject({ reason: 'client_withdrawn' })
  })
})

describe('a request', () => {
  const form = (body: string) => formEvent('POST /token', body)
  const json = (body: unknown) => httpEvent('POST /token', { body: JSON.stringify(body) })

  // REQ-86, REQ-87, REQ-129, REQ-147
  test.each([
    ['without a grant_type', form('refresh_token=x'), 'invalid_request', 'grant_type is missing.'],
    ['with an empty grant_type', form('grant_type=&refresh_token=x'), 'invalid_request', 'grant_type is missing.'],
    ['without a refresh_token', form('grant_type=refresh_token'), 'invalid_request', 'refresh_token is missing.'],
    [
      'with an empty refresh_token',
      json({ grant_type: 'refresh_token', refresh_token: '' }),
      'invalid_request',
      'refresh_token is missing.',
    ],
    [
      'of a password',
      form('grant_type=password&username=ada&password=secret'),
      'unsupported_grant_type',
      'grant_type must be refresh_token, authorization_code or client_credentials.',
    ],
    ['of a code, without a client', form('grant_type=authorization_code'), 'invalid_request', 'client_id is missing.'],
    [
      'with a number for a token',
      json({ grant_type: 'refresh_token', refresh_token: 7 }),
      'invalid_request',
      'refresh_token must be a string.',
    ],
    [
      'with an object for a client',
      json({ grant_type: 'refresh_token', refresh_token: 'x', client_id: {} }),
      'invalid_request',
      'client_id must be a string.',
    ],
  ])('%s is refused as what it is', async (_, event, error, error_description) => {
    const { token } = await setUp()

    expect(await token(event)).toMatchObject({ status: 400, json: { error, error_description } })
  })

  // REQ-122
  test('that fails leaves no token in the log or the answer', async () => {
    const { refresh, token, first, clock, logged } = await setUp()
    const second = next(await refresh(first))
    clock.advance(11)
    const answers = [await refresh(first), await refresh(second), await token(form(`refresh_token=${first}&x=1&x=2`))]

    const written = JSON.stringify([logged(), answers])
    for (const secret of [first, second]) expect(written).not.toContain(secret.slice(-43))
  })
})
