import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { Unavailable } from '../../../functions/domain/unavailable.ts'
import { createStores } from '../../../functions/wiring/stores.ts'
import { createService } from '../../support/builders/service.ts'
import { aUser, createUsers, keptUser } from '../../support/builders/users.ts'
import { createMemoryStores } from '../../support/fakes/memory-stores.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const kept = createStores(table.client, table.name)

const sidOf = ({ accessToken }: { readonly accessToken: string }) => String(decodeJwt(accessToken)['sid'])
const unavailable = async () => {
  throw new Unavailable('as told')
}

// REQ-95
describe('of the sessions of an account', () => {
  test('the oldest ends when there are too many', async () => {
    const { logIn, refresh, clock, sessions } = createService({ perUser: 3 })
    const tokens = []
    for (const _ of [1, 2, 3, 4, 5]) {
      clock.advance(0.001)
      tokens.push(await logIn())
    }

    const left = (await sessions.listSessions('subject-of-ada')).sessions.map(({ id }) => id)
    expect(left.sort()).toEqual(tokens.slice(2).map(sidOf).sort())
    expect(await refresh(tokens[1]?.refreshToken ?? '')).toMatchObject({ status: 400 })
    expect(await refresh(tokens[2]?.refreshToken ?? '')).toMatchObject({ status: 200 })
  })

  test('the one that is used least is not the one to end, but the one whose log-in is longest ago', async () => {
    const { logIn, refresh, clock } = createService({ perUser: 2 })
    const first = await logIn()
    clock.advance(10)
    const second = await logIn()
    clock.advance(10)
    const used = await refresh(first.refreshToken)
    clock.advance(10)
    await logIn()

    expect(await refresh(used.json.refresh_token)).toMatchObject({ status: 400 })
    expect(await refresh(second.refreshToken)).toMatchObject({ status: 200 })
  })

  test('those that are over take no one’s place', async () => {
    const { logIn, refresh, clock, accountLifecycle, sessions } = createService({
      perUser: 1,
      limits: { idle: 100, absolute: 1000 },
    })
    await logIn()
    const over = (await sessions.listSessions('subject-of-ada')).sessions
    await accountLifecycle.revokeSessions('ada')
    const present = await logIn()
    for (const session of over) await sessions.putNewSession({ ...session, createdAt: clock() + 9 }, Infinity)
    clock.advance(1)
    const { refreshToken } = await logIn()

    expect(await refresh(present.refreshToken)).toMatchObject({ status: 400 })
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })

  test('there are never more than allowed, however many log in at once', async () => {
    await createUsers(kept).putNewUser(aUser({ sub: 'crowd' }))
    const { logIn, sessions, refresh } = createService({ perUser: 10, stores: kept })
    const tokens = await Promise.all(Array.from({ length: 40 }, () => logIn()))

    const left = (await sessions.listSessions('crowd')).sessions.map(({ id }) => id)
    expect(left).toHaveLength(10)
    for (const { refreshToken, accessToken } of tokens) {
      const status = left.includes(sidOf({ accessToken })) ? 200 : 400
      expect(await refresh(refreshToken)).toMatchObject({ status })
    }
  })

  test('another account’s do not count', async () => {
    const bob = aUser({ username: 'bob', sub: 'subject-of-bob' })
    const stores = createMemoryStores(keptUser(aUser()), keptUser(bob))
    const { logIn, refresh } = createService({ perUser: 1, stores })
    const { refreshToken } = await logIn()
    await logIn('bob')

    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })
})

describe('a log-in', () => {
  test('has whole seconds in its token, and fractions between it and the next one', async () => {
    const { logIn, clock, sessions } = createService()
    clock.advance(0.75)
    const { accessToken } = await logIn()

    expect(decodeJwt(accessToken)).toMatchObject({ auth_time: clock() - 0.75, iat: clock() - 0.75 })
    expect((await sessions.listSessions('subject-of-ada')).sessions).toMatchObject([{ createdAt: clock() }])
  })

  // REQ-176
  test.each([
    [['pwd'], 'pwd'],
    [['pwd', 'otp', 'mfa'], 'mfa'],
    [['pop', 'user', 'mfa'], 'mfa'],
  ] as const)('by %j says when it was and that it is worth %s, through every refresh', async (amr, acr) => {
    const { logIn, refresh, clock } = createService({ stores: kept })
    await createUsers(kept).putNewUser(aUser({ username: `by-${amr.join('-')}`, sub: `sub-${amr.join('-')}` }))
    const proof = { auth_time: clock(), amr, acr }
    const tokens = await logIn(`by-${amr.join('-')}`, 'web', ['a'], { authTime: clock(), amr })
    clock.advance(600)
    const once = await refresh(tokens.refreshToken)
    clock.advance(600)
    const twice = await refresh(once.json.refresh_token)

    expect(decodeJwt(tokens.accessToken)).toMatchObject(proof)
    expect(decodeJwt(once.json.access_token)).toMatchObject(proof)
    expect(decodeJwt(twice.json.access_token)).toMatchObject({ ...proof, iat: clock() })
  })

  // REQ-176
  test('keeps the time of the authentication even if its session begins later', async () => {
    const { logIn, clock, sessions } = createService()
    const { accessToken } = await logIn('ada', 'web', ['a'], { authTime: clock() - 500.5, amr: ['pwd'] })

    expect(decodeJwt(accessToken)).toMatchObject({ auth_time: clock() - 501, iat: clock() })
    expect((await sessions.listSessions('subject-of-ada')).sessions).toMatchObject([
      { authTime: clock() - 500.5, createdAt: clock() },
    ])
  })

  test.each(['putNewSession', 'listSessions', 'deleteSession'] as const)(
    'gives no token when %s fails',
    async (operation) => {
      const stores = createMemoryStores(keptUser(aUser()))
      const first = createService({ perUser: 1, stores })
      await first.logIn()
      const sessions = { ...stores.sessions, [operation]: unavailable }
      const { logIn } = createService({ perUser: 1, stores: { ...stores, sessions } })

      await expect(logIn()).rejects.toThrow(Unavailable)
    },
  )

  test('leaves no session when there is no signature, and so ends no other', async () => {
    const stores = createMemoryStores(keptUser(aUser()))
    const { logIn, refresh, sessions } = createService({ perUser: 1, stores })
    const { refreshToken } = await logIn()
    await expect(createService({ perUser: 1, stores, sign: unavailable }).logIn()).rejects.toThrow(Unavailable)

    expect((await sessions.listSessions('subject-of-ada')).sessions).toHaveLength(1)
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })
})
