import { afterAll, describe, expect, test } from '@jest/globals'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { createAdmin } from '../support/admin.ts'
import { hashes, password } from '../support/builders/imported-hashes.ts'
import { aSession } from '../support/contracts/session-store-contract.ts'
import { countCalls } from '../support/count-calls.ts'
import { openTable } from '../support/table.ts'

const [[, hash], [, newer]] = hashes as [[string, string], [string, string]]
const table = await openTable()
afterAll(table.close)
const calls = countCalls(table.client)
let made = 0

function setUp() {
  made += 1
  const admin = createAdmin(table)
  const username = `again-${made}`
  const importUsers = async (users: readonly object[], options = {}) =>
    (await admin.run({ command: 'import-users', users, ...options })).result
  return { ...admin, username, sub: `sub-of-${username}`, importUsers }
}

const nothing = { created: 0, updated: [], existing: [], refused: [] }
const update = { update: true }

// REQ-50
describe('import-users --update', () => {
  test('changes the hash of an account that has not logged in here, and ends what is under way with the old one', async () => {
    const { importUsers, users, sessions, username, sub } = setUp()
    await importUsers([{ username, sub, password_hash: hash, scope: 'a' }])
    await sessions.putNewSession(aSession({ sub, epoch: 0 }), 1_900_000_000)
    const changed = { username: username.toUpperCase(), sub, password_hash: newer, scope: 'a b', disabled: true }

    expect(await importUsers([changed], update)).toEqual({ ...nothing, updated: [0] })
    expect(await users.findUser(username)).toMatchObject({
      passwordHash: newer,
      epoch: 1,
      scope: ['a'],
      disabled: false,
    })
    expect((await sessions.listSessions(sub)).sessions).toEqual([])
  })

  test('leaves an account unchanged where a hash is renewed, confirmed, set or changed, or is the same', async () => {
    const { importUsers, passwords, sessions, username } = setUp()
    const names = ['renewed', 'confirmed', 'set', 'changed', 'same'].map((end) => `${username}-${end}`)
    const file = (password_hash: string) => names.map((name) => ({ username: name, sub: name, password_hash }))
    await importUsers(file(hash))
    const [renewed = '', confirmed = '', set = '', changed = '', same = ''] = names
    await passwords.renewHash(renewed, hash, 'renewed')
    await passwords.confirmHash(confirmed, hash)
    await passwords.setHash(set, 'set')
    await passwords.changeHash(changed, { from: hash, to: 'changed', epoch: 0 })
    const last = file(newer).map((user) => (user.sub === same ? { ...user, password_hash: hash } : user))

    expect(await importUsers(last, update)).toEqual({ ...nothing, existing: [0, 1, 2, 3, 4] })
    expect(await Promise.all(names.map(passwords.findHash))).toEqual(['renewed', hash, 'set', 'changed', hash])
    expect(await sessions.readEpoch(confirmed)).toBe(0)
  })

  test('leaves an account alone that was created here', async () => {
    const { importUsers, run, users, username } = setUp()
    await run({ command: 'create-user', username, password })
    const before = await users.findUser(username)

    expect(await importUsers([{ username, password_hash: newer }], update)).toEqual({ ...nothing, existing: [0] })
    expect(await users.findUser(username)).toEqual(before)
  })

  test('gives a password to an account without one', async () => {
    const { importUsers, passwords, username, sub } = setUp()
    await importUsers([{ username, sub }])

    expect(await importUsers([{ username, password_hash: newer }], update)).toMatchObject({ updated: [0] })
    expect(await passwords.findHash(sub)).toBe(newer)
  })

  test.each([{}, { password_hash: null }, { password_hash: '' }])(
    'leaves the password as it is where the line has none, as in a dump that was made without hashes: %j',
    async (line) => {
      const { importUsers, passwords, username, sub } = setUp()
      await importUsers([{ username, sub, password_hash: hash }])
      const dryRun = { ...update, dry_run: true }

      expect(await importUsers([{ username, ...line }], dryRun)).toMatchObject({ ...nothing, existing: [0] })
      expect(await importUsers([{ username, ...line }], update)).toEqual({ ...nothing, existing: [0] })
      expect(await passwords.findPassword(sub)).toEqual({ hash, isImported: true, isInOldSystem: false })
      expect(await importUsers([{ username, sub: `${sub}-2`, ...line }], update)).toMatchObject({
        refused: [{ index: 0, error_description: 'sub: this username has another sub here.' }],
      })
    },
  )

  test("takes the password away where the line says that it is unusable, with Django's !", async () => {
    const { importUsers, passwords, username, sub } = setUp()
    const unusable = { username, password_hash: '!fW2FW6quWMMLy2j2CaeZvKEmZ7Kk1kyVYymyIUio' }
    await importUsers([{ username, sub, password_hash: hash }])

    expect(await importUsers([unusable], update)).toEqual({ ...nothing, updated: [0] })
    expect(await passwords.findHash(sub)).toBeUndefined()
    expect(await importUsers([unusable], update)).toEqual({ ...nothing, existing: [0] })
  })

  test('refuses a line whose sub is not the one that the name has', async () => {
    const { importUsers, passwords, username, sub } = setUp()
    await importUsers([{ username, sub, password_hash: hash }])
    const stranger = { username, sub: `${sub}-2`, password_hash: newer }

    expect(await importUsers([stranger], update)).toEqual({
      ...nothing,
      refused: [{ index: 0, error_description: 'sub: this username has another sub here.' }],
    })
    expect(await passwords.findHash(sub)).toBe(hash)
  })

  test('creates those that are new, as without it', async () => {
    const { importUsers, username } = setUp()

    expect(await importUsers([{ username, password_hash: hash }], update)).toEqual({ ...nothing, created: 1 })
  })
})

describe('import-users --dry-run', () => {
  test('says what an import would do, with the canonical names, and writes nothing', async () => {
    const { importUsers, run, username, sub, lines } = setUp()
    const gone = { username: `${username}-gone`, sub: `${sub}-gone`, password_hash: hash }
    await importUsers([{ username, sub, password_hash: hash }, gone])
    await run({ command: 'delete-user', username: gone.username })
    const file = [
      { username: `${username.toUpperCase()}-New`, password_hash: hash },
      { username, password_hash: newer },
      { username: `${username}-x`, sub },
      { ...gone, password_hash: newer },
      { username: `${username}-y`, sub: 'y@example.com' },
      { username: `${username}-z`, scope: 'c' },
      { username: `${username}-h`, password_hash: 'md5' },
      { username: 7 },
    ]
    const before = calls.length
    const forecast = await importUsers(file, { dry_run: true })
    const forecastOfUpdate = await importUsers(file, { dry_run: true, update: true, restore: true })
    const during = calls.slice(before)
    const { usernames, ...report } = forecast

    expect([...new Set(during)]).toEqual(['GetItem, consistent'])
    expect(usernames).toEqual([
      ...[`${username}-new`, username, `${username}-x`, gone.username],
      ...[`${username}-y`, `${username}-z`, `${username}-h`, null],
    ])
    expect(forecastOfUpdate).toMatchObject({ created: 2, updated: [1], existing: [] })
    expect(await importUsers(file)).toEqual(report)
    expect(report).toMatchObject({ created: 1, existing: [1] })
    expect(report.refused.map(({ index }: { index: number }) => index)).toEqual([2, 3, 4, 5, 6, 7])
    expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({ dry_run: 1, created: 2, updated: 1 })
  })
})

describe('a batch in which a name or a sub repeats', () => {
  test('gives it to the first, always', async () => {
    const { importUsers, username, sub, passwords } = setUp()
    const twins = Array.from({ length: 10 }, (_, index) => [
      { username: `${username}-${index}`, sub: `${sub}-${index}`, password_hash: hash },
      { username: `${username.toUpperCase()}-${index}`, password_hash: newer },
      { username: `${username}-${index}-other`, sub: `${sub}-${index}`, password_hash: newer },
    ]).flat()
    const report = await importUsers(twins)

    expect(report).toMatchObject({
      created: 10,
      existing: twins.flatMap((_, index) => (index % 3 === 1 ? [index] : [])),
    })
    expect(report.refused).toHaveLength(10)
    for (let index = 0; index < 10; index += 1) expect(await passwords.findHash(`${sub}-${index}`)).toBe(hash)
  })
})

describe('try-password', () => {
  test('says whether a password is the one of a user who could be imported, and reads and writes nothing', async () => {
    const { run, username, lines } = setUp()
    const user = { username, password_hash: hash }
    const before = calls.length
    const answers = [
      await run({ command: 'try-password', user, password }),
      await run({ command: 'try-password', user, password: `${password}.` }),
      await run({ command: 'try-password', user: { username }, password }),
      await run({ command: 'try-password', user: { username, password_hash: 'md5' }, password }),
      await run({ command: 'try-password', user: { username, note: 1 }, password }),
    ]

    expect(answers).toEqual([
      { ok: true, result: { matches: true } },
      { ok: true, result: { matches: false } },
      { ok: true, result: { matches: false } },
      { ok: false, error: 'invalid_hash', error_description: expect.stringMatching(/^password_hash: the scheme/) },
      { ok: false, error: 'invalid_request', error_description: 'note is not a member of a user.' },
    ])
    expect(calls.slice(before)).toEqual([])
    expect(lines.join('')).not.toContain(password)
    expect(lines.join('')).not.toContain(hash)
  })
})

describe('export-users for another system', () => {
  test('writes each hash in its form, and counts those that it cannot read', async () => {
    const { importUsers, run, username, hasher } = setUp()
    const own = await hasher.hash(readPassword(password) as Password)
    const ssha = '{SSHA}FP/4u0IHxAL4aXrt6IBugY+2D9KIcQ5B'
    const stored = { argon: own, flask: hash, ldap: ssha, none: undefined }
    const sub = (name: string) => `${username}-${name}`
    const file = Object.entries(stored).map(([name, password_hash]) => ({ username: sub(name), password_hash }))
    await importUsers(JSON.parse(JSON.stringify(file)))
    const exportFor = async (target: string) => {
      const { result } = await run({ command: 'export-users', for: target })
      const mine = result.users.filter((user: { username: string }) => user.username.startsWith(`${username}-`))
      return { ...result, hashes: mine.map((user: { password_hash?: string }) => user.password_hash) }
    }
    const [flask, phc] = [await exportFor('flask'), await exportFor('phc')]

    // By name: argon, flask, ldap, none.
    expect(flask.hashes).toEqual([own, hash, undefined, undefined])
    expect(flask.without_hash).toMatchObject({ wrapped: 1 })
    expect(phc.hashes).toEqual([own, expect.stringMatching(/^\$pbkdf2-sha256\$/), undefined, undefined])
    expect(await run({ command: 'export-users', for: 'rails' })).toMatchObject({
      error_description: 'for must be flask, django or phc.',
    })
  })
})
