import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbEnrolments } from '../../functions/adapters/dynamodb/factors/enrolments.ts'
import type { InvokeFunction } from '../../functions/domain/invoke-function.ts'
import type { Password } from '../../functions/domain/passwords/password.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { succeed } from '../../functions/domain/result.ts'
import type { LogIn } from '../../functions/domain/sign-in/log-in.ts'
import { createIssueAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { wireAdministration } from '../../functions/wiring/administration.ts'
import { wireLogIn } from '../../functions/wiring/log-in.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { passwordOnly } from '../support/builders/log-in.ts'
import { confirms, createMigration } from '../support/builders/migration.ts'
import { audience, issuer, key } from '../support/builders/service.ts'
import { countCalls } from '../support/count-calls.ts'
import { cheapHasher as hasher } from '../support/fakes/cheap-hasher.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable, type TestTable } from '../support/table.ts'

const password = 'the old password' as Password
const other = 'another password, of the administrator' as Password
const address = '203.0.113.7'
const env = {
  ...passwordOnly,
  ...{ SESSION_IDLE_LIMIT: 1000, SESSION_LIMIT: 1000, SESSIONS_PER_USER: 50, SCOPES: ['a'] },
  ...{ ACCOUNT_FAILURES: 50, ADDRESS_FAILURES: 0 },
}

let table: TestTable
beforeAll(async () => {
  table = await openTable()
})
afterAll(() => table.close())
let names = 0

/** Log-in and administration over one table, with an old system in which everyone has one password. */
function setUp(trigger: InvokeFunction = confirms(password)) {
  const username = `grace ${++names}`
  const clock = stoppedClock()
  const stores = createStores(table.client, table.name)
  const { askOldSystem, askForRecovery, logged } = createMigration(trigger, {
    ...stores,
    hasher,
    clock,
    newId: randomId,
  })
  const rules = { issuer, audience, lifetime: 900 }
  const issueAccessToken = createIssueAccessToken(rules, key.signer, () => Math.floor(clock()), randomId)
  const logIn: LogIn = wireLogIn({ stores, issueAccessToken, hasher, clock, askOldSystem }, env)
  const administration = wireAdministration(
    { stores, enrolments: createDynamoDbEnrolments(table.client, table.name), hasher, clock },
    { minimumLength: 8, serviceName: 'x' },
    ['a'],
  )
  return {
    ...{ username, stores, administration, logged, askForRecovery },
    logIn: async (typed: Password = password) => {
      const credentials = { username, password: typed, address, clientId: 'web', scope: undefined }
      const outcome = await logIn(credentials)
      return outcome.ok ? outcome.value.account.sub : outcome.failure.reason
    },
    subject: () => stores.accounts.findSubject(username),
  }
}

// REQ-40
test('of many first log-ins at once all are good, and all are of one account', async () => {
  const { logIn, subject, logged } = setUp()
  const subs = await Promise.all(Array.from({ length: 12 }, () => logIn()))

  expect(new Set(subs)).toEqual(new Set([await subject()]))
  expect(logged().filter(({ event }) => event === 'user_migrated')).toHaveLength(1)
})

// REQ-40, REQ-151
describe('a first log-in at the moment that an administrator', () => {
  test('creates the same name is good only with the password of the account that there is then', async () => {
    const { username, logIn, subject, administration, stores } = setUp()
    const [created, ...outcomes] = await Promise.all([
      administration.createAccount({ username, password: other, scope: [] }),
      ...Array.from({ length: 5 }, () => logIn()),
    ])

    const sub = await subject()
    const stored = (await stores.passwords.findHash(sub ?? '')) ?? ''
    const isAdministrators = await hasher.verify(other, stored)
    expect(created.ok).toBe(isAdministrators)
    expect(new Set(outcomes)).toEqual(new Set([isAdministrators ? 'wrong_password' : sub]))
    expect(await logIn(isAdministrators ? other : password)).toBe(sub)
  })

  test('has created the same name while the old system was thinking opens nothing with the old password', async () => {
    const { username, logIn, subject, administration } = setUp(async (event) => {
      await administration.createAccount({ username, password: other, scope: [] })
      return confirms(password)(event)
    })

    expect(await logIn()).toBe('wrong_password')
    expect(await logIn(other)).toBe(await subject())
  })

  test('has imported and disabled the same name while the old system was thinking opens nothing', async () => {
    const { username, logIn, administration } = setUp(async (event) => {
      const foreign = { username, passwordHash: await hasher.hash(password), scope: [], disabled: true, sub: 'old-7' }
      await administration.importAccount(foreign, {
        restore: false,
        allowPersonalSub: false,
        update: false,
        dryRun: false,
      })
      return confirms(password)(event)
    })

    expect(await logIn()).toBe('user_disabled')
  })

  test('deletes the account leaves no session of the deleted one', async () => {
    const { username, logIn, subject, administration, stores } = setUp()
    const [first, second] = await Promise.all([
      logIn(),
      administration.lifecycle.remove(username).then(() => logIn()),
      administration.lifecycle.remove(username),
    ])

    const sub = await subject()
    for (const each of [first, second]) {
      if (each === sub || ['unknown_user', 'session_ended', 'user_disabled', 'wrong_password'].includes(each)) continue
      const { sessions, epoch } = await stores.sessions.listSessions(each)
      expect(sessions.filter((session) => session.epoch === epoch)).toEqual([])
    }
  })
})

// REQ-40, REQ-153
test('a first log-in at the moment of a recovery makes one account, with the old password or with none', async () => {
  const { username, logIn, subject, logged, stores, askForRecovery } = setUp(async (event) => {
    if ('password' in Object(event).request) return confirms(password)(event)
    const userAttributes = { email: `grace-${names}@old.example`, email_verified: 'true' }
    return succeed({ ...event, response: { userAttributes } })
  })
  const [loggedIn, ...recovered] = await Promise.all([logIn(), askForRecovery(username), askForRecovery(username)])

  const sub = (await subject()) ?? ''
  const hash = await stores.passwords.findHash(sub)
  expect(recovered).toEqual([true, true])
  expect(logged().filter(({ event }) => event === 'user_migrated')).toMatchObject([{ sub }])
  expect(loggedIn).toBe(hash === undefined ? 'wrong_password' : sub)
})

test('a known user costs the calls of any log-in, and the old system is not asked', async () => {
  const { username, logIn, administration, logged } = setUp()
  await administration.createAccount({ username, password: other, scope: [] })
  const calls = countCalls(table.client)
  await logIn(other)
  const good = calls.length
  await logIn(password)

  expect(logged()).toEqual([])
  // 5 reads and 4 writes, without the count of addresses, which is off here: then 4 reads and 1 write.
  expect([good, calls.length - good]).toEqual([8, 5])
})
