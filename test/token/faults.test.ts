import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createDynamoDbSessions } from '../../functions/adapters/dynamodb-sessions.ts'
import { createDynamoDbUsers } from '../../functions/adapters/dynamodb-users.ts'
import { Unavailable } from '../../functions/domain/unavailable.ts'
import { type Fault, startFaultyTable } from '../support/faulty-table.ts'
import { createService, type ServiceSettings } from '../support/service.ts'
import { openTable } from '../support/table.ts'
import { aUser } from '../support/user-store-contract.ts'

// Much goes on at once here, which a busy machine takes its time for.
jest.setTimeout(30_000)

const table = await openTable()
const faulty = await startFaultyTable(table.endpoint)
const opened: DynamoDBClient[] = []
afterEach(() => {
  for (const client of opened.splice(0)) client.destroy()
})
afterAll(async () => {
  await faulty.close()
  await table.close()
})
let made = 0

type Patience = { readonly maxAttempts?: number; readonly requestTimeout?: number }

/** As adapters/aws-client.ts makes a client, but for how often it tries and how long it waits. */
async function setUp({ maxAttempts = 1, requestTimeout = 5000, ...settings }: ServiceSettings & Patience = {}) {
  made += 1
  const client = new DynamoDBClient({
    endpoint: faulty.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts,
    requestHandler: { connectionTimeout: 1000, requestTimeout, throwOnRequestTimeout: true },
  })
  opened.push(client)
  const documents = DynamoDBDocumentClient.from(client)
  const users = createDynamoDbUsers(documents, table.name)
  const sessions = createDynamoDbSessions(documents, table.name)
  await users.putNewUser(aUser({ username: `user-${made}`, sub: `subject-${made}`, scope: ['a', 'b'] }))
  const service = createService({ users, sessions, ...settings })
  const logIn = () => service.logIn(`user-${made}`)
  return { ...service, logIn, sub: `subject-${made}`, ...(await logIn()) }
}

const unavailable = {
  status: 503,
  headers: { 'retry-after': '1' },
  json: { error: 'temporarily_unavailable' },
}
const faults: readonly Fault[] = ['throttling', 'an internal error', 'a broken connection', 'an answer lost']
const places = [
  ['the read of the session', 'GetItem', []],
  ['the read of the account', 'GetItem', [undefined]],
  ['the write', 'UpdateItem', []],
] as const

// SECURITY 132
describe('a refresh', () => {
  const cases = places.flatMap(([place, ...rest]) => faults.map((fault) => [fault, place, ...rest] as const))

  test.each(cases)('that meets %s at %s is answered with 503, and the token is still good', async (...a) => {
    const [fault, , operation, before] = a
    const { refresh, refreshToken } = await setUp()
    faulty.failNext(operation, ...before, fault)

    expect(await refresh(refreshToken)).toMatchObject(unavailable)
    const retried = await refresh(refreshToken)
    expect(retried).toMatchObject({ status: 200 })
    expect((await refresh(refreshToken)).json.refresh_token).toBe(retried.json.refresh_token)
    expect(await refresh(retried.json.refresh_token)).toMatchObject({ status: 200 })
  })

  test('that waits in vain is answered with 503 in time, and the token is still good', async () => {
    const { refresh, refreshToken } = await setUp({ requestTimeout: 2000 })
    faulty.failNext('UpdateItem', 'no answer')

    expect(await refresh(refreshToken)).toMatchObject(unavailable)
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })

  test.each(['an answer lost', 'no answer', 'an internal error'] as const)(
    'that meets %s once at its write is tried again by itself, with or without a grace',
    async (fault) => {
      for (const grace of [0, 10]) {
        const { refresh, refreshToken } = await setUp({ maxAttempts: 3, requestTimeout: 2000, grace })
        faulty.failNext('UpdateItem', fault)

        const answer = await refresh(refreshToken)
        expect(answer).toMatchObject({ status: 200 })
        expect(await refresh(answer.json.refresh_token)).toMatchObject({ status: 200 })
      }
    },
  )

  test('whose every second write is done without an answer has one successor among all who ask', async () => {
    const { refresh, refreshToken } = await setUp({ maxAttempts: 2 })
    faulty.failNext(
      'UpdateItem',
      ...Array.from({ length: 20 }, (_, i) => (i % 2 ? undefined : ('an answer lost' as const))),
    )
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)))
    faulty.failNext('UpdateItem')

    const good = answers.filter(({ status }) => status === 200)
    expect(good.length).toBeGreaterThan(0)
    expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([])
    expect(new Set(good.map(({ json }) => json.refresh_token)).size).toBe(1)
    expect(await refresh(good[0]?.json.refresh_token)).toMatchObject({ status: 200 })
  })

  test('without a signature has written nothing, so that not even a grace is needed', async () => {
    const failing = { times: 0 }
    const { refresh, refreshToken, sessions, sub, ...service } = await setUp({ grace: 0 })
    const before = await sessions.listSessions(sub)
    const sign = async () => {
      failing.times += 1
      throw new Unavailable('as told')
    }
    const broken = createService({ users: service.users, sessions, sign, grace: 0 })

    expect(await broken.refresh(refreshToken)).toMatchObject(unavailable)
    expect(failing.times).toBe(1)
    expect(await sessions.listSessions(sub)).toEqual(before)
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })

  test.each(faults)('with a token used before that meets %s while it ends the session gives nothing', async (fault) => {
    const { refresh, refreshToken, clock } = await setUp()
    const { json } = await refresh(refreshToken)
    clock.advance(11)
    faulty.failNext('DeleteItem', fault)

    expect(await refresh(refreshToken)).toMatchObject(unavailable)
    expect(await refresh(refreshToken)).toMatchObject({ status: 400 })
    expect(await refresh(json.refresh_token)).toMatchObject({ status: 400 })
  })
})

describe('a log-in', () => {
  test.each(['PutItem', 'Query'])('that meets a fault at its %s gives no token', async (operation) => {
    const { logIn } = await setUp()
    for (const fault of faults) {
      faulty.failNext(operation, fault)

      await expect(logIn()).rejects.toThrow(Unavailable)
    }
    expect(await logIn()).toMatchObject({ refreshToken: expect.any(String) })
  })

  test('whose session was put without an answer is tried again by itself, and has one', async () => {
    const { logIn, refresh, sessions, sub } = await setUp({ maxAttempts: 3 })
    faulty.failNext('PutItem', 'an answer lost')
    const { accessToken, refreshToken } = await logIn()

    const ids = (await sessions.listSessions(sub)).map(({ id }) => id)
    expect(ids).toHaveLength(2)
    expect(ids).toContain(decodeJwt(accessToken)['sid'])
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })
})

describe('a log-out', () => {
  test.each(faults)('that meets %s is answered with 503, and can be done again', async (fault) => {
    const { revoke, refresh, refreshToken } = await setUp()
    faulty.failNext('DeleteItem', fault)

    expect(await revoke(refreshToken)).toMatchObject(unavailable)
    expect(await revoke(refreshToken)).toMatchObject({ status: 200 })
    expect(await refresh(refreshToken)).toMatchObject({ status: 400 })
  })

  test('whose deletion was done without an answer is tried again by itself', async () => {
    const { revoke, refreshToken, sessions, sub } = await setUp({ maxAttempts: 3 })
    faulty.failNext('DeleteItem', 'an answer lost')

    expect(await revoke(refreshToken)).toMatchObject({ status: 200 })
    expect(await sessions.listSessions(sub)).toEqual([])
  })

  test.each(['UpdateItem', 'Query', 'DeleteItem'])(
    'everywhere that stops at its %s ends everything when done again',
    async (operation) => {
      const { own, accessToken, logIn, refresh, refreshToken } = await setUp()
      const other = await logIn()
      faulty.failNext(operation, 'an internal error')

      expect(await own('DELETE /sessions', accessToken)).toMatchObject(unavailable)
      expect(await own('DELETE /sessions', accessToken)).toMatchObject({ status: 204 })
      for (const token of [refreshToken, other.refreshToken])
        expect(await refresh(token)).toMatchObject({ status: 400 })
    },
  )

  test('everywhere has ended all sessions once the mark is raised, whatever becomes of the rest', async () => {
    const { own, accessToken, logIn, refresh, refreshToken } = await setUp()
    const other = await logIn()
    faulty.failNext('DeleteItem', 'an internal error', 'an internal error')
    await own('DELETE /sessions', accessToken)

    for (const token of [refreshToken, other.refreshToken]) expect(await refresh(token)).toMatchObject({ status: 400 })
  })
})
