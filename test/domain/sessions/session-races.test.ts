import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Unavailable } from '../../../functions/domain/unavailable.ts'
import { createService, type Service, type ServiceSettings } from '../../support/builders/service.ts'
import { aUser, keptUser } from '../../support/builders/users.ts'
import { createMemoryStores } from '../../support/fakes/memory-stores.ts'
import { scheduleStore } from '../../support/fakes/scheduled-store.ts'

const sub = 'subject-of-ada'
const sign = async () => new Uint8Array(256)
const losses = fc.array(fc.boolean(), { maxLength: 12 })

/** One service whose calls to the stores interleave, and one that sees the same at rest. */
function setUp(scheduler: fc.Scheduler, lost: readonly boolean[], settings: ServiceSettings = {}) {
  const stores = createMemoryStores(keptUser(aUser({ scope: ['a', 'b'] })))
  const iterator = lost.values()
  const racing = {
    ...stores,
    accounts: scheduleStore(stores.accounts, scheduler, iterator),
    sessions: scheduleStore(stores.sessions, scheduler, iterator),
  }
  return {
    racing: createService({ ...settings, stores: racing, sign }),
    atRest: createService({ ...settings, stores, sign }),
  }
}

/** A client that does again what was not answered. */
async function untilAnswered<T extends { readonly status?: number | undefined }>(call: () => Promise<T>): Promise<T> {
  const answer = await call()
  return answer.status === 503 ? untilAnswered(call) : answer
}

async function untilDone(call: () => Promise<unknown>): Promise<void> {
  await call().catch((error: unknown) => {
    if (!(error instanceof Unavailable)) throw error
    return untilDone(call)
  })
}

describe('whatever overtakes whatever, and whichever answer gets lost,', () => {
  test('all who refresh with one token and try until they are answered get one successor, and stay logged in', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), losses, fc.integer({ min: 1, max: 5 }), async (scheduler, lost, tabs) => {
        const { racing, atRest } = setUp(scheduler, lost)
        let { refreshToken: token } = await atRest.logIn()
        for (const _ of [1, 2, 3]) {
          const asking = Array.from({ length: tabs }, () => untilAnswered(() => racing.refresh(token)))
          const answers = await scheduler.waitFor(Promise.all(asking))

          expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
          expect(new Set(answers.map(({ json }) => json.refresh_token)).size).toBe(1)
          token = answers[0]?.json.refresh_token
        }
        expect(await atRest.refresh(token)).toMatchObject({ status: 200 })
      }),
    ))

  test('without a grace no client that shares a token keeps one that works; only a single client does', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), losses, fc.integer({ min: 1, max: 4 }), async (scheduler, lost, tabs) => {
        const { racing, atRest } = setUp(scheduler, lost, { grace: 0 })
        const { refreshToken } = await atRest.logIn()
        const asking = Array.from({ length: tabs }, () => untilAnswered(() => racing.refresh(refreshToken)))
        const answers = await scheduler.waitFor(Promise.all(asking))

        const given = answers.flatMap(({ status, json }) => (status === 200 ? [json.refresh_token] : []))
        expect(given.length).toBeLessThanOrEqual(1)
        const [status = 400] = await Promise.all(given.map(async (token) => (await atRest.refresh(token)).status))
        expect(status).toBe(tabs === 1 && given.length === 1 ? 200 : 400)
      }),
    ))

  const ends: Readonly<
    Record<string, (service: Service, tokens: Awaited<ReturnType<Service['logIn']>>) => Promise<unknown>>
  > = {
    'a log-out': ({ revoke }, { refreshToken }) => untilAnswered(() => revoke(refreshToken)),
    'the end of all sessions': ({ own }, { accessToken }) => untilAnswered(() => own('DELETE /sessions', accessToken)),
    'revoke-sessions': ({ accountLifecycle }) => untilDone(() => accountLifecycle.revokeSessions('ada')),
    'disable-user': ({ accountLifecycle }) => untilDone(() => accountLifecycle.disable('ada')),
    'delete-user': ({ accountLifecycle }) => untilDone(() => accountLifecycle.remove('ada')),
  }

  test.each(Object.entries(ends))('%s leaves nothing that works', (_, end) =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), losses, fc.nat(3), async (scheduler, lost, tabs) => {
        const { racing, atRest } = setUp(scheduler, lost)
        const tokens = await atRest.logIn()
        const asking = Array.from({ length: tabs }, () => untilAnswered(() => racing.refresh(tokens.refreshToken)))
        const [answers] = await scheduler.waitFor(Promise.all([Promise.all(asking), end(racing, tokens)]))

        const given = answers.flatMap(({ status, json }) => (status === 200 ? [json.refresh_token] : []))
        for (const token of [tokens.refreshToken, ...given]) {
          expect(await atRest.refresh(token)).toMatchObject({ status: 400 })
        }
        expect((await atRest.sessions.listSessions(sub)).sessions).toEqual([])
      }),
    ),
  )

  test.each(['disable', 'remove'] as const)('a log-in that meets %s gives nothing that can be refreshed', (command) =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), losses, async (scheduler, lost) => {
        const { racing, atRest } = setUp(scheduler, lost)
        const logIn = racing.logIn().catch(() => undefined)
        const [tokens] = await scheduler.waitFor(
          Promise.all([logIn, untilDone(() => racing.accountLifecycle[command]('ada'))]),
        )

        if (tokens) expect(await atRest.refresh(tokens.refreshToken)).toMatchObject({ status: 400 })
      }),
    ),
  )

  test('as many sessions are left as may be, of any number of log-ins at once', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 6 }), async (scheduler, logIns) => {
        const { racing, atRest } = setUp(scheduler, [], { perUser: 2 })
        await scheduler.waitFor(Promise.all(Array.from({ length: logIns }, () => racing.logIn())))

        expect((await atRest.sessions.listSessions(sub)).sessions).toHaveLength(Math.min(2, logIns))
      }),
    ))
})
