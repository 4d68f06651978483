import { createHash } from 'node:crypto'
import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { deviceKey } from '../../functions/adapters/dynamodb/throttling/devices.ts'
import type { PasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { endpoint } from '../../functions/http/api/endpoint.ts'
import { createLoginHandler } from '../../functions/login/handler.ts'
import { wireLogIn } from '../../functions/wiring/sign-in/log-in.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { context, httpEvent, readAddress } from '../support/builders/events.ts'
import { noSteps, passwordOnly } from '../support/builders/log-in.ts'
import { aUser, createUsers } from '../support/builders/users.ts'
import { countRoundTrips } from '../support/count-calls.ts'
import { captureNotices } from '../support/fakes/captured-notices.ts'
import { cheapHasher } from '../support/fakes/cheap-hasher.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const trips = countRoundTrips(table.client)
const stores = createStores(table.client, table.name)
const users = createUsers(stores)
const password = 'correct horse battery staple'
const passwordHash = await cheapHasher.hash(readPassword(password) as Password)
const day = 86_400
let made = 0

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url')
const keyOf = (token: string) => deviceKey(hashOf(token))

/** Happens between the count of an attempt and the success that clears it. */
let whileHashing: (() => Promise<unknown>) | undefined
const hasher: PasswordHasher = {
  ...cheapHasher,
  verify: async (...args) => {
    await whileHashing?.()
    return cheapHasher.verify(...args)
  },
}

async function setUp({ accountFailures = 3 } = {}) {
  made += 1
  const username = `user-${made}`
  await users.putNewUser(aUser({ sub: `subject-${made}`, username, passwordHash, scope: [] }))
  const clock = stoppedClock()
  const { notices, notify } = captureNotices()
  const env = {
    ...passwordOnly,
    ...{ SESSION_IDLE_LIMIT: 1000, SESSION_LIMIT: 1000, SESSIONS_PER_USER: 50, SCOPES: [] },
    ...{ ACCOUNT_FAILURES: accountFailures, ADDRESS_FAILURES: 0 },
  }
  const handler = createLoginHandler({
    ...noSteps,
    logIn: wireLogIn({ stores, issueAccessToken: async () => 'a token', askClaims: undefined, hasher, clock }, env),
    notify,
    readAddress,
    clock,
    hashForLog: () => 'a hash',
    clients: ['web'],
    lifetime: 900,
  })
  const handle = endpoint(handler, () => undefined)
  const post = async (members: object, name = username) => {
    const event = httpEvent('POST /login', { body: JSON.stringify({ username: name, password, ...members }) })
    const { statusCode, body = '' } = await handle(event, context)
    return { status: statusCode, json: JSON.parse(body) }
  }
  const guess = (members: object = {}, name = username) => post({ password: 'a guess', ...members }, name)
  const remember = async (): Promise<string> => (await post({ remember_device: true })).json.device_token
  const lock = async () => {
    while ((await guess()).status !== 429);
  }
  return { username, post, guess, remember, lock, clock, notices }
}

async function costOf(flow: () => Promise<unknown>) {
  const before = trips.length
  await flow()
  return trips.slice(before).map((calls) => calls.join(' '))
}

const read = 'GetItem, consistent'

// REQ-156
describe('a device that is remembered', () => {
  test('has a token of 256 random bits, of which the table holds only a hash', async () => {
    const { remember } = await setUp()
    const [first, second] = [await remember(), await remember()]

    expect(first).toMatch(/^[\w-]{43}$/)
    expect(second).not.toBe(first)
    const Key = { pk: `DEVICE#${first}`, sk: 'DEVICE' }
    expect((await table.client.send(new GetCommand({ TableName: table.name, Key }))).Item).toBeUndefined()
  })

  test('is asked for: otherwise the response has no token', async () => {
    const { post } = await setUp()

    for (const members of [{}, { remember_device: false }, { remember_device: null }])
      expect((await post(members)).json).not.toHaveProperty('device_token')
  })

  test('lets its owner in while strangers keep the log-in locked', async () => {
    const { post, remember, lock } = await setUp()
    const device_token = await remember()
    await lock()

    expect(await post({})).toMatchObject({ status: 429 })
    expect(await post({ device_token })).toMatchObject({ status: 200 })
    expect(await post({})).toMatchObject({ status: 429 })
  })

  test('counts its failures for itself: they do not lock the log-in of others', async () => {
    const { post, guess, remember } = await setUp()
    const device_token = await remember()
    for (const _ of Array(9)) expect(await guess({ device_token })).toMatchObject({ status: 400 })

    expect(await post({})).toMatchObject({ status: 200 })
  })

  test('is forgotten after ten failures in a row, and then counts like any other', async () => {
    const { post, guess, remember, lock } = await setUp()
    const device_token = await remember()
    await lock()
    for (const _ of Array(10)) expect(await guess({ device_token })).toMatchObject({ status: 400 })

    expect(await guess({ device_token })).toMatchObject({ status: 429 })
    expect(await post({ device_token })).toMatchObject({ status: 429 })
  })

  // REQ-134
  test('has failures that are no threshold of the account', async () => {
    const { guess, remember, notices } = await setUp()
    const device_token = await remember()
    for (let failure = 1; failure <= 10; failure += 1) await guess({ device_token })

    expect(notices).toEqual([])
  })

  test('lets ten of a hundred guesses at once reach the hash', async () => {
    const { guess, remember, lock } = await setUp()
    const device_token = await remember()
    await lock()
    const answers = await Promise.all(Array.from({ length: 100 }, () => guess({ device_token })))

    expect(answers.filter(({ status }) => status === 400)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(90)
  })

  test('starts to count again after a good log-in', async () => {
    const { post, guess, remember } = await setUp()
    const device_token = await remember()
    for (const _ of [1, 2, 3]) {
      for (const _ of Array(9)) await guess({ device_token })
      expect(await post({ device_token })).toMatchObject({ status: 200 })
    }
  })

  test('is known for 180 days, and for 180 more when it is remembered again, by the same token', async () => {
    const { post, remember, lock, clock } = await setUp({ accountFailures: 1 })
    const device_token = await remember()
    clock.advance(180 * day - 1)
    await lock()
    const again = await post({ device_token, remember_device: true })
    expect([again.status, again.json.device_token]).toEqual([200, device_token])

    clock.advance(180 * day - 1)
    await lock()
    expect(await post({ device_token })).toMatchObject({ status: 200 })
    clock.advance(1)
    await lock()
    expect(await post({ device_token })).toMatchObject({ status: 429 })
  })

  test('is known for its own account only', async () => {
    const [ada, bob] = [await setUp(), await setUp()]
    const device_token = await bob.remember()
    await ada.lock()

    expect(await ada.post({ device_token })).toMatchObject({ status: 429 })
    for (const _ of Array(12)) await ada.guess({ device_token })
    await bob.lock()
    expect(await bob.post({ device_token })).toMatchObject({ status: 200 })
  })

  test.each(['', 'no token', 'A'.repeat(43), 'é'.repeat(5000)])(
    'is not one whose token is %j: the attempt counts like any other',
    async (device_token) => {
      const { guess } = await setUp()
      const statuses = []
      for (const _ of Array(4)) statuses.push((await guess({ device_token })).status)

      expect(statuses).toEqual([400, 400, 400, 429])
    },
  )

  test('has the same answers for an unknown name', async () => {
    const { guess, remember } = await setUp()
    const device_token = await remember()
    const [known, unknown] = [[], []] as { status: number | undefined; json: unknown }[][]
    for (const _ of Array(4)) known?.push(await guess({ device_token: 'x' }))
    for (const _ of Array(4)) unknown?.push(await guess({ device_token }, `nobody-${made}`))

    expect(unknown).toEqual(known)
  })

  test.each([{ remember_device: 'true' }, { remember_device: 1 }, { device_token: 7 }, { device_token: ['x'] }])(
    'has members of these types, not %j',
    async (members) => {
      const { post } = await setUp()

      expect(await post(members)).toMatchObject({
        status: 400,
        json: {
          error: 'invalid_request',
          error_description: 'remember_device must be true or false, and device_token a string.',
        },
      })
    },
  )

  // DESIGN 7
  test('costs no call more than the account’s own count; to remember one costs a write, a false token another', async () => {
    const { post, guess, remember } = await setUp()
    const device_token = await remember()

    const before = [read, `UpdateItem ${read}`, `${read} Query, consistent`]
    const session = 'Query, consistent'
    expect(await costOf(() => post({ device_token }))).toEqual([...before, 'UpdateItem PutItem', session])
    expect(await costOf(() => post({ remember_device: true }))).toEqual([
      ...before,
      'PutItem DeleteItem PutItem',
      session,
    ])
    const [, ...rest] = before
    expect((await costOf(() => guess({ device_token: 'false' }))).flat().join(' ')).toBe(
      [read, `UpdateItem ${read}`, 'UpdateItem', ...rest.slice(1)].join(' '),
    )
  })

  test('that became unknown while its owner logged in, and is to be remembered, gets a new token', async () => {
    const { post, username, lock } = await setUp()
    const { json } = await post({ remember_device: true })
    // What ten wrong passwords beside the right one do.
    whileHashing = () => table.client.send(new DeleteCommand({ TableName: table.name, Key: keyOf(json.device_token) }))
    const again = await post({ device_token: json.device_token, remember_device: true })
    whileHashing = undefined
    await lock()

    expect(again.json.device_token).not.toBe(json.device_token)
    expect(await post({ device_token: again.json.device_token }, username)).toMatchObject({ status: 200 })
    expect(await post({ device_token: json.device_token })).toMatchObject({ status: 429 })
  })

  test('that is deleted while its owner logs in stays deleted', async () => {
    const { guess, remember } = await setUp()
    const device_token = await remember()
    for (const _ of Array(11)) await guess({ device_token })
    const hash = hashOf(device_token)
    expect(await stores.devices.clearDevice({ hash, sub: `subject-${made}` }, 2_000_000_000)).toBe(false)

    const found = await table.client.send(new GetCommand({ TableName: table.name, Key: keyOf(device_token) }))
    expect(found.Item).toBeUndefined()
  })
})
