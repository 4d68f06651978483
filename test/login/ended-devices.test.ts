import { createHash } from 'node:crypto'
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createDynamoDbEnrolments } from '../../functions/adapters/dynamodb/factors/enrolments.ts'
import { deviceKey } from '../../functions/adapters/dynamodb/throttling/devices.ts'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { asClient, createOwnSessions } from '../../functions/domain/sessions/own-sessions.ts'
import { wireAdministration } from '../../functions/wiring/administration.ts'
import { wireChangePassword } from '../../functions/wiring/change-password.ts'
import { wireLogIn } from '../../functions/wiring/sign-in/log-in.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { complete, passwordOnly } from '../support/builders/log-in.ts'
import { aUser, createUsers } from '../support/builders/users.ts'
import { countRoundTrips } from '../support/count-calls.ts'
import { cheapHasher as hasher } from '../support/fakes/cheap-hasher.ts'
import { scheduleStore } from '../support/fakes/scheduled-store.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { numRuns } from '../support/random-runs.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const trips = countRoundTrips(table.client)
const atRest = createStores(table.client, table.name)
const users = createUsers(atRest)
const old = readPassword('correct horse battery staple') as Password
const next = readPassword('a better battery of horses') as Password
const guess = readPassword('a guess at the password') as Password
const passwordHash = await hasher.hash(old)
const policy = { minimumLength: 15, serviceName: 'Latchkey' }
const address = '203.0.113.7'
const env = {
  ...passwordOnly,
  ...{ SESSION_IDLE_LIMIT: 1000, SESSION_LIMIT: 1000, SESSIONS_PER_USER: 50, SCOPES: [] },
  ...{ ACCOUNT_FAILURES: 3, ADDRESS_FAILURES: 0 },
}
let made = 0

/** What has to do with one account, over stores of any kind. */
function actsOn({ sub, username }: { sub: string; username: string }, stores = atRest) {
  const clock = stoppedClock()
  const parts = { stores, issueAccessToken: async () => 'a token', askClaims: undefined, hasher, clock }
  const logIn = wireLogIn(parts, env)
  const { lifecycle, setPassword } = wireAdministration(
    { ...parts, enrolments: createDynamoDbEnrolments(table.client, table.name) },
    policy,
    [],
  )
  const changePassword = wireChangePassword(parts, env, policy)
  const ownSessions = createOwnSessions({ mayAsk: asClient, ...stores, clock, limits: { idle: 1000, absolute: 1000 } })
  const caller = async () => {
    const { sessions } = await stores.sessions.listSessions(sub)
    return { sub, sid: sessions[0]?.id ?? '' }
  }
  return {
    clock,
    logIn: (password: Password, device: { deviceToken?: string | undefined; rememberDevice?: boolean } = {}) =>
      logIn({ username, password, address, clientId: 'web', scope: undefined, ...device }),
    changePassword: async () => changePassword({ ...(await caller()), current: old, next, address }),
    setPassword: () => setPassword(username, next),
    revokeSessions: () => lifecycle.revokeSessions(username),
    endAllSessions: async () => ownSessions.endAll(await caller()),
    disableAndEnable: async () => {
      await lifecycle.disable(username)
      return lifecycle.enable(username)
    },
  }
}

type Acts = ReturnType<typeof actsOn>

async function setUp() {
  made += 1
  const user = { sub: `subject-of-ended-${made}`, username: `ended-${made}` }
  await users.putNewUser(aUser({ ...user, passwordHash, scope: [] }))
  const acts = actsOn(user)
  const remembered = await acts.logIn(old, { rememberDevice: true })
  const deviceToken = remembered.ok ? complete(remembered.value).deviceToken : undefined
  return { ...user, acts, deviceToken: deviceToken ?? '' }
}

const keyOf = (token: string) => deviceKey(createHash('sha256').update(token).digest('base64url'))

const findDevice = async (token: string) =>
  (await table.client.send(new GetCommand({ TableName: table.name, Key: keyOf(token), ConsistentRead: true }))).Item

async function costOf(flow: () => Promise<unknown>) {
  const before = trips.length
  await flow()
  return trips.slice(before).map((calls) => calls.join(' '))
}

const ends: readonly (readonly [string, (acts: Acts) => Promise<unknown>, Password])[] = [
  ['POST /password', ({ changePassword }) => changePassword(), next],
  ['set-password', ({ setPassword }) => setPassword(), next],
  ['revoke-sessions', ({ revokeSessions }) => revokeSessions(), old],
  ['DELETE /sessions', ({ endAllSessions }) => endAllSessions(), old],
  ['disable-user and enable-user', ({ disableAndEnable }) => disableAndEnable(), old],
]

// REQ-20, REQ-156
describe.each(ends)('after %s a device that was known', (_, end, password) => {
  test('counts its guesses on the account, and is deleted', async () => {
    const { acts, deviceToken } = await setUp()
    await end(acts)
    const reasons = []
    for (const _ of Array(4)) {
      const outcome = await acts.logIn(guess, { deviceToken })
      reasons.push(outcome.ok ? 'logged in' : outcome.failure.reason)
    }

    expect(reasons).toEqual(['wrong_password', 'wrong_password', 'wrong_password', 'account_locked'])
    expect(await findDevice(deviceToken)).toBeUndefined()
  })

  test('is remembered again by a log-in with the password, under a new token', async () => {
    const { acts, deviceToken } = await setUp()
    await end(acts)
    const remembered = await acts.logIn(password, { deviceToken, rememberDevice: true })
    const again = remembered.ok ? complete(remembered.value).deviceToken : undefined
    for (const _ of Array(3)) await acts.logIn(guess)

    expect(again).not.toBe(deviceToken)
    expect(await acts.logIn(password, { deviceToken })).toMatchObject({ failure: { reason: 'account_locked' } })
    expect(await acts.logIn(password, { deviceToken: again })).toMatchObject({ ok: true })
  })
})

// REQ-134, REQ-156
test('twenty guesses at once from a device that a new password made unknown are counted on the account', async () => {
  const { acts, deviceToken } = await setUp()
  await acts.setPassword()
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => acts.logIn(guess, { deviceToken })))

  const hashed = outcomes.filter((outcome) => !outcome.ok && outcome.failure.reason === 'wrong_password')
  expect(hashed).toHaveLength(3)
})

// REQ-134, REQ-156
test.each([
  ['from a known device', true],
  ['that has another device remembered', false],
])('a log-in %s beside a new password leaves no known device, in every order', (_, fromDevice) =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { sub, username, deviceToken } = await setUp()
      const { send } = scheduleStore({ send: table.client.send.bind(table.client) }, scheduler, [].values())
      const racing = createStores({ send } as unknown as DynamoDBDocumentClient, table.name)
      const acts = actsOn({ sub, username }, racing)
      const device = { rememberDevice: true, ...(fromDevice && { deviceToken }) }
      const [outcome] = await scheduler.waitFor(Promise.all([acts.logIn(old, device), acts.setPassword()]))

      const added = outcome.ok ? complete(outcome.value).deviceToken : undefined
      const epoch = await atRest.sessions.readEpoch(sub)
      for (const token of [deviceToken, added ?? deviceToken])
        expect((await findDevice(token))?.['epoch'] ?? 0).toBeLessThan(epoch)
    }),
    { numRuns: numRuns(40) },
  ),
)

// DESIGN 7
test('a device that is no longer known costs two writes more', async () => {
  const { acts, deviceToken } = await setUp()
  await acts.setPassword()
  const read = 'GetItem, consistent'

  expect(await costOf(() => acts.logIn(guess, { deviceToken }))).toEqual([
    read,
    `UpdateItem ${read}`,
    'UpdateItem DeleteItem',
    `${read} Query, consistent`,
  ])
})
