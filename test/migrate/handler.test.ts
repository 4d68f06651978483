import { afterAll, describe, expect, test } from '@jest/globals'
import { createMigrateAccount, createMigrateForRecovery } from '../../functions/domain/accounts/migrate-account.ts'
import type { InvokeFunction } from '../../functions/domain/invoke-function.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createMigrateHandler } from '../../functions/migrate/handler.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { cheapHasher } from '../support/fakes/cheap-hasher.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const { accounts, passwords } = createStores(table.client, table.name)
const password = 'the password of the old system'
let made = 0

type Answer = Awaited<ReturnType<InvokeFunction>>
const confirmed = (event: object): Answer => ({
  ok: true,
  value: { ...event, response: { userAttributes: { name: 'Kim' }, finalUserStatus: 'CONFIRMED' } },
})

function setUp(answer: (event: object) => Answer = confirmed) {
  made += 1
  const username = `kim-${made}`
  const asked: object[] = []
  const lines: string[] = []
  const adding = { accounts, hasher: cheapHasher, clock: () => 1_800_000_000, newId: randomId }
  const handler = createMigrateHandler({
    askTrigger: async (event) => {
      asked.push(event)
      return answer(event)
    },
    migrateAccount: createMigrateAccount({ ...adding, passwords }),
    migrateForRecovery: createMigrateForRecovery(adding),
    region: 'eu-central-1',
    write: (line) => void lines.push(line),
    now: () => 0,
  })
  const attempt = { username, password, client_id: 'web' }
  const run = (event: unknown = attempt) => handler(event, { awsRequestId: 'request-1' })
  const log = () => lines.map((line) => JSON.parse(line))
  const hash = async () => {
    const sub = await accounts.findSubject(username)
    return sub === undefined ? undefined : passwords.findHash(sub)
  }
  return { run, attempt, username, asked, lines, log, hash }
}

describe('somebody whom the old system confirms', () => {
  // REQ-159
  test('has an account of our own from then on, with a new sub and without scopes', async () => {
    const { run, username, log, hash } = setUp()

    expect(await run()).toEqual({ confirmed: true })
    const sub = (await accounts.findSubject(username)) ?? ''
    expect(await accounts.findAccount(sub)).toMatchObject({
      sub: expect.stringMatching(/^[\w-]{22}$/),
      scope: [],
      disabled: false,
    })
    expect(await cheapHasher.verify(password as never, (await hash()) ?? '')).toBe(true)
    expect(log()).toEqual([
      { time: '1970-01-01T00:00:00.000Z', event: 'user_migrated', outcome: 'success', sub, request_id: 'request-1' },
    ])
  })

  test('is asked about with the password as it was sent', async () => {
    const { run, attempt, asked } = setUp()
    const decomposed = 'a password with a\u0308 in it'
    await run({ ...attempt, password: decomposed })

    expect(asked).toMatchObject([{ request: { password: decomposed } }])
  })

  // REQ-153
  test('gets one account of many attempts at once, and each attempt may go on', async () => {
    const { run, log } = setUp()
    const answers = await Promise.all(Array.from({ length: 20 }, () => run()))

    expect(answers).toEqual(answers.map(() => ({ confirmed: true })))
    expect(log().filter(({ outcome }) => outcome === 'success')).toHaveLength(1)
  })
})

const error = (type: string, message = ''): Answer => ({
  ok: false,
  failure: { reason: 'function_error', type, message },
})

describe('an account is not made', () => {
  test.each<[string, (event: object) => Answer, string]>([
    ['where the trigger throws', () => error('Error', 'Bad password'), 'refused'],
    ['where it throws something of its own', () => error('NotAuthorizedException'), 'refused'],
    ['where it says nothing', (event) => ({ ok: true, value: event }), 'unknown'],
    ['where it returns nothing', () => ({ ok: true, value: null }), 'unknown'],
  ])('%s, and the password counts as wrong', async (_, answer, reason) => {
    const { run, log, hash } = setUp(answer)

    expect(await run()).toEqual({ confirmed: false })
    expect(log()).toMatchObject([{ event: 'user_migration_fail', outcome: 'failure', reason }])
    expect(await hash()).toBeUndefined()
  })

  test.each<[string, Answer]>([
    ['does not answer', { ok: false, failure: { reason: 'unavailable' } }],
    ['runs out of time', error('Sandbox.Timedout', '2026-11-27T00:00:00Z 1 Task timed out after 3.00 seconds')],
    ['runs out of time, as older runtimes say it', error('', '2026 1 Task timed out after 3.00 seconds')],
    ['cannot be loaded', error('Runtime.ImportModuleError')],
    ['ends its process', error('Runtime.ExitError')],
    ['says that it cannot tell', error('Unavailable', 'The user pool does not answer')],
    ['answers with a string', { ok: true, value: 'CONFIRMED' }],
  ])('where the trigger %s, and nobody learns whether the password is right', async (_, answer) => {
    const { run, log, hash } = setUp(() => answer)

    await expect(run()).rejects.toThrow('The old system did not answer.')
    expect(log()).toMatchObject([{ outcome: 'failure', reason: 'unavailable' }])
    expect(await hash()).toBeUndefined()
  })

  test.each<unknown>([
    undefined,
    'kim',
    {},
    { username: 'Kim', password },
    { username: 'kim', password: '' },
    { username: 'kim', password: 'a\0b' },
    { username: ['kim'], password },
    { username: 'Kim' },
    { username: 'kim', client_id: 'web' },
    { username: 'kim', password: null },
  ])('for what no function of ours sends: %j', async (event) => {
    const { run, asked } = setUp()

    await expect(run(event ?? null)).rejects.toThrow('This is neither a log-in nor a recovery.')
    expect(asked).toEqual([])
  })
})

describe('a recovery of somebody whom the old system knows', () => {
  const knows =
    (userAttributes: object) =>
    (event: object): Answer => ({ ok: true, value: { ...event, response: { userAttributes } } })
  const verified = (email: string) => knows({ email, email_verified: 'true' })

  test('makes an account with a verified address, without a password and without scopes', async () => {
    const address = `kim-${made}@example.com`
    const { run, username, asked, log, hash } = setUp(verified(address))

    expect(await run({ username })).toEqual({ confirmed: true })
    const sub = (await accounts.findSubject(username)) ?? ''
    expect(await accounts.findAccount(sub)).toEqual({
      ...{ sub: expect.stringMatching(/^[\w-]{22}$/), identifiers: [username, address], emailVerified: true },
      ...{ scope: [], disabled: false, createdAt: 1_800_000_000 },
    })
    expect(await accounts.findSubject(address)).toBe(sub)
    expect(await hash()).toBeUndefined()
    expect(asked).toMatchObject([{ triggerSource: 'UserMigration_ForgotPassword', userName: username }])
    expect(log()).toMatchObject([{ event: 'user_migrated', outcome: 'success', flow: 'recovery', sub }])
  })

  test('leaves the password to the old system, which brings it at the next log-in', async () => {
    const address = `kim-${made}@example.com`
    const { run, attempt, username, log, hash } = setUp((event) =>
      'password' in Object(event).request ? confirmed(event) : verified(address)(event),
    )
    await run({ username })
    const sub = await accounts.findSubject(username)

    expect(await passwords.findPassword(sub ?? '')).toMatchObject({ hash: undefined, isInOldSystem: true })
    expect(await run(attempt)).toEqual({ confirmed: true })
    expect(await cheapHasher.verify(password as never, (await hash()) ?? '')).toBe(true)
    expect(log().at(-1)).toMatchObject({ event: 'user_migrated', outcome: 'success', flow: 'after_recovery', sub })
    expect(await run({ ...attempt, password: 'of another log-in' })).toEqual({ confirmed: true })
    expect(log().at(-1)).toMatchObject({ event: 'user_migration_fail', reason: 'username_taken' })
    expect(await cheapHasher.verify(password as never, (await hash()) ?? '')).toBe(true)
  })

  test.each<[string, string, boolean]>([
    ['is', 'true', true],
    ['is not', 'false', false],
  ])('takes the password by the address of the account where that %s verified', async (_, isVerified, isSet) => {
    const address = `kim-${made}@example.com`
    const { run, attempt, username, hash } = setUp((event) => {
      const userAttributes = {
        email: address,
        email_verified: 'password' in Object(event).request ? isVerified : 'true',
      }
      return { ok: true, value: { ...event, response: { userAttributes, finalUserStatus: 'CONFIRMED' } } }
    })
    await run({ username })
    await run({ ...attempt, username: address })

    expect((await hash()) !== undefined).toBe(isSet)
  })

  // Otherwise someone of the old system whose name the account has been given since would own it.
  test('takes no password by a name that an administrator has given the account', async () => {
    const address = `renamed-${made}@example.com`
    const { run, attempt, username, hash } = setUp((event) =>
      'password' in Object(event).request ? confirmed(event) : verified(address)(event),
    )
    await run({ username: `${username}-before` })
    const sub = (await accounts.findSubject(`${username}-before`)) ?? ''
    const account = await accounts.findAccount(sub)
    if (account) await accounts.replaceIdentifier(account, `${username}-before`, username)
    await run(attempt)

    expect(await accounts.findSubject(username)).toBe(sub)
    expect(await hash()).toBeUndefined()
  })

  // REQ-153
  test('makes one account, however many ask at once', async () => {
    const { run, username, log } = setUp(verified(`kim-${made}@example.com`))
    const answers = await Promise.all(Array.from({ length: 10 }, () => run({ username })))

    expect(answers).toEqual(answers.map(() => ({ confirmed: true })))
    expect(log().filter(({ outcome }) => outcome === 'success')).toHaveLength(1)
  })

  test('makes none where the address belongs to another account', async () => {
    const address = `kim-${made}@example.com`
    const first = setUp(verified(address))
    await first.run({ username: address })
    const second = setUp(verified(address))
    await second.run({ username: second.username })

    expect(await accounts.findSubject(second.username)).toBeUndefined()
    expect(second.log()).toMatchObject([{ outcome: 'failure', reason: 'username_taken', flow: 'recovery' }])
  })

  test.each<[string, (event: object) => Answer, string]>([
    ['throws', () => error('Error', 'unknown'), 'refused'],
    ['says nothing', (event) => ({ ok: true, value: event }), 'unknown'],
    ['knows no verified address', knows({ email: 'kim@example.com', email_verified: 'false' }), 'no_verified_address'],
    ['describes someone else', knows({ username: 'eve' }), 'someone_else'],
  ])('makes none where the trigger %s', async (_, answer, reason) => {
    const { run, username, log } = setUp(answer)

    expect(await run({ username })).toEqual({ confirmed: false })
    expect(await accounts.findSubject(username)).toBeUndefined()
    expect(log()).toMatchObject([{ event: 'user_migration_fail', outcome: 'failure', reason, flow: 'recovery' }])
  })

  test.each<[string, Answer]>([
    ['does not answer', { ok: false, failure: { reason: 'unavailable' } }],
    ['answers with a string', { ok: true, value: 'RESET_REQUIRED' }],
  ])('is tried again where the trigger %s', async (_, answer) => {
    const { run, username } = setUp(() => answer)

    await expect(run({ username })).rejects.toThrow('The old system did not answer.')
    expect(await accounts.findSubject(username)).toBeUndefined()
  })
})

// REQ-117
test('no line of the log holds the password, the name or what the trigger says', async () => {
  const { run, lines, username } = setUp(() => error('Error', `${password} of ${'kim'} is wrong`))
  await run()

  expect(lines.join()).not.toContain(password)
  expect(lines.join()).not.toContain(username)
})
