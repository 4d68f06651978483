import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { pausesFrom } from '../../functions/domain/throttling/throttle.ts'
import { createAdmin } from '../support/admin.ts'
import { httpEvent } from '../support/builders/events.ts'
import { aSession } from '../support/contracts/session-store-contract.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const password = 'correct horse battery staple'
const { users, sessions, hasher } = createAdmin(table)
let made = 0

function setUp() {
  made += 1
  return { ...createAdmin(table), name: `user-${made}` }
}

describe('create-user', () => {
  test('makes an account and keeps only a hash of its password', async () => {
    const { run, name } = setUp()
    const answer = await run({ command: 'create-user', username: name.toUpperCase(), password, scope: 'a b' })

    expect(answer).toEqual({
      ok: true,
      result: {
        sub: expect.stringMatching(/^[\w-]{22}$/),
        username: name,
        scope: 'a b',
        disabled: false,
        created_at: 1_800_000_000,
      },
    })
    const user = await users.findUser(name)
    expect(await hasher.verify(readPassword(password) as Password, user?.passwordHash ?? '')).toBe(true)
  })

  // REQ-40
  test('gives a name once, however many ask at once', async () => {
    const { run, name } = setUp()
    const ask = () => run({ command: 'create-user', username: name, password })
    const answers = await Promise.all(Array.from({ length: 20 }, ask))

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.find(({ ok }) => !ok)).toEqual({
      ok: false,
      error: 'username_taken',
      error_description: 'This username is taken.',
    })
  })

  test.each([
    ['a short password', { password: 'short' }, 'invalid_password', 'A password must have 15 to 256 characters.'],
    [
      'the name for a password',
      { username: 'a-name-that-is-long', password: 'A-name-that-is-long' },
      'invalid_password',
      'A password must not be the username.',
    ],
    [
      'the service for a password',
      { password: 'latchkey of the orders' },
      'invalid_password',
      'A password must not be the name of the service.',
    ],
    [
      'an unknown scope',
      { scope: 'a c' },
      'invalid_scope',
      'This service has the scopes a, b. Others are named in the setting `scopes`.',
    ],
    ['no password', { password: undefined }, 'invalid_request', 'password is missing.'],
    [
      'a number for a name',
      { username: 7 },
      'invalid_request',
      'username must be a string of 1 to 256 bytes without control characters.',
    ],
    [
      'NUL in the password',
      { password: `${password}\0` },
      'invalid_request',
      'password must be a string of 1 to 256 characters without NUL.',
    ],
    ['a member of its own', { role: 'admin' }, 'invalid_request', 'role is not a member of this command.'],
  ])('refuses %s and says why', async (_, change, error, error_description) => {
    const { run, name } = setUp()

    expect(
      await run(JSON.parse(JSON.stringify({ command: 'create-user', username: name, password, ...change }))),
    ).toEqual({
      ok: false,
      error,
      error_description,
    })
    expect(await users.findUser(name)).toBeUndefined()
  })
})

describe('show-user, disable-user and enable-user', () => {
  test('show and change one account', async () => {
    const { run, name } = setUp()
    const created = await run({ command: 'create-user', username: name, password })
    if (!created.ok) throw new Error('No account.')

    expect(await run({ command: 'show-user', username: name })).toEqual(created)
    expect(await run({ command: 'disable-user', username: name })).toEqual({
      ok: true,
      result: { ...created.result, disabled: true },
    })
    expect(await run({ command: 'show-user', username: name })).toMatchObject({ result: { disabled: true } })
    expect(await run({ command: 'enable-user', username: name })).toEqual(created)
  })

  test.each(['show-user', 'disable-user', 'enable-user', 'revoke-sessions', 'delete-user'])(
    '%s says that there is no such user',
    async (command) => {
      const { run, name } = setUp()

      expect(await run({ command, username: name })).toEqual({
        ok: false,
        error: 'unknown_user',
        error_description: 'Unknown user.',
      })
    },
  )
})

// REQ-94
describe('disable-user, revoke-sessions and delete-user', () => {
  const withSession = async () => {
    const { run, name } = setUp()
    const created = await run({ command: 'create-user', username: name, password })
    if (!created.ok) throw new Error('No account.')
    const { sub } = created.result
    await sessions.putNewSession(aSession({ sub }), 1_900_000_000)
    return { run, name, created, sub }
  }

  test.each([
    ['disable-user', { disabled: true, epoch: 1 }],
    ['revoke-sessions', { disabled: false, epoch: 1 }],
    ['delete-user', undefined],
  ])('%s ends all sessions of one account', async (command, left) => {
    const { run, name, sub } = await withSession()
    const other = await withSession()

    expect(await run({ command, username: name })).toMatchObject({ ok: true, result: { username: name, sub } })
    expect((await sessions.listSessions(sub)).sessions).toEqual([])
    expect((await sessions.listSessions(other.sub)).sessions).toHaveLength(1)
    const user = await users.findUser(name)
    expect(user && { disabled: user.disabled, epoch: user.epoch }).toEqual(left)
  })

  test('delete-user frees the name, for an account of another subject', async () => {
    const { run, name, sub } = await withSession()
    await run({ command: 'delete-user', username: name })

    expect(await run({ command: 'show-user', username: name })).toMatchObject({ error: 'unknown_user' })
    const again = await run({ command: 'create-user', username: name, password })
    expect(again.ok && again.result.sub).not.toBe(sub)
  })

  // REQ-144
  test('delete-user leaves nothing in the table that says who it was, but for the epoch of the subject', async () => {
    const { run, name, sessions, attempts } = setUp()
    const passwordHash = await hasher.hash(readPassword(password) as Password)
    const sub = `sub-of-${name}`
    await run({ command: 'import-users', users: [{ username: name, password_hash: passwordHash, sub }] })
    await sessions.putNewSession(aSession({ sub }), 1_900_000_000)
    await attempts.countOnAccount({ identifier: name }, 1_800_000_000, pausesFrom(10))
    const itemsOf = async (text: string) =>
      ((await table.client.send(new ScanCommand({ TableName: table.name }))).Items ?? []).filter((item) =>
        JSON.stringify(item).includes(text),
      )
    expect(await itemsOf(name)).toHaveLength(5)
    await run({ command: 'delete-user', username: name })

    expect(await itemsOf(passwordHash)).toEqual([])
    expect(await itemsOf(name)).toEqual([
      { pk: `SESSIONS#${sub}`, sk: 'EPOCH', epoch: expect.any(Number), keysFrom: expect.any(Number), isDeleted: true },
    ])
  })

  test('revoke-sessions answers with the account unchanged, because it can still log in', async () => {
    const { run, name, created } = await withSession()

    expect(await run({ command: 'revoke-sessions', username: name })).toEqual(created)
  })

  test.each(['disable-user', 'revoke-sessions', 'delete-user'])('%s may be done again', async (command) => {
    const { run, name } = await withSession()
    await run({ command, username: name })
    const again = await run({ command, username: name })

    expect(again.ok ? 'done' : again.error).toBe(command === 'delete-user' ? 'unknown_user' : 'done')
  })
})

describe('an admin command', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'create-user'],
    ['an array', []],
    ['an unknown command', { command: 'drop-table' }],
    ['a command of a prototype', { command: 'constructor' }],
    ['an event of API Gateway', httpEvent('POST /admin', { body: '{"command":"show-user","username":"ada"}' })],
    [
      'a command within an event of API Gateway',
      { ...httpEvent('POST /admin'), command: 'show-user', username: 'ada' },
    ],
  ])('that is %s is refused', async (_, event) => {
    const { run } = setUp()

    expect(await run(event)).toEqual({
      ok: false,
      error: 'invalid_request',
      error_description: expect.stringMatching(/\.$/),
    })
  })

  // REQ-55, REQ-121, REQ-122
  test('is logged by what it did, without the password, the hash or what could not be read', async () => {
    const { run, lines, name } = setUp()
    const created = await run({ command: 'create-user', username: name, password })
    await run({ command: 'show-user', username: 'nobody' })
    await run({ command: 'hunter2' })

    const common = { time: '2027-01-15T08:00:00.000Z', event: 'authz_admin', request_id: 'invocation-1' }
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { ...common, command: 'create-user', outcome: 'success', sub: created.ok && created.result.sub },
      { ...common, command: 'show-user', outcome: 'failure', reason: 'unknown_user' },
      { ...common, command: 'unreadable', outcome: 'failure', reason: 'malformed_command' },
    ])
    expect(JSON.stringify(created)).not.toContain('argon2')
  })
})
