import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createSessionLookUp } from '../../functions/adapters/dynamodb/sessions/session-look-up.ts'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { createVerifyLiveToken } from '../../functions/domain/sessions/live-token.ts'
import { createVerifyAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { wireChangePassword } from '../../functions/wiring/change-password.ts'
import { wireLogIn } from '../../functions/wiring/sign-in/log-in.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { passwordOnly } from '../support/builders/log-in.ts'
import { audience, createService, issuer, key, type ServiceSettings } from '../support/builders/service.ts'
import { verificationKeys } from '../support/builders/signing-key.ts'
import { aUser, createUsers } from '../support/builders/users.ts'
import { countRoundTrips } from '../support/count-calls.ts'
import { cheapHasher } from '../support/fakes/cheap-hasher.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const trips = countRoundTrips(table.client)
const stores = createStores(table.client, table.name)
const users = createUsers(stores)
const keys = await verificationKeys(key)
const password = readPassword('correct horse battery staple') as Password
const passwordHash = await cheapHasher.hash(password)
const policy = { minimumLength: 8, serviceName: 'Latchkey' }
let made = 0

async function setUp(settings: ServiceSettings = {}) {
  made += 1
  const username = `user-${made}`
  await users.putNewUser(aUser({ username, sub: `subject-${made}`, passwordHash, scope: ['a', 'b'] }))
  const service = createService({ stores, ...settings })
  const parts = {
    stores,
    issueAccessToken: async () => 'a token',
    askClaims: undefined,
    hasher: cheapHasher,
    clock: service.clock,
  }
  const env = {
    ...passwordOnly,
    ...{ SESSION_IDLE_LIMIT: 1000, SESSION_LIMIT: 1000, SESSIONS_PER_USER: settings.perUser ?? 50, SCOPES: [] },
    ...{ ACCOUNT_FAILURES: 2, ADDRESS_FAILURES: 100 },
  }
  const enter = wireLogIn(parts, env)
  const logIn = (guess = password, name = username) =>
    enter({
      ...{ username: name, password: guess, address: `192.0.2.${made}` },
      ...{ clientId: 'web', scope: undefined },
    })
  const changePassword = wireChangePassword(parts, env, policy)
  return { ...service, logIn, changePassword, username, ...(await service.logIn(username)) }
}

/** The calls of a flow, round trip by round trip. */
async function costOf(flow: () => Promise<unknown>): Promise<readonly (readonly string[])[]> {
  const before = trips.length
  await flow()
  return trips.slice(before)
}

const read = 'GetItem, consistent'
const query = 'Query, consistent'

/** What comes before the hash: the counts and the epoch before account and credentials. */
const counted = [
  ['UpdateItem', read],
  ['UpdateItem', read],
]
const found = [read, query]
const guess = readPassword('a guess') as Password

// DESIGN 7
describe('the cost of a log-in', () => {
  test('is 5 reads and 4 writes: three round trips before the hash and three after', async () => {
    const { logIn } = await setUp()

    // The signature, which is no call to the table, is made beside clearing the count.
    expect(await costOf(() => logIn())).toEqual([...counted, found, ['DeleteItem', 'PutItem'], [query]])
  })

  test('is 1 write more for each session beyond the limit that it ends', async () => {
    const { logIn, clock } = await setUp({ perUser: 1 })
    clock.advance(1)

    expect((await costOf(() => logIn())).at(-1)).toEqual(['DeleteItem'])
  })

  test('is 4 reads and 2 writes for a wrong password, and the same for an unknown name', async () => {
    const { logIn } = await setUp()

    expect(await costOf(() => logIn(guess))).toEqual([...counted, found])
    expect(await costOf(() => logIn(guess, 'nobody'))).toEqual([...counted, found])
  })

  test('is 2 reads and 2 writes where the account is locked', async () => {
    const { logIn } = await setUp()
    await logIn(guess)
    await logIn(guess)

    expect(await costOf(() => logIn())).toEqual(counted)
  })
})

describe('the cost of', () => {
  test('a refresh is 3 reads and 1 write', async () => {
    const { refresh, refreshToken } = await setUp()

    expect(await costOf(() => refresh(refreshToken))).toEqual([[read, read], ['UpdateItem'], [read]])
  })

  test('a retry is 3 reads, and 1 write where it is a late one', async () => {
    const { refresh, refreshToken, clock } = await setUp()
    await refresh(refreshToken)

    expect(await costOf(() => refresh(refreshToken))).toEqual([[read, read], [read]])
    clock.advance(3)
    expect(await costOf(() => refresh(refreshToken))).toEqual([[read, read], ['UpdateItem'], [read]])
  })

  test('a refresh that comes second is 3 reads and 1 write, which fails and brings the session along', async () => {
    const { refresh, refreshToken } = await setUp()
    const cost = (await costOf(() => Promise.all(Array.from({ length: 5 }, () => refresh(refreshToken))))).flat()

    expect(cost.filter((call) => call === 'UpdateItem').length).toBeLessThanOrEqual(5)
    expect(cost.filter((call) => call === read)).toHaveLength(3 * 5)
    expect(cost.filter((call) => call !== 'UpdateItem' && call !== read)).toEqual([])
  })

  test('a refresh with a token used before is 2 reads and 1 write', async () => {
    const { refresh, refreshToken, clock } = await setUp()
    await refresh(refreshToken)
    clock.advance(11)

    expect(await costOf(() => refresh(refreshToken))).toEqual([[read, read], ['DeleteItem']])
  })

  test('a guessed refresh token is 2 reads, and what cannot be a token nothing', async () => {
    const { refresh } = await setUp()

    expect(await costOf(() => refresh(Buffer.alloc(70).toString('base64url')))).toEqual([[read, read]])
    expect(await costOf(() => refresh('x'))).toEqual([])
  })

  test('a log-out is 1 read and 1 write, 1 read where there is nothing to end, 1 write by an access token', async () => {
    const { revoke, refreshToken, accessToken } = await setUp()

    expect(await costOf(() => revoke(refreshToken))).toEqual([[read], ['DeleteItem']])
    expect(await costOf(() => revoke(refreshToken))).toEqual([[read]])
    expect(await costOf(() => revoke(accessToken))).toEqual([['DeleteItem']])
  })

  test('listing is 1 read; ending one session 1 more and 1 write; ending all 2 reads, 1 write and 1 for each', async () => {
    const { own, accessToken, logIn } = await setUp()
    await logIn()
    const { json } = await own('GET /sessions', accessToken)
    const other = json.sessions.find(({ current }: { readonly current: boolean }) => !current)

    expect(await costOf(() => own('GET /sessions', accessToken))).toEqual([[query]])
    expect(await costOf(() => own('DELETE /sessions/{id}', accessToken, other.id))).toEqual([[query], ['DeleteItem']])
    expect(await costOf(() => own('DELETE /sessions', accessToken))).toEqual([
      [query],
      ['UpdateItem'],
      [query],
      ['DeleteItem'],
    ])
  })

  test('a password change is 6 reads, 5 writes and 1 for each session that it ends', async () => {
    const { changePassword, accessToken } = await setUp()
    const { sub = '', sid } = decodeJwt(accessToken)
    const change = { sub, sid: String(sid), current: password, next: guess, address: '192.0.2.1' }
    const next = readPassword('another battery of horses') as Password

    expect(await costOf(() => changePassword({ ...change, next }))).toEqual([
      [read, read],
      found,
      ['UpdateItem'],
      ['UpdateItem'],
      ['DeleteItem'],
      ['TransactWriteItems'],
      [query],
      ['DeleteItem'],
      ['PutItem'],
      [query],
    ])
  })

  test('the authorizer with immediate revocation is 1 eventual read, and 1 consistent one before it denies', async () => {
    const { accessToken, revoke, refreshToken, clock } = await setUp()
    const verify = createVerifyAccessToken({ issuer, audience, keys }, clock)
    const verifyLive = createVerifyLiveToken(verify, createSessionLookUp(table.client, table.name))

    expect(await costOf(() => verifyLive(accessToken))).toEqual([['GetItem, eventual']])
    await revoke(refreshToken)
    expect(await costOf(() => verifyLive(accessToken))).toEqual([['GetItem, eventual'], [read]])
    expect(await costOf(() => verifyLive(`${accessToken.slice(0, -4)}AAAA`))).toEqual([])
  })
})
