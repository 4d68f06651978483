import { afterAll, describe, expect, test } from '@jest/globals'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { pausesFrom } from '../../functions/domain/throttling/throttle.ts'
import { createAdmin } from '../support/admin.ts'
import { aUser } from '../support/builders/users.ts'
import { aSession } from '../support/contracts/session-store-contract.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const password = 'correct horse battery staple'
let made = 0

async function setUp() {
  made += 1
  const admin = createAdmin(table)
  const user = aUser({ username: `user-${made}`, sub: `subject-${made}`, scope: ['a'] })
  await admin.users.putNewUser(user)
  await admin.sessions.putNewSession(aSession({ sub: user.sub }), 1_900_000_000)
  return { ...admin, ...user }
}

describe('set-scopes', () => {
  test.each([
    ['b', ['b']],
    ['b a', ['b', 'a']],
    ['', []],
  ])('gives an account %j in the place of what it had, and leaves its sessions', async (scope, kept) => {
    const { run, username, users, sessions, sub } = await setUp()

    expect(await run({ command: 'set-scopes', username, scope })).toMatchObject({ ok: true, result: { sub, scope } })
    expect(await users.findUser(username)).toMatchObject({ scope: kept, epoch: 0 })
    expect((await sessions.listSessions(sub)).sessions).toHaveLength(1)
  })

  test.each([
    [{ scope: 'a c' }, 'invalid_scope', 'This service has the scopes a, b. Others are named in the setting `scopes`.'],
    [{ scope: undefined }, 'invalid_request', 'scope is missing.'],
    [{ username: 'nobody', scope: 'a' }, 'unknown_user', 'Unknown user.'],
  ])('refuses %j and says why', async (change, error, error_description) => {
    const { run, username, users } = await setUp()
    const command = JSON.parse(JSON.stringify({ command: 'set-scopes', username, ...change }))

    expect(await run(command)).toEqual({ ok: false, error, error_description })
    expect(await users.findUser(username)).toMatchObject({ scope: ['a'] })
  })
})

describe('set-groups', () => {
  test.each([
    ['editors', ['editors']],
    ['editors admin', ['editors', 'admin']],
    [
      ['editors', 'admin'],
      ['editors', 'admin'],
    ],
    ['', undefined],
    [[], undefined],
  ])('puts an account into %j, and leaves its sessions', async (groups, kept) => {
    const { run, username, accounts, sessions, sub } = await setUp()
    await run({ command: 'set-groups', username, groups: 'former' })
    const done = await run({ command: 'set-groups', username, groups })

    expect(done).toMatchObject({ ok: true, result: { sub } })
    expect(done.result.groups).toEqual(kept)
    expect((await accounts.findAccount(sub))?.groups).toEqual(kept)
    expect(await sessions.listSessions(sub)).toMatchObject({ epoch: 0, sessions: [{}] })
  })

  test('is shown with the account, alone and in lists', async () => {
    const { run, username } = await setUp()
    await run({ command: 'set-groups', username, groups: 'editors admin' })

    expect((await run({ command: 'show-user', username })).result).toMatchObject({ groups: ['editors', 'admin'] })
    expect((await run({ command: 'list-users', prefix: username })).result).toMatchObject({
      users: [{ username, groups: ['editors', 'admin'] }],
    })
  })

  const allowed =
    'groups must be up to 50 names of 1 to 128 printable ASCII characters without spaces, double quotes, commas or ' +
    'backslashes, 1,000 characters in all: as a list, or as a string with single spaces between them.'

  test.each([
    [{ groups: ['content editors'] }, 'invalid_request', allowed],
    [{ groups: [1] }, 'invalid_request', allowed],
    [{ groups: null }, 'invalid_request', allowed],
    [{ groups: { admin: true } }, 'invalid_request', allowed],
    [{ groups: undefined }, 'invalid_request', 'groups is missing.'],
    [{ username: 'nobody', groups: 'admin' }, 'unknown_user', 'Unknown user.'],
  ])('refuses %j and says why', async (change, error, error_description) => {
    const { run, username, accounts, sub } = await setUp()
    const command = JSON.parse(JSON.stringify({ command: 'set-groups', username, ...change }))

    expect(await run(command)).toEqual({ ok: false, error, error_description })
    expect((await accounts.findAccount(sub))?.groups).toBeUndefined()
  })
})

describe('set-password', () => {
  test('gives an account a password, and ends its sessions', async () => {
    const { run, username, users, sessions, hasher, sub } = await setUp()

    expect(await run({ command: 'set-password', username, password })).toMatchObject({ ok: true, result: { sub } })
    const user = await users.findUser(username)
    expect(await hasher.verify(readPassword(password) as Password, user?.passwordHash ?? '')).toBe(true)
    expect(user?.epoch).toBe(1)
    expect((await sessions.listSessions(sub)).sessions).toEqual([])
  })

  test('ends a lock, so that its owner gets in with it at once', async () => {
    const { run, username, attempts } = await setUp()
    const count = () => attempts.countOnAccount({ identifier: username }, 1_800_000_000, pausesFrom(1))
    await count()
    const locked = await count()
    await run({ command: 'set-password', username, password })

    expect([locked, await count()]).toMatchObject([
      { ok: false, failure: { until: 1_800_000_030 } },
      { ok: true, value: { failures: 1 } },
    ])
  })

  // REQ-99
  test.each([
    [{ password: 'short' }, 'invalid_password', 'A password must have 15 to 256 characters.'],
    [{ password: '1qaz2wsx3edc4rfv' }, 'invalid_password', 'This password is too common. Choose another.'],
    [{ username: 'nobody' }, 'unknown_user', 'Unknown user.'],
    [{ password: 7 }, 'invalid_request', 'password must be a string of 1 to 256 characters without NUL.'],
  ])('refuses %j and says why', async (change, error, error_description) => {
    const { run, username, users } = await setUp()

    expect(await run({ command: 'set-password', username, password, ...change })).toEqual({
      ok: false,
      error,
      error_description,
    })
    expect(await users.findUser(username)).toMatchObject({ passwordHash: aUser().passwordHash, epoch: 0 })
  })
})
