import { json } from 'node:stream/consumers'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createSessionLookUp } from '../../functions/adapters/dynamodb/sessions/session-look-up.ts'
import { createVerifyLiveToken, type HasSession } from '../../functions/domain/sessions/live-token.ts'
import { createVerifyAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { Unavailable } from '../../functions/domain/unavailable.ts'
import { createAuthorizer } from '../../functions/http/authorizer/authorizer.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { noRules } from '../support/authorizer.ts'
import { httpEvent } from '../support/builders/events.ts'
import { audience, createService, issuer, key } from '../support/builders/service.ts'
import { forge, verificationKeys } from '../support/builders/signing-key.ts'
import { aUser, createUsers } from '../support/builders/users.ts'
import { startFaultyAws } from '../support/fakes/aws-fault.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)
const keys = await verificationKeys(key)
let made = 0

async function setUp(hasSession: HasSession = createSessionLookUp(table.client, table.name)) {
  made += 1
  const username = `user-${made}`
  await createUsers(stores).putNewUser(aUser({ username, sub: `subject-${made}`, scope: ['a', 'b'] }))
  const service = createService({ stores })
  const lines: string[] = []
  const verify = createVerifyAccessToken({ issuer, audience, keys }, service.clock)
  const authorize = createAuthorizer(
    createVerifyLiveToken(verify, hasSession),
    noRules,
    (line) => lines.push(line),
    () => service.clock() * 1000,
  )
  const ask = (token: string) =>
    authorize({ ...httpEvent('GET /me'), type: 'REQUEST', headers: { authorization: `Bearer ${token}` } })
  return {
    ...service,
    username,
    ...(await service.logIn(username)),
    ask,
    lastLine: () => JSON.parse(lines.at(-1) ?? ''),
  }
}

// REQ-92
describe('the authorizer with immediate revocation', () => {
  test('lets a token of a living session in, and says who it is', async () => {
    const { ask, accessToken } = await setUp()

    expect(await ask(accessToken)).toEqual({
      isAuthorized: true,
      context: {
        sub: `subject-${made}`,
        client_id: 'web',
        scope: 'a b',
        sid: expect.stringMatching(/^[\w-]{22}$/),
        jti: expect.stringMatching(/^[\w-]{22}$/),
        auth_time: 1_800_000_000,
        acr: 'pwd',
        amr: 'pwd',
        groups: '',
        claims: '{}',
      },
    })
  })

  test('lets a token in that is older than the last refresh', async () => {
    const { ask, accessToken, refresh, refreshToken } = await setUp()
    await refresh(refreshToken)

    expect(await ask(accessToken)).toMatchObject({ isAuthorized: true })
  })

  test.each([
    ['a log-out', ({ revoke, refreshToken }) => revoke(refreshToken)],
    ['the end of all sessions', ({ own, accessToken }) => own('DELETE /sessions', accessToken)],
    ['revoke-sessions', ({ accountLifecycle, username }) => accountLifecycle.revokeSessions(username)],
    ['disable-user', ({ accountLifecycle, username }) => accountLifecycle.disable(username)],
    ['delete-user', ({ accountLifecycle, username }) => accountLifecycle.remove(username)],
    [
      'a reused token',
      async ({ refresh, refreshToken, clock }) => {
        await refresh(refreshToken)
        clock.advance(11)
        await refresh(refreshToken)
      },
    ],
  ] as readonly [string, (service: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>][])(
    'turns a token away after %s, though its time is not up',
    async (_, end) => {
      const service = await setUp()
      await end(service)

      expect(await service.ask(service.accessToken)).toEqual({ isAuthorized: false })
      expect(service.lastLine()).toMatchObject({ event: 'authz_fail', outcome: 'failure', reason: 'session_ended' })
    },
  )

  test('keeps the other sessions', async () => {
    const { ask, logIn, username, revoke, refreshToken } = await setUp()
    const { accessToken } = await logIn(username)
    await revoke(refreshToken)

    expect(await ask(accessToken)).toMatchObject({ isAuthorized: true })
  })

  test('turns away what the other authorizer would, without asking the table', async () => {
    const asked: string[] = []
    const { ask, accessToken, clock, lastLine } = await setUp(async (sub) => asked.push(sub) > 0)

    expect(await ask(`${accessToken.slice(0, -4)}AAAA`)).toEqual({ isAuthorized: false })
    expect(lastLine()).toMatchObject({ reason: 'bad_signature' })
    clock.advance(900)
    expect(await ask(accessToken)).toEqual({ isAuthorized: false })
    expect(lastLine()).toMatchObject({ reason: 'expired' })
    expect(asked).toEqual([])
  })

  test('turns a token away that names no session', async () => {
    const { ask, clock } = await setUp(async () => true)
    const now = clock()
    const claims = { iss: issuer, aud: audience, sub: 's', client_id: 'c', jti: 'j', iat: now, exp: now + 60 }
    const token = forge(key, { alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid }, claims)

    expect(await ask(token)).toEqual({ isAuthorized: false })
  })

  // REQ-75
  test('lets no one in while the table does not answer, nor turns anyone away: that is an error', async () => {
    const { ask, accessToken } = await setUp(async () => {
      throw new Unavailable('as told')
    })

    await expect(ask(accessToken)).rejects.toThrow(Unavailable)
  })
})

test('a session that the eventual read does not have yet is asked for again, consistently', async () => {
  const asked: unknown[] = []
  const aws = await startFaultyAws(async (request, response) => {
    const { ConsistentRead } = (await json(request)) as { readonly ConsistentRead: boolean }
    asked.push(ConsistentRead)
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
    response.end(JSON.stringify(ConsistentRead ? { Item: { pk: { S: 'SUB#s' } } } : {}))
  })
  const client = new DynamoDBClient(aws.config)

  expect(await createSessionLookUp(DynamoDBDocumentClient.from(client), 'latchkey')('s', 'i')).toBe(true)
  expect(asked).toEqual([false, true])
  client.destroy()
  await aws.close()
})
