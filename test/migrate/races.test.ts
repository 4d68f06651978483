import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbConfirmations } from '../../functions/adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDbEnrolments } from '../../functions/adapters/dynamodb/factors/enrolments.ts'
import type { InvokeFunction } from '../../functions/domain/invoke-function.ts'
import type { Password } from '../../functions/domain/passwords/password.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { succeed } from '../../functions/domain/result.ts'
import type { LogIn } from '../../functions/domain/sign-in/log-in.ts'
import { createMailRecoveryCode } from '../../functions/domain/sign-in/password/mail-recovery-code.ts'
import { createRecoverPassword } from '../../functions/domain/sign-in/password/recover-password.ts'
import { createIssueAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { wireAdministration } from '../../functions/wiring/administration.ts'
import { wireCodes } from '../../functions/wiring/mail.ts'
import { wireLogIn } from '../../functions/wiring/sign-in/log-in.ts'
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

const knowsAll: InvokeFunction = async (event) => {
  const isLogIn = 'password' in Object(event).request
  if (isLogIn) return confirms(password)(event)
  const userAttributes = { email: `grace-${names}@old.example`, email_verified: 'true' }
  return succeed({ ...event, response: { userAttributes } })
}

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
  const logIn: LogIn = wireLogIn({ stores, issueAccessToken, askClaims: undefined, hasher, clock, askOldSystem }, env)
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
test('first log-ins at the moment of recoveries are all good, and all are of one account', async () => {
  const { username, logIn, subject, logged, askForRecovery } = setUp(knowsAll)
  const [recovered, loggedIn] = await Promise.all([
    Promise.all([askForRecovery(username), askForRecovery(username)]),
    Promise.all([logIn(), logIn(), logIn()]),
  ])

  const sub = await subject()
  expect(recovered).toEqual([true, true])
  expect(new Set(loggedIn)).toEqual(new Set([sub]))
  const migrated = logged().filter(({ event }) => event === 'user_migrated')
  expect(migrated.filter(({ flow }) => flow !== 'after_recovery')).toMatchObject([{ sub }])
})

// REQ-151
describe('an account that a recovery has brought here', () => {
  async function setUpRecovery(duringLogIn = async () => {}) {
    const made = setUp(async (event) => {
      if ('password' in Object(event).request) await duringLogIn()
      return knowsAll(event)
    })
    const codes = wireCodes(table.client, table.name, stoppedClock())
    const { ticket, handle } = await codes.open('recover', { identifier: made.username })
    const mail = createMailRecoveryCode({ ...made.stores, codes, askOldSystem: made.askForRecovery })
    const mailed = await mail(handle, async () => true)
    if (!mailed.ok) throw new Error(mailed.failure.reason)
    const recoverPassword = createRecoverPassword({
      ...{ ...made.stores, codes, hasher },
      confirmations: createDynamoDbConfirmations(table.client, table.name),
      policy: { minimumLength: 8, serviceName: 'x' },
    })
    const { code } = mailed.value
    return { ...made, recover: () => recoverPassword({ ticket, code, next: other }) }
  }

  test('opens with the old password only, and only until the code sets another', async () => {
    const { logIn, recover, subject } = await setUpRecovery()

    expect(await logIn(other)).toBe('wrong_password')
    expect(await logIn()).toBe(await subject())
    expect(await recover()).toMatchObject({ ok: true })
    expect([await logIn(), await logIn(other)]).toEqual(['wrong_password', await subject()])
  })

  test('has the password of the code, and no session by the old one, whichever comes first', async () => {
    const { logIn, recover, subject, stores } = await setUpRecovery()
    const [recovered, ...loggedIn] = await Promise.all([recover(), logIn(), logIn(), logIn()])

    const sub = (await subject()) ?? ''
    expect(recovered).toMatchObject({ ok: true })
    for (const each of loggedIn) expect([sub, 'wrong_password', 'session_ended']).toContain(each)
    const { sessions, epoch } = await stores.sessions.listSessions(sub)
    expect(sessions.filter((session) => session.epoch === epoch)).toEqual([])
    expect([await logIn(), await logIn(other)]).toEqual(['wrong_password', sub])
  })

  test('does not open with the old password where the code sets another while the old system is thinking', async () => {
    const later: (() => Promise<unknown>)[] = []
    const { logIn, recover, subject } = await setUpRecovery(async () => void (await later.pop()?.()))
    later.push(recover)

    expect(await logIn()).toBe('wrong_password')
    expect(await logIn(other)).toBe(await subject())
  })

  test('does not open with the old password where it is disabled, or after an administrator has set one', async () => {
    const disabled = await setUpRecovery()
    await disabled.administration.lifecycle.disable(disabled.username)
    expect(await disabled.logIn()).toBe('user_disabled')

    const { username, administration, logIn, subject } = await setUpRecovery()
    await administration.setPassword(username, other)
    expect([await logIn(), await logIn(other)]).toEqual(['wrong_password', await subject()])
  })
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
