import { afterAll, describe, expect, test } from '@jest/globals'
import { createAdmin } from '../support/admin.ts'
import { aUser } from '../support/builders/users.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
let made = 0

async function setUp(...ends: readonly string[]) {
  made += 1
  const admin = createAdmin(table)
  const name = (end: string) => `list-${made}-${end}`
  for (const end of ends) await admin.users.putNewUser(aUser({ username: name(end), sub: name(end), scope: ['a'] }))
  const list = async (request: object = {}) => {
    const answer = await admin.run({ command: 'list-users', prefix: name(''), ...request })
    return { ...answer, names: answer.result?.users.map(({ username }: { username: string }) => username) }
  }
  return { ...admin, name, list }
}

describe('list-users', () => {
  test('lists accounts by name, without their hashes', async () => {
    const { list, name } = await setUp('b', 'a')

    expect((await list()).result).toEqual({
      users: ['a', 'b'].map((end) => ({
        sub: name(end),
        username: name(end),
        scope: 'a',
        disabled: false,
        created_at: 1_700_000_000,
      })),
    })
  })

  test('lists so many at a time, and goes on from its cursor', async () => {
    const { list, name } = await setUp('c', 'a', 'e', 'b', 'd')
    const first = await list({ limit: 2 })
    const second = await list({ limit: 2, cursor: first.result.cursor })
    const third = await list({ limit: 2, cursor: second.result.cursor })

    expect([first.names, second.names, third.names].flat()).toEqual(['a', 'b', 'c', 'd', 'e'].map(name))
    expect(third.result).not.toHaveProperty('cursor')
  })

  test('takes a prefix in any spelling', async () => {
    const { list, name } = await setUp('ada', 'adam', 'bob')

    expect((await list({ prefix: name('AD') })).names).toEqual([name('ada'), name('adam')])
    expect((await list({ prefix: name('x') })).names).toEqual([])
  })

  test.each([
    ['a cursor of another prefix', { cursor: 'zed' }, 'cursor must be of a response to the same prefix.'],
    ['a cursor that is no name', { cursor: 'A\0' }, 'cursor must be the `cursor` value of a previous response.'],
    ['no cursor at all', { cursor: 7 }, 'cursor must be the `cursor` value of a previous response.'],
    ['a limit of none', { limit: 0 }, 'limit must be an integer from 1 to 1000.'],
    ['too high a limit', { limit: 1001 }, 'limit must be an integer from 1 to 1000.'],
    ['half a limit', { limit: 1.5 }, 'limit must be an integer from 1 to 1000.'],
    ['a long prefix', { prefix: 'x'.repeat(257) }, 'prefix must be a string of at most 256 characters.'],
  ])('refuses %s', async (_, request, error_description) => {
    const { list } = await setUp()

    expect(await list(request)).toMatchObject({ ok: false, error: 'invalid_request', error_description })
  })
})

describe('show-user', () => {
  test('finds an account by its name in any spelling, and by its sub exactly', async () => {
    const { run, users } = await setUp()
    await users.putNewUser(aUser({ username: `shown-${made}`, sub: `Sub-${made}` }))
    const show = async (username: string) => (await run({ command: 'show-user', username })).result?.sub

    expect(await show(`SHOWN-${made}`)).toBe(`Sub-${made}`)
    expect(await show(`Sub-${made}`)).toBe(`Sub-${made}`)
    expect(await show(`sub-${made}`)).toBeUndefined()
  })
})

describe('rename-user', () => {
  test('gives an account another name; sub, scope, password and sessions stay', async () => {
    const { run, name, users } = await setUp('old')
    const before = await users.findUser(name('old'))
    const renamed = await run({ command: 'rename-user', username: name('old'), new_username: name('NEW') })

    expect(renamed).toMatchObject({ ok: true, result: { sub: name('old'), username: name('new'), scope: 'a' } })
    expect(await users.findUser(name('new'))).toEqual({ ...before, username: name('new') })
    expect(await users.findUser(name('old'))).toBeUndefined()
  })

  // REQ-134
  test('of eight at once one wins', async () => {
    const { run, name, list } = await setUp('wanted')
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        run({ command: 'rename-user', username: name('wanted'), new_username: name(`${index}`) }),
      ),
    )

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect((await list()).names).toEqual(answers.filter(({ ok }) => ok).map(({ result }) => result.username))
  })

  test('of eight accounts that want one name at once one gets it', async () => {
    const ends = Array.from({ length: 8 }, (_, index) => `${index}`)
    const { run, name, list } = await setUp(...ends)
    const answers = await Promise.all(
      ends.map((end) => run({ command: 'rename-user', username: name(end), new_username: name('wanted') })),
    )

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.filter(({ error }) => error === 'username_taken')).toHaveLength(7)
    expect((await list()).names).toHaveLength(8)
  })

  test.each([
    ['an unknown user', { username: 'nobody' }, 'unknown_user'],
    ['a name that is taken', { new_username: 'b' }, 'username_taken'],
    ['a name by an address', { new_username: 'ada@example.com' }, 'invalid_request'],
    ['a name by none', { new_username: '' }, 'invalid_request'],
  ])('refuses to replace %s', async (_, { username = 'a', new_username = 'c' }: Record<string, string>, error) => {
    const { run, name, list } = await setUp('a', 'b')
    const [from, to] = [username, new_username].map((end) => (/^[abc]$/.test(end) ? name(end) : end))

    expect(await run({ command: 'rename-user', username: from, new_username: to })).toMatchObject({ ok: false, error })
    expect((await list()).names).toEqual([name('a'), name('b')])
  })

  test('changes nothing where the name is the same', async () => {
    const { run, name } = await setUp('same')
    const same = { command: 'rename-user', username: name('same'), new_username: name('SAME') }

    expect(await run(same)).toMatchObject({ ok: true, result: { username: name('same') } })
  })
})
