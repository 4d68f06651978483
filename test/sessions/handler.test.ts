import { describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createSessionsHandler } from '../../functions/sessions/handler.ts'
import { httpEvent } from '../support/builders/events.ts'
import { createService, type ServiceSettings } from '../support/builders/service.ts'
import { aUser, keptUser } from '../support/builders/users.ts'
import { createMemoryStores } from '../support/fakes/memory-stores.ts'

const day = 86_400
const hourOf = (time: number) => Math.floor(time / 3600) * 3600
const sidOf = (accessToken: string) => String(decodeJwt(accessToken)['sid'])

const twoUsers = () =>
  createMemoryStores(
    keptUser(aUser({ scope: ['a', 'b'] })),
    keptUser(aUser({ username: 'bob', sub: 'subject-of-bob' })),
  )

async function setUp(settings: ServiceSettings = {}) {
  const service = createService({ stores: twoUsers(), ...settings })
  return { ...service, mine: await service.logIn(), lastLine: () => service.logged().at(-1) }
}

// REQ-93
describe('GET /sessions', () => {
  // REQ-157
  test('does not tell when another client refreshed: its times are those of the hour', async () => {
    const { own, mine, logIn, refresh, clock } = await setUp()
    clock.advance(3600 - (clock() % 3600))
    const watching = await logIn()
    const before = await own('GET /sessions', watching.accessToken)
    clock.advance(3599)
    await refresh(mine.refreshToken)
    const refreshed = await own('GET /sessions', watching.accessToken)
    clock.advance(1)
    await refresh(mine.refreshToken)

    const timesOf = ({ json }: typeof before) =>
      json.sessions.map(({ last_used_at, expires_at }: Record<string, number>) => [last_used_at, expires_at])
    expect(
      timesOf(refreshed)
        .flat()
        .map((time: number) => time % 3600),
    ).toEqual([0, 0, 0, 0])
    expect(timesOf(refreshed)[0]).toEqual(timesOf(before)[0])
  })

  test('lists the caller’s own, the latest first, and says which one is asking', async () => {
    const { own, mine, logIn, refresh, clock } = await setUp()
    const start = clock()
    clock.advance(60.5)
    const later = await logIn('ada', 'mobile')
    await logIn('bob')
    clock.advance(40)
    await refresh(mine.refreshToken)

    const { status, json } = await own('GET /sessions', mine.accessToken)
    expect(status).toBe(200)
    expect(json).toEqual({
      sessions: [
        {
          id: sidOf(later.accessToken),
          client_id: 'mobile',
          created_at: start + 60,
          last_used_at: hourOf(start + 60),
          expires_at: hourOf(start + 60 + 30 * day),
          current: false,
        },
        {
          id: sidOf(mine.accessToken),
          client_id: 'web',
          created_at: start,
          last_used_at: hourOf(start + 100),
          expires_at: hourOf(start + 100 + 30 * day),
          current: true,
        },
      ],
    })
  })

  test('has one order also for sessions of one instant, in whatever order they are kept', async () => {
    const { own, mine, sessions } = await setUp()
    const [session] = (await sessions.listSessions('subject-of-ada')).sessions
    const ids = ['b', 'c', 'a'].map((letter) => letter.repeat(22))
    for (const id of ids) if (session) await sessions.putNewSession({ ...session, id, createdAt: 2e9 }, Infinity)

    const { json } = await own('GET /sessions', mine.accessToken)
    const listed = json.sessions.slice(0, 3).map(({ id }: { readonly id: string }) => id)
    expect(listed).toEqual(ids.toSorted().reverse())
  })

  test('says when a session ends for good, once that comes before its idle end', async () => {
    const { own, mine, refresh, clock } = await setUp({ limits: { idle: 100, absolute: 150 } })
    const start = clock()
    clock.advance(90)
    await refresh(mine.refreshToken)

    const { json } = await own('GET /sessions', mine.accessToken)
    expect(json.sessions).toMatchObject([{ expires_at: hourOf(start + 150) }])
  })

  test('leaves out what is over, though it may still be kept', async () => {
    const { own, logIn, sessions, accountLifecycle, clock } = await setUp({
      limits: { idle: 100, absolute: 1000 },
    })
    clock.advance(100)
    const present = await logIn()
    expect((await own('GET /sessions', present.accessToken)).json.sessions).toMatchObject([
      { id: sidOf(present.accessToken) },
    ])

    const kept = (await sessions.listSessions('subject-of-ada')).sessions
    await accountLifecycle.revokeSessions('ada')
    for (const session of kept) await sessions.putNewSession(session, Infinity)
    const again = await logIn()
    expect((await own('GET /sessions', again.accessToken)).json.sessions).toMatchObject([
      { id: sidOf(again.accessToken) },
    ])
  })
})

describe('DELETE /sessions/{id}', () => {
  test('ends one session and no other', async () => {
    const { own, mine, logIn, refresh, lastLine } = await setUp()
    const other = await logIn()
    const answer = await own('DELETE /sessions/{id}', mine.accessToken, sidOf(other.accessToken))

    expect(answer).toMatchObject({ status: 204, json: undefined })
    expect(answer.headers).not.toHaveProperty('content-type')
    const audit = { event: 'session_logout', outcome: 'success', sub: 'subject-of-ada', sid: sidOf(other.accessToken) }
    expect(lastLine()).toMatchObject(audit)
    expect(await refresh(other.refreshToken)).toMatchObject({ status: 400 })
    expect(await refresh(mine.refreshToken)).toMatchObject({ status: 200 })
  })

  test('may end the one that asks', async () => {
    const { own, mine, refresh } = await setUp()

    expect(await own('DELETE /sessions/{id}', mine.accessToken, sidOf(mine.accessToken))).toMatchObject({ status: 204 })
    expect(await refresh(mine.refreshToken)).toMatchObject({ status: 400 })
  })

  test('does not ask the table for what can be no id: a key that is too long would be a fault', async () => {
    const asked: string[] = []
    const stores = twoUsers()
    const sessions = { ...stores.sessions, deleteSession: async (_: string, id: string) => asked.push(id) > 0 }
    const { own, mine } = await setUp({ stores: { ...stores, sessions } })

    for (const id of ['', 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(21)}#`, 'x'.repeat(5000)]) {
      expect(await own('DELETE /sessions/{id}', mine.accessToken, id)).toMatchObject({ status: 404 })
    }
    expect(asked).toEqual([])
  })

  // REQ-77
  test('ends no one else’s, and does not tell it from one that never was', async () => {
    const { own, mine, logIn, refresh } = await setUp()
    const bobs = await logIn('bob', 'web', [])
    const notFound = { status: 404, json: { error: 'not_found', error_description: 'Unknown session.' } }

    for (const id of [sidOf(bobs.accessToken), 'A'.repeat(22), '', 'x'.repeat(5000), '../subject-of-bob', 'SESSION#']) {
      expect(await own('DELETE /sessions/{id}', mine.accessToken, id)).toMatchObject(notFound)
    }
    expect(await refresh(bobs.refreshToken)).toMatchObject({ status: 200 })
  })
})

describe('DELETE /sessions', () => {
  test('ends all of the caller’s, this one too, and no one else’s', async () => {
    const { own, mine, logIn, refresh, lastLine } = await setUp()
    const [other, bobs] = [await logIn(), await logIn('bob', 'web', [])]

    expect(await own('DELETE /sessions', mine.accessToken)).toMatchObject({ status: 204, json: undefined })
    expect(lastLine()).toMatchObject({ event: 'session_logout', outcome: 'success', sub: 'subject-of-ada' })
    for (const { refreshToken } of [mine, other]) expect(await refresh(refreshToken)).toMatchObject({ status: 400 })
    expect(await refresh(bobs.refreshToken)).toMatchObject({ status: 200 })
  })

  test('ends also a session whose log-in was on its way', async () => {
    const { own, mine, logIn, stores, refresh } = await setUp()
    // A log-in that has read the epoch.
    const sessions = { ...stores.sessions, readEpoch: async () => 0 }
    const underWay = createService({ stores: { ...stores, sessions } })
    await own('DELETE /sessions', mine.accessToken)

    await expect(underWay.logIn()).rejects.toThrow('session_ended')
    expect((await stores.sessions.listSessions('subject-of-ada')).sessions).toEqual([])
    expect(await refresh((await logIn()).refreshToken)).toMatchObject({ status: 200 })
  })

  test('does not touch the account that now has the name', async () => {
    const { own, mine, users, logIn, refresh } = await setUp()
    await users.deleteUser('ada')
    await users.putNewUser(aUser({ sub: 'another', scope: ['a', 'b'] }))
    const { refreshToken } = await logIn()
    await own('DELETE /sessions', mine.accessToken)

    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })

  test('finishes what a first try left, though the session that asks has ended', async () => {
    const { own, mine, logIn, sessions } = await setUp()
    await logIn()
    await sessions.raiseEpoch('subject-of-ada')

    expect(await own('DELETE /sessions', mine.accessToken)).toMatchObject({ status: 401 })
    expect((await sessions.listSessions('subject-of-ada')).sessions).toEqual([])
  })
})

// REQ-154
describe('an access token whose session has ended', () => {
  const invalidToken = {
    status: 401,
    headers: { 'www-authenticate': expect.stringMatching(/^Bearer error="invalid_token"/) },
    json: { error: 'invalid_token', error_description: 'The session of this token has ended. Log in again.' },
  }

  type Ending = (service: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>
  const ends: Readonly<Record<string, Ending>> = {
    'by a log-out': ({ revoke, mine }) => revoke(mine.refreshToken),
    'by itself': ({ own, mine }) => own('DELETE /sessions/{id}', mine.accessToken, sidOf(mine.accessToken)),
    'with all others': async ({ own, logIn }) => own('DELETE /sessions', (await logIn()).accessToken),
    'with its account’s disabling': ({ accountLifecycle }) => accountLifecycle.disable('ada'),
    'with its account': ({ accountLifecycle }) => accountLifecycle.remove('ada'),
    'by its age': async ({ clock }) => clock.advance(90 * day),
    'by a new epoch, though it is still stored': ({ sessions }) => sessions.raiseEpoch('subject-of-ada'),
  }
  const routes = ['GET /sessions', 'DELETE /sessions', 'DELETE /sessions/{id}']

  test.each(Object.keys(ends).flatMap((end) => routes.map((route) => [end, route] as const)))(
    '%s, gets 401 at %s and ends no session',
    async (end, route) => {
      const service = await setUp()
      await ends[end]?.(service)
      const { refreshToken, accessToken } = await service.logIn('bob', 'web', [])
      const hers = await service.logIn().catch(() => undefined)
      const id = sidOf((hers ?? { accessToken }).accessToken)

      expect(await service.own(route, service.mine.accessToken, id)).toMatchObject(invalidToken)
      expect(service.lastLine()).toMatchObject({ outcome: 'failure', reason: 'session_ended', sub: 'subject-of-ada' })
      for (const token of [refreshToken, hers?.refreshToken ?? refreshToken])
        expect(await service.refresh(token)).toMatchObject({ status: 200 })
    },
  )
})

describe('a route without its authorizer, or another route,', () => {
  const nothing = async () => {
    throw new Error('Not to be asked.')
  }
  const limits = { idle: 1, absolute: 1 }
  const handle = createSessionsHandler({ ownSessions: { list: nothing, end: nothing, endAll: nothing }, limits })
  const letIn = (routeKey: string, lambda?: object) => {
    const event = httpEvent(routeKey)
    return { ...event, requestContext: { ...event.requestContext, ...(lambda && { authorizer: { lambda } }) } }
  }

  // REQ-76
  test.each([
    ['GET /sessions', undefined],
    ['DELETE /sessions', {}],
    ['DELETE /sessions', { sub: '', sid: 'x' }],
    ['DELETE /sessions', { sub: 's' }],
  ])('is a fault of ours: %s by %j', async (routeKey, lambda) => {
    await expect(handle(letIn(routeKey, lambda))).rejects.toThrow('no authorizer in front of it')
  })

  test('does nothing', async () => {
    await expect(handle(letIn('POST /sessions', { sub: 's', sid: 'x' }))).rejects.toThrow(
      'Unhandled route POST /sessions',
    )
  })
})
