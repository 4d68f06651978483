import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { formatRefreshToken, readRefreshToken, successorOf } from '../../functions/domain/sessions/refresh-token.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { createService, type ServiceSettings } from '../support/builders/service.ts'
import { aUser, createUsers } from '../support/builders/users.ts'
import { captureNotices } from '../support/fakes/captured-notices.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)
const users = createUsers(stores)
const { sessions } = stores
let made = 0

async function setUp(settings: ServiceSettings = {}) {
  made += 1
  const name = `user-${made}`
  await users.putNewUser(aUser({ username: name, sub: `subject-${made}`, scope: ['a', 'b'] }))
  const outcomes: boolean[] = []
  const counting = {
    ...sessions,
    replaceSession: async (...args: Parameters<typeof sessions.replaceSession>) => {
      const outcome = await sessions.replaceSession(...args)
      outcomes.push(outcome.isReplaced)
      return outcome
    },
  }
  const service = createService({ stores: { ...stores, sessions: counting }, ...settings })
  const login = await service.logIn(name)
  return { ...service, ...login, name, wins: () => outcomes.filter(Boolean).length }
}

// REQ-83
describe('100 parallel refreshes with one token', () => {
  test('are 100 good answers with one and the same successor, which works; one write won', async () => {
    const { refresh, refreshToken, wins } = await setUp()
    const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(refreshToken)))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100)
    const successors = new Set(answers.map(({ json }) => json.refresh_token))
    expect(successors.size).toBe(1)
    expect(wins()).toBe(1)
    expect(new Set(answers.map(({ json }) => decodeJwt(json.access_token).jti)).size).toBe(100)
    const [successor] = successors
    expect(await refresh(successor)).toMatchObject({ status: 200 })
  })

  test('do so in every generation', async () => {
    const { refresh, refreshToken, wins } = await setUp()
    let token = refreshToken
    for (const generation of [1, 2, 3, 4, 5]) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(token)))
      const successors = new Set(answers.map(({ json }) => json.refresh_token))
      expect([successors.size, wins()]).toEqual([1, generation])
      ;[token] = successors
    }
  })

  test('that reuse it are told to the owner once', async () => {
    const { notices, notify } = captureNotices()
    const { refresh, refreshToken } = await setUp({ grace: 0, notify })
    await refresh(refreshToken)
    const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(refreshToken)))

    expect(answers.every(({ status }) => status === 400)).toBe(true)
    expect(notices).toMatchObject([{ kind: 'sessionEndedAsReused' }])
  })

  test('without a grace leave no one with a token that works', async () => {
    const { refresh, refreshToken } = await setUp({ grace: 0 })
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)))

    const given = answers.filter(({ status }) => status === 200)
    expect(given).toHaveLength(1)
    expect(await refresh(given[0]?.json.refresh_token)).toMatchObject({ status: 400 })
  })
})

describe('a refresh that races with', () => {
  test.each([
    ['a log-out', ({ revoke, refreshToken }) => revoke(refreshToken)],
    ['the end of all sessions', ({ own, accessToken }) => own('DELETE /sessions', accessToken)],
    ['revoke-sessions', ({ accountLifecycle, name }) => accountLifecycle.revokeSessions(name)],
    ['disable-user', ({ accountLifecycle, name }) => accountLifecycle.disable(name)],
    ['delete-user', ({ accountLifecycle, name }) => accountLifecycle.remove(name)],
  ] as readonly [string, (service: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>][])(
    '%s gives nothing that works afterwards',
    async (_, end) => {
      for (const _ of Array.from({ length: 10 })) {
        const service = await setUp()
        const { refresh, refreshToken } = service
        const racing = Array.from({ length: 4 }, () => refresh(refreshToken))
        const [answers] = await Promise.all([Promise.all(racing), end(service)])

        const tokens = answers.flatMap(({ status, json }) => (status === 200 ? [json.refresh_token] : []))
        for (const token of [refreshToken, ...tokens]) expect(await refresh(token)).toMatchObject({ status: 400 })
      }
    },
  )
})

// REQ-158
test('a used refresh token and the table give a token that works only until the successor is used', async () => {
  const { refresh, refreshToken, accessToken } = await setUp()
  const { sub = '', sid } = decodeJwt(accessToken)
  const computed = async () => {
    const token = readRefreshToken(refreshToken)
    const { salt = '' } = (await sessions.findSession(sub, String(sid))) ?? {}
    return token && formatRefreshToken({ ...token, secret: successorOf(salt, token.secret) })
  }
  const successor = (await refresh(refreshToken)).json.refresh_token

  expect(await computed()).toBe(successor)
  await refresh(successor)
  expect(await refresh((await computed()) ?? '')).toMatchObject({ status: 400 })
})

// REQ-80
test('no refresh token that was handed out lies in the table, nor its family or its secret', async () => {
  const { logIn, refresh, refreshToken, name } = await setUp()
  const tokens = [refreshToken, (await logIn(name)).refreshToken]
  for (const _ of [1, 2, 3]) tokens.push((await refresh(tokens.at(-1) ?? '')).json.refresh_token)
  const { Items = [], LastEvaluatedKey: more } = await table.client.send(new ScanCommand({ TableName: table.name }))

  expect(more).toBeUndefined()
  const stored = JSON.stringify(Items)
  const written = (bytes: Uint8Array) =>
    (['base64url', 'base64', 'hex'] as const).map((encoding) => Buffer.from(bytes).toString(encoding))
  expect(Items.filter(({ sk }) => sk.startsWith('SESSION#')).length).toBeGreaterThanOrEqual(2)
  for (const token of tokens) {
    const { family, secret } = readRefreshToken(token) ?? {}
    if (!family || !secret) throw new Error('No token.')
    for (const text of [token, ...written(family), ...written(secret)]) expect(stored).not.toContain(text)
  }
})
