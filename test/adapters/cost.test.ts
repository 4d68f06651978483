import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createSessionLookUp } from '../../functions/adapters/dynamodb/session-look-up.ts'
import { createDynamoDbSessions } from '../../functions/adapters/dynamodb/sessions.ts'
import { createDynamoDbUsers } from '../../functions/adapters/dynamodb/users.ts'
import { createLiveTokenVerifier } from '../../functions/domain/sessions/live-token.ts'
import { createAccessTokenVerifier } from '../../functions/domain/tokens/access-token.ts'
import { audience, createService, issuer, key, type ServiceSettings } from '../support/builders/service.ts'
import { verificationKeys } from '../support/builders/signing-key.ts'
import { aUser } from '../support/contracts/user-store-contract.ts'
import { countCalls } from '../support/count-calls.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const calls = countCalls(table.client)
const users = createDynamoDbUsers(table.client, table.name)
const sessions = createDynamoDbSessions(table.client, table.name)
const keys = await verificationKeys(key)
let made = 0

async function setUp(settings: ServiceSettings = {}) {
  made += 1
  await users.putNewUser(aUser({ username: `user-${made}`, sub: `subject-${made}`, scope: ['a', 'b'] }))
  const service = createService({ users, sessions, ...settings })
  const logIn = () => service.logIn(`user-${made}`)
  return { ...service, logIn, username: `user-${made}`, ...(await logIn()) }
}

/** What a flow asked of DynamoDB, in order. */
async function costOf(flow: () => Promise<unknown>): Promise<readonly string[]> {
  const before = calls.length
  await flow()
  return calls.slice(before)
}

const read = 'GetItem, consistent'
const query = 'Query, consistent'

// DESIGN 7
describe('the cost of', () => {
  test('a log-in is 2 reads and, for the session, 1 write', async () => {
    const { logIn } = await setUp()

    expect(await costOf(logIn)).toEqual([read, 'PutItem', query])
  })

  test('a log-in over the limit is 1 write more for each session that it ends', async () => {
    const { logIn, clock } = await setUp({ perUser: 1 })
    clock.advance(1)

    expect(await costOf(logIn)).toEqual([read, 'PutItem', query, 'DeleteItem'])
  })

  test('a refresh is 2 reads and 1 write', async () => {
    const { refresh, refreshToken } = await setUp()

    expect(await costOf(() => refresh(refreshToken))).toEqual([read, read, 'UpdateItem'])
  })

  test('a retry is 2 reads', async () => {
    const { refresh, refreshToken } = await setUp()
    await refresh(refreshToken)

    expect(await costOf(() => refresh(refreshToken))).toEqual([read, read])
  })

  // And on DynamoDB itself no third read, since the failed write brings the session along.
  test('a refresh that comes second is 1 write, which fails, and at most 3 reads', async () => {
    const { refresh, refreshToken } = await setUp()
    const cost = await costOf(() => Promise.all(Array.from({ length: 5 }, () => refresh(refreshToken))))

    const writes = cost.filter((call) => call === 'UpdateItem').length
    expect(writes).toBeLessThanOrEqual(5)
    expect(cost.filter((call) => call === read)).toHaveLength(2 * 5 + writes - 1)
    expect(cost.filter((call) => call !== 'UpdateItem' && call !== read)).toEqual([])
  })

  test('a refresh with a token used before is 2 reads and 1 write', async () => {
    const { refresh, refreshToken, clock } = await setUp()
    await refresh(refreshToken)
    clock.advance(11)

    expect(await costOf(() => refresh(refreshToken))).toEqual([read, read, 'DeleteItem'])
  })

  test('a guess is 1 read, and what cannot be a token nothing', async () => {
    const { refresh } = await setUp()

    expect(await costOf(() => refresh(Buffer.alloc(70).toString('base64url')))).toEqual([read])
    expect(await costOf(() => refresh('x'))).toEqual([])
  })

  test('a log-out is 1 read and 1 write, or 1 read where there is nothing to end', async () => {
    const { revoke, refreshToken, accessToken } = await setUp()

    expect(await costOf(() => revoke(refreshToken))).toEqual([read, 'DeleteItem'])
    expect(await costOf(() => revoke(refreshToken))).toEqual([read])
    expect(await costOf(() => revoke(accessToken))).toEqual([])
  })

  test('listing is 2 reads; ending one session 1 write; ending all 2 reads and 1 write, and 1 for each', async () => {
    const { own, accessToken, logIn } = await setUp()
    const other = await logIn()
    const id = String(decodeJwt(other.accessToken)['sid'])

    expect(await costOf(() => own('GET /sessions', accessToken))).toEqual([query, read])
    expect(await costOf(() => own('DELETE /sessions/{id}', accessToken, id))).toEqual(['DeleteItem'])
    expect(await costOf(() => own('DELETE /sessions', accessToken))).toEqual([query, 'UpdateItem', query, 'DeleteItem'])
  })

  test('the authorizer with immediate revocation is 1 eventual read, and 1 consistent one before it turns away', async () => {
    const { accessToken, revoke, refreshToken, clock } = await setUp()
    const verify = createAccessTokenVerifier({ issuer, audience, keys }, clock)
    const verifyLive = createLiveTokenVerifier(verify, createSessionLookUp(table.client, table.name))

    expect(await costOf(() => verifyLive(accessToken))).toEqual(['GetItem, eventual'])
    await revoke(refreshToken)
    expect(await costOf(() => verifyLive(accessToken))).toEqual(['GetItem, eventual', read])
    expect(await costOf(() => verifyLive(`${accessToken.slice(0, -4)}AAAA`))).toEqual([])
  })
})
