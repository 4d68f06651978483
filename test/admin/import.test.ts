import { afterAll, describe, expect, test } from '@jest/globals'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { createAdmin } from '../support/admin.ts'
import { hashes, password } from '../support/builders/imported-hashes.ts'
import { openTable } from '../support/table.ts'

const [[, hash]] = hashes as [[string, string]]
const table = await openTable()
afterAll(table.close)
const wrongSub =
  'sub must be a string of 1 to 128 printable ASCII characters without spaces, double quotes or backslashes.'
let made = 0

function setUp() {
  made += 1
  const admin = createAdmin(table)
  const name = (index: number | string) => `import-${made}-${index}`
  return {
    ...admin,
    name,
    importUsers: (users: unknown, options = {}) => admin.run({ command: 'import-users', users, ...options }),
  }
}

// REQ-50, REQ-149
describe('import-users', () => {
  test('takes over the accounts of other systems with the hashes that they have', async () => {
    const { importUsers, name, users, hasher } = setUp()
    const batch = hashes.map(([, password_hash], index) => ({ username: name(index), password_hash }))

    expect(await importUsers(batch)).toEqual({
      ok: true,
      result: { created: batch.length, updated: [], existing: [], refused: [] },
    })
    for (const { username, password_hash } of batch) {
      const user = await users.findUser(username)
      expect(user).toMatchObject({ username, passwordHash: password_hash, scope: [], disabled: false, epoch: 0 })
      expect(user?.sub).toMatch(/^[\w-]{22}$/)
      expect(await hasher.verify(readPassword(password) as Password, user?.passwordHash ?? '')).toBe(true)
    }
  })

  test('takes scope, disabled and sub where they are given', async () => {
    const { importUsers, name, users } = setUp()
    const user = { username: name('Ada'), password_hash: hash, scope: 'a b', disabled: true, sub: name('42') }
    await importUsers([user])

    expect(await users.findUser(name('ada'))).toMatchObject({ sub: name('42'), scope: ['a', 'b'], disabled: true })
  })

  test('takes groups as a list or a string, and an export has them', async () => {
    const { importUsers, name, run } = setUp()
    const batch = [
      { username: name(0), groups: ['editors', 'admin'] },
      { username: name(1), groups: 'editors' },
      { username: name(2), groups: '' },
      { username: name(3), groups: null },
      { username: name(4), groups: ['content editors'] },
    ]
    const { result } = await importUsers(batch)
    const exported = await run({ command: 'export-users', from: name(0).slice(0, -1) })
    const mine = exported.result.users.filter(({ username }: { username: string }) => username.startsWith(name('')))

    expect(result).toMatchObject({
      created: 4,
      refused: [{ index: 4, error_description: expect.stringMatching(/^groups must be up to 50 names/) }],
    })
    expect(mine.map(({ groups }: { groups?: readonly string[] }) => groups)).toEqual([
      ['editors', 'admin'],
      ['editors'],
      undefined,
      undefined,
    ])
  })

  test('takes an address beside a name, verified only where the line says so', async () => {
    const { importUsers, name, accounts } = setUp()
    const address = (index: number) => `${name(index)}@example.net`
    const batch = [
      { username: name(0), email: address(0).toUpperCase(), email_verified: true },
      { username: name(1), email: address(1) },
      { username: address(2), email: address(2).toUpperCase(), email_verified: true },
      { username: address(3), email_verified: true },
      { username: name(4), email: null },
    ]
    expect(await importUsers(batch)).toMatchObject({ result: { created: 5, refused: [] } })
    const found = await Promise.all(
      [name(0), name(1), address(2), address(3), name(4)].map(async (username) => {
        const sub = await accounts.findSubject(username)
        return sub === undefined ? undefined : accounts.findAccount(sub)
      }),
    )

    expect(found).toMatchObject([
      { identifiers: [name(0), address(0)], emailVerified: true },
      { identifiers: [name(1), address(1)], emailVerified: false },
      { identifiers: [address(2)], emailVerified: true },
      { identifiers: [address(3)], emailVerified: true },
      { identifiers: [name(4)], emailVerified: false },
    ])
    expect(await accounts.findSubject(address(0))).toBe(found[0]?.sub)
  })

  test('refuses an address that another user has, also one of the same batch, and in a dry run', async () => {
    const { importUsers, name, run } = setUp()
    const email = `${name('ada')}@example.net`
    await importUsers([{ username: name('ada'), email }])
    const batch = [
      { username: name('bob'), email },
      { username: name('ada'), email },
      { username: name('eve'), email: `${name('eve')}@example.net` },
    ]
    const taken = { index: 0, error_description: 'This e-mail address belongs to another user.' }

    expect(await importUsers(batch, { dry_run: true })).toMatchObject({
      result: { created: 1, existing: [1], refused: [taken], emails: [email, email, batch[2]?.email] },
    })
    expect(await importUsers([...batch, { username: name('zoe'), email: batch[2]?.email }])).toMatchObject({
      result: { created: 1, existing: [1], refused: [taken, { ...taken, index: 3 }] },
    })
    expect(await run({ command: 'show-user', username: name('bob') })).toMatchObject({ error: 'unknown_user' })
  })

  test('can be run again: accounts that exist are listed and not changed', async () => {
    const { importUsers, name, users } = setUp()
    const batch = [0, 1, 2].map((index) => ({ username: name(index), password_hash: hash, sub: name(index) }))
    await importUsers(batch.slice(0, 2))
    const before = await users.findUser(name(0))
    await users.setPassword(name(1), 'a newer hash')

    expect(await importUsers(batch)).toEqual({
      ok: true,
      result: { created: 1, updated: [], existing: [0, 1], refused: [] },
    })
    expect(await users.findUser(name(0))).toEqual(before)
    expect(await users.findUser(name(1))).toMatchObject({ passwordHash: 'a newer hash', epoch: 1 })
  })

  // REQ-51
  test.each([
    ['no object', 'ada', 'A user must be an object.'],
    ['null', null, 'A user must be an object.'],
    ['no name', { username: undefined }, 'username is missing.'],
    ['a bad name', { username: 'a\u200bb' }, 'username must be a string of 1 to 256 bytes without control characters.'],
    ['a hash of another type', { password_hash: 7 }, 'password_hash must be a string.'],
    [
      'a plain password',
      { password_hash: 'correct horse' },
      'password_hash: there are blanks before, after or inside it.',
    ],
    [
      'a hash of 10^12 rounds',
      { password_hash: `pbkdf2:sha256:1000000000000$saltsaltsalt$${'ab'.repeat(32)}` },
      // Its part is the hasher's to tell.
      expect.stringMatching(/^password_hash: the \w+ is /),
    ],
    [
      'an unknown scope',
      { scope: 'a c' },
      'This service has the scopes a, b. Others are named in the setting `scopes`.',
    ],
    ['a malformed scope', { scope: 'a  b' }, 'scope must be a string of scope tokens with single spaces between them.'],
    ['a text for disabled', { disabled: 'no' }, 'disabled must be true or false.'],
    ['an empty sub', { sub: '' }, wrongSub],
    ['a number for a sub', { sub: 42 }, wrongSub],
    ['a long sub', { sub: 's'.repeat(129) }, wrongSub],
    ['a sub with a double quote', { sub: '1","sub":"2' }, wrongSub],
    ['a sub with a backslash', { sub: '1\\' }, wrongSub],
    ['an address that is a name', { email: 'ada' }, 'email must be an e-mail address.'],
    [
      'two addresses',
      { username: 'a@example.net', email: 'b@example.net' },
      'email: the username is another e-mail address, and a user has one.',
    ],
    [
      'a verified address of a user without one',
      { email_verified: true },
      'email_verified: the user has no e-mail address.',
    ],
    ['a text for email_verified', { email_verified: 'yes' }, 'email_verified must be true or false.'],
    ['a member of its own', { role: 'admin' }, 'role is not a member of a user.'],
  ])('leaves %s out, says why, and takes the others', async (_, change, error_description) => {
    const { importUsers, name, users } = setUp()
    const good = { username: name('good'), password_hash: hash }
    const bad =
      typeof change === 'object' && change ? { username: name('bad'), password_hash: hash, ...change } : change

    expect(await importUsers(JSON.parse(JSON.stringify([bad, good])))).toEqual({
      ok: true,
      result: { created: 1, updated: [], existing: [], refused: [{ index: 0, error_description }] },
    })
    expect(await users.findUser(name('bad'))).toBeUndefined()
  })

  // REQ-42, REQ-153
  test('gives a sub to one account, also when several ask for it at once', async () => {
    const { importUsers, name, users } = setUp()
    const twins = [1, 2, 3].map((index) => ({ username: name(index), password_hash: hash, sub: name('sub') }))
    const { result } = await importUsers(twins)
    const found = await Promise.all(twins.map(({ username }) => users.findUser(username)))

    expect([result.created, found.filter((user) => user !== undefined).length]).toEqual([1, 1])
    expect(result.refused.map((each: { error_description: string }) => each.error_description)).toEqual([
      'This sub belongs to another account, or is the id of a client.',
      'This sub belongs to another account, or is the id of a client.',
    ])
  })

  // REQ-153
  test('does not give the sub of an account that was created here to another name, not even with restore', async () => {
    const { importUsers, run, name } = setUp()
    const { result } = await run({ command: 'create-user', username: name('ada'), password })
    const theft = [{ username: name('bob'), password_hash: hash, sub: result.sub }]

    for (const options of [{}, { restore: true }])
      expect(await importUsers(theft, options)).toMatchObject({ result: { created: 0, refused: [{ index: 0 }] } })
    expect(await run({ command: 'show-user', username: name('bob') })).toMatchObject({ error: 'unknown_user' })
  })

  // REQ-153
  test('brings a deleted sub back only with restore, also under a new name', async () => {
    const { importUsers, run, name, sessions } = setUp()
    const user = { username: name('maiden'), password_hash: hash, sub: name('5001') }
    await importUsers([user])
    await run({ command: 'delete-user', username: user.username })
    const epoch = await sessions.readEpoch(user.sub)
    const renamed = [{ ...user, username: name('married') }]

    expect(await importUsers(renamed)).toMatchObject({
      result: {
        created: 0,
        refused: [{ index: 0, error_description: expect.stringMatching(/was deleted\. --restore gives it back/) }],
      },
    })
    expect(await importUsers(renamed, { restore: true })).toMatchObject({ result: { created: 1 } })
    expect(await run({ command: 'show-user', username: user.sub })).toMatchObject({
      result: { sub: user.sub, username: name('married') },
    })
    expect(await sessions.readEpoch(user.sub)).toBeGreaterThan(epoch)
  })

  test('refuses a sub with an @, which would outlive its account, unless that is allowed', async () => {
    const { importUsers, name } = setUp()
    const user = { username: name('personal'), password_hash: hash, sub: name('ada@example.com') }

    expect(await importUsers([user])).toMatchObject({
      result: { created: 0, refused: [{ error_description: expect.stringMatching(/^sub contains an @/) }] },
    })
    expect(await importUsers([user], { allow_personal_sub: true })).toMatchObject({ result: { created: 1 } })
  })

  test.each([[{}], [{ password_hash: null }], [{ password_hash: '' }]])(
    'makes an account without a password of %j, which is exported as one',
    async (rest) => {
      const { importUsers, run, name, passwords } = setUp()
      const username = name(JSON.stringify(rest))
      await importUsers([{ username, ...rest }])
      const { result } = await run({ command: 'show-user', username })

      expect(await passwords.findHash(result.sub)).toBeUndefined()
      const { users } = (await run({ command: 'export-users' })).result
      expect(users.find((user: { sub: string }) => user.sub === result.sub)).toEqual({
        username,
        scope: '',
        disabled: false,
        sub: result.sub,
      })
    },
  )

  test.each([[[]], [Array(1001).fill({})], ['users'], [undefined]])(
    'refuses what is not a batch: %#',
    async (batch) => {
      const { importUsers } = setUp()

      expect(await importUsers(batch)).toMatchObject({ ok: false, error: 'invalid_request' })
    },
  )

  // REQ-122
  test('is logged by its counts, without a name or a hash', async () => {
    const { importUsers, name, lines } = setUp()
    const user = { username: name('logged'), password_hash: hash }
    await importUsers([user, user, { ...user, password_hash: 'hunter2' }])

    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        time: '2027-01-15T08:00:00.000Z',
        event: 'authz_admin',
        command: 'import-users',
        outcome: 'success',
        created: 1,
        updated: 0,
        existing: 1,
        refused: 1,
        request_id: 'invocation-1',
      },
    ])
  })
})

describe('export-users', () => {
  const exportAll = async ({ run }: ReturnType<typeof setUp>) => {
    const users: { username: string }[] = []
    for (let from: string | undefined; ; ) {
      const { ok, result } = await run({ command: 'export-users', ...(from !== undefined && { from }) })
      if (!ok) throw new Error('No page.')
      users.push(...result.users)
      from = result.next
      if (from === undefined) return users
    }
  }

  test('gives what import-users takes, hashes and all', async () => {
    const admin = setUp()
    const user = {
      username: admin.name('leaving'),
      password_hash: hash,
      scope: 'a',
      disabled: true,
      sub: admin.name('s'),
    }
    await admin.importUsers([user])
    const exported = await exportAll(admin)

    expect(exported.filter(({ username }) => username === user.username)).toEqual([user])
    await admin.run({ command: 'delete-user', username: user.username })
    const own = exported.filter(({ username }) => username === user.username)
    expect(await admin.importUsers(own, { restore: true })).toMatchObject({ result: { created: 1 } })
  })

  test('gives addresses and whether they are verified, and an import of it makes the same accounts', async () => {
    const admin = setUp()
    const address = (who: string) => `${admin.name(who)}@example.net`
    const rest = { password_hash: hash, scope: '', disabled: false }
    const users = [
      { username: admin.name('ada'), email: address('ada'), email_verified: true, ...rest, sub: admin.name('1') },
      { username: admin.name('bob'), email: address('bob'), email_verified: false, ...rest, sub: admin.name('2') },
      { username: address('eve'), email: address('eve'), email_verified: true, ...rest, sub: admin.name('3') },
    ]
    await admin.importUsers(users)
    const own = async () =>
      (await exportAll(admin)).filter(({ username }) => users.some((user) => user.username === username))
    const exported = await own()
    for (const { username } of users) await admin.run({ command: 'delete-user', username })
    expect(await admin.importUsers(exported, { restore: true })).toMatchObject({ result: { created: 3, refused: [] } })

    expect(exported).toEqual(users)
    expect(await own()).toEqual(users)
    for (const { email, sub } of users)
      expect(await admin.run({ command: 'show-user', username: email })).toMatchObject({ result: { sub } })
  })

  test('gives every account once, over as many pages as it takes, and nothing else that the table holds', async () => {
    const admin = setUp()
    const names = Array.from({ length: 1001 }, (_, index) => admin.name(index))
    const users = names.map((username) => ({ username, password_hash: hash }))
    await admin.importUsers(users.slice(0, 1000))
    await admin.importUsers(users.slice(1000))
    const first = await admin.run({ command: 'export-users' })
    const exported = (await exportAll(admin)).map(({ username }) => username)

    expect(first.result.next).toEqual(expect.any(String))
    expect(new Set(exported).size).toBe(exported.length)
    expect(names.filter((name) => !exported.includes(name))).toEqual([])
    expect(exported.filter((name) => !name.startsWith('import-'))).toEqual([])
  })

  test.each(['', 'Not canonical', ' x', 'a\0', 7])('refuses %j to go on from', async (from) => {
    const { run } = setUp()

    expect(await run({ command: 'export-users', from })).toEqual({
      ok: false,
      error: 'invalid_request',
      error_description: 'from must be the `next` value of a previous response.',
    })
  })
})
