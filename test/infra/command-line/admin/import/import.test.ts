import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Ask } from '../../../../../infra/command-line/admin/answer.ts'
import type { ImportOptions, ImportTask } from '../../../../../infra/command-line/admin/command-line.ts'
import { importUsers } from '../../../../../infra/command-line/admin/import/import.ts'
import { formatImportSummary } from '../../../../../infra/command-line/admin/import/import-summary.ts'
import { newFolder } from '../../../../support/local-aws.ts'

const strict: ImportOptions = { restore: false, allow_personal_sub: false, update: false, dry_run: false }

type Batch = {
  readonly users: readonly { readonly username: string; readonly email?: string; readonly sub?: string }[]
  readonly dry_run: boolean
}

type Behaviour = {
  existing?: string[]
  refused?: string[]
  updated?: string[]
  fails?: number
  stopsIn?: number
  tookMs?: number[]
}

/** An admin function that knows the names `existing` and refuses the names `refused`, and a clock that stands in between. */
function setUp(lines: readonly string[], behaviour: Behaviour = {}) {
  const { existing = [], refused = [], updated = [], fails = 0, stopsIn = 0, tookMs = [] } = behaviour

  const file = join(newFolder(), 'users.jsonl')
  writeFileSync(file, lines.join('\n'))
  const batches: number[] = []
  const sent: unknown[] = []
  let time = 0
  let stopping = false
  const ask: Ask = async (request) => {
    const { users, dry_run } = request as unknown as Batch
    batches.push(users.length)
    sent.push(...users)
    if (batches.length === stopsIn) stopping = true
    time += tookMs[batches.length - 1] ?? 0
    if (batches.length === fails) return { ok: false, error: 'x', error_description: 'It failed.' }
    const indexesOf = (names: readonly string[]) =>
      users.flatMap(({ username }, index) => (names.includes(username) ? [index] : []))
    const result = {
      created: users.filter(({ username }) => ![...existing, ...refused, ...updated].includes(username)).length,
      updated: indexesOf(updated),
      existing: indexesOf(existing),
      refused: indexesOf(refused).map((index) => ({ index, error_description: 'No good.' })),
      ...(dry_run && {
        usernames: users.map(({ username }) => username.toLowerCase()),
        emails: users.map(({ email = null }) => email),
      }),
    }
    return { ok: true, result }
  }
  const progress = { draw: () => undefined, clear: () => undefined }
  const run = (changes: Partial<Omit<ImportTask, 'options'>> & { options?: Partial<ImportOptions> } = {}) => {
    const task = { kind: 'import', file, from: 1, firebase: undefined, ...changes } as const
    const surroundings = { ask, progress, now: () => time, isStopping: () => stopping }
    return importUsers({ ...task, options: { ...strict, ...changes.options } }, surroundings)
  }
  return { file, batches, sent, run }
}

const user = (name: number | string) => JSON.stringify({ username: String(name) })
const users = (count: number) => Array.from({ length: count }, (_, index) => user(index + 1))

describe('a file that is not one JSON object per line, in UTF-8,', () => {
  test.each<[string, string | Buffer, RegExp]>([
    [
      'in another encoding',
      Buffer.from(`${user('a')}\n${user('b')}\n{"username":"jos\u00e9"}\n`, 'latin1'),
      /^Line 3 is not UTF-8/,
    ],
    ['an array', `[${user('a')},${user('b')}]`, /^The file is a JSON array/],
    ['an array over several lines', `\n [\n${user('a')}\n]`, /^The file is a JSON array/],
    [
      'CSV',
      'username,password_hash\na,b\n',
      /^The first line is not a JSON object.*CSV.*\n.*username,password_hash,sub$/,
    ],
    ['what firebase auth:export writes', `{"users": [${user('a')}]}`, /^The file is one JSON object.*\.users\)/],
    ['an object over several lines', `{\n  "users": [${user('a')}]\n}`, /^The file is one JSON object/],
    ['in UTF-16', Buffer.from(`\ufeff${user('a')}`, 'utf16le'), /^The file is UTF-16.*iconv -f utf-16le /],
    ['in UTF-16, big-endian', Buffer.from(`\ufeff${user('a')}`, 'utf16le').swap16(), /iconv -f utf-16be /],
    ['in UTF-16 without a mark', Buffer.from(`${user('a')}\n${user('b')}`, 'utf16le'), /iconv -f utf-16le /],
    ['in UTF-16, big-endian, without a mark', Buffer.from(user('a'), 'utf16le').swap16(), /iconv -f utf-16be /],
  ])('is refused before anything is imported, with how to convert it: %s', async (_, content, message) => {
    const { file, batches, run } = setUp([])
    writeFileSync(file, content)

    await expect(run()).rejects.toThrow(message)
    expect(batches).toEqual([])
  })

  test('may be in one piece of many megabytes, with a bad line at its end', async () => {
    const { file, run } = setUp([])
    writeFileSync(file, Buffer.concat([Buffer.from(`${user('a')}\n`.repeat(200_000)), Buffer.from([0x7b, 0xff])]))

    await expect(run()).rejects.toThrow(/^Line 200001 is not UTF-8/)
  })

  test('must be one that can be read twice', async () => {
    const { batches, run } = setUp([])

    await expect(run({ file: newFolder() })).rejects.toThrow(/is not a regular file/)
    await expect(run({ file: '/dev/null' })).rejects.toThrow(/is not a regular file/)
    expect(batches).toEqual([])
  })
})

describe('an import', () => {
  test('skips a byte order mark', async () => {
    const { run } = setUp([`\ufeff${user(1)}`, user(2)])

    expect(await run()).toMatchObject({ created: 2, refused: [] })
  })

  test('counts lines by line feeds only: U+2028 and U+2029 are part of a value', async () => {
    const { run } = setUp([user(1), user('a\u2028b\u2029c'), user(3)])

    expect(await run()).toMatchObject({ lines: 3, created: 3, refused: [] })
  })

  test('sends a file in batches, and sums up what became of them', async () => {
    const { batches, run } = setUp(users(1201))

    expect(await run()).toEqual({ lines: 1201, created: 1201, updated: 0, existing: [], refused: [] })
    expect(batches).toEqual([50, 100, 200, 400, 451])
  })

  test('tells by line what is refused, and why, and skips blank lines', async () => {
    const lines = [
      user('good'),
      '',
      'not json',
      `"${'x'.repeat(9000)}"`,
      '  ',
      user('bad'),
      '{"username":',
      user('last'),
    ]
    const { batches, run } = setUp(lines, { refused: ['bad'] })

    expect(await run()).toEqual({
      lines: 6,
      created: 2,
      updated: 0,
      existing: [],
      refused: [
        { line: 3, error_description: 'The line is not JSON.' },
        { line: 4, error_description: 'The user is longer than 8192 bytes.' },
        { line: 6, username: 'bad', error_description: 'No good.' },
        { line: 7, error_description: 'The line is not JSON.' },
      ],
    })
    expect(batches).toEqual([3])
  })

  test('leaves out a line that is nested too deeply or too long, and goes on with the next', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const long = JSON.stringify({ ...JSON.parse(user('long')), note: 'x'.repeat(3_000_000) })
    const { run } = setUp([user(1), `{"username":"deep","x":${deep}}`, deep, user(2), long, user(3)])

    expect(await run()).toMatchObject({
      created: 3,
      refused: [2, 3, 5].map((line) => ({ line, error_description: 'The user is longer than 8192 bytes.' })),
    })
  })

  test('tells who was there already, as ranges over all batches', async () => {
    const existing = Array.from({ length: 600 }, (_, index) => String(index + 2))
    const { run } = setUp(users(700), { existing: [...existing, '650'] })
    const summary = await run()

    expect(summary).toEqual({
      lines: 700,
      created: 99,
      updated: 0,
      existing: [
        [2, 601],
        [650, 650],
      ],
      refused: [],
    })
    expect(formatImportSummary(summary, { update: false, dryRun: false })).toBe(
      'left unchanged, because these users exist: lines 2-601, 650\n99 created, 601 left unchanged, 0 left out, of 700 lines',
    )
  })

  test('goes on from a line, counted as in the file', async () => {
    const { run } = setUp(['', ...users(3)], { refused: ['3'] })

    expect(await run({ from: 3 })).toEqual({
      lines: 2,
      created: 1,
      updated: 0,
      existing: [],
      refused: [{ line: 4, username: '3', error_description: 'No good.' }],
    })
  })

  test('that fails half-way says where to go on', async () => {
    const { run } = setUp(users(1200), { fails: 2 })

    await expect(run()).rejects.toThrow('It failed.\nGo on with --from 51.')
  })

  test('of lines ended as on Windows reads them all the same', async () => {
    const { run } = setUp(users(3).map((line) => `${line}\r`))

    expect(await run()).toMatchObject({ lines: 3, created: 3, refused: [] })
  })

  test('of an empty file does nothing', async () => {
    const { batches, run } = setUp([])

    expect(await run()).toEqual({ lines: 0, created: 0, updated: 0, existing: [], refused: [] })
    expect(batches).toEqual([])
  })

  test('makes batches smaller when they take long, as some hashes do, and larger again', async () => {
    const { run, batches } = setUp(users(700), { tookMs: [8000, 4000, 1000, 40_000, 3000, 10] })
    await run()

    // An invocation has 60 seconds, and 4 are aimed at.
    expect(batches.slice(0, 7)).toEqual([50, 25, 25, 50, 10, 10, 20])
  })

  test('that is stopped finishes the batch that is under way and says where to go on', async () => {
    const { run, batches } = setUp(users(300), { stopsIn: 2 })
    const summary = await run()

    expect(summary).toEqual({ lines: 150, created: 150, updated: 0, existing: [], refused: [], next: 151 })
    expect(batches).toEqual([50, 100])
    expect(formatImportSummary(summary, { update: false, dryRun: false })).toMatch(/\nGo on with --from 151\.$/)
  })

  test('that is stopped while its batch fails goes on from there, as Ctrl-C also ends a local function', async () => {
    const { run } = setUp(users(300), { stopsIn: 2, fails: 2 })

    expect(await run()).toEqual({ lines: 50, created: 50, updated: 0, existing: [], refused: [], next: 51 })
  })

  test('that is stopped in its last batch is done', async () => {
    const { run } = setUp(users(50), { stopsIn: 1 })

    expect(await run()).not.toHaveProperty('next')
  })

  test('mixes forms, and sends only what it needs of the users of other systems', async () => {
    const { run, sent } = setUp([
      user('own'),
      '{"id":"k1","username":"kc","enabled":false,"credentials":[],"attributes":{"a":["b"]}}',
      '{"id":"u1","email":"su@example.com","encrypted_password":"$2a$10$x","raw_user_meta_data":{}}',
    ])

    expect(await run()).toMatchObject({ created: 3, refused: [] })
    expect(sent).toEqual([
      { username: 'own' },
      { username: 'kc', disabled: true, sub: 'k1' },
      { username: 'su@example.com', password_hash: '$2a$10$x', sub: 'u1' },
    ])
  })
})

describe('a dry run', () => {
  test('reports names and subs that repeat in the file, over all batches, instead of what they would become', async () => {
    const twin = (name: string, sub: string) => JSON.stringify({ username: name, sub })
    const lines = [...users(60), user('A'), user('a'), twin('b', 's'), twin('c', 's'), user('60'), user('bad')]
    const { run } = setUp(lines, { refused: ['bad'], updated: ['60', 'A'] })
    const summary = await run({ options: { dry_run: true, update: true } })

    expect(summary).toEqual({
      lines: 66,
      created: 60,
      updated: 2,
      existing: [],
      refused: [
        { line: 62, username: 'a', error_description: 'username: the same as in an earlier line (line 61).' },
        { line: 64, username: 'c', error_description: 'sub: the same as in an earlier line (line 63).' },
        { line: 65, username: '60', error_description: 'username: the same as in an earlier line (line 60).' },
        { line: 66, username: 'bad', error_description: 'No good.' },
      ],
    })
  })
})

test('a dry run reports an address that an earlier line has as an address or as a name', async () => {
  const line = (username: string, email?: string) => JSON.stringify({ username, email })
  const { run } = setUp([
    line('a', 'a@x'),
    line('b', 'a@x'),
    line('a@x'),
    line('c@x'),
    line('c', 'c@x'),
    line('d@x', 'd@x'),
  ])
  const { refused } = await run({ options: { dry_run: true } })

  expect(refused).toEqual([
    { line: 2, username: 'b', error_description: 'email: the same as in an earlier line (line 1).' },
    { line: 3, username: 'a@x', error_description: 'username: the same as in an earlier line (line 1).' },
    { line: 5, username: 'c', error_description: 'email: the same as in an earlier line (line 4).' },
  ])
})

describe('the summary', () => {
  test('names each refused line, counts the reasons, and writes no control characters to the terminal', () => {
    const cost = 'password_hash: the cost is out of bounds.'
    const summary = {
      lines: 9,
      created: 2,
      updated: 3,
      existing: [[4, 4]] as const,
      refused: [
        { line: 1, username: 'ada\u001b[2J\u2028', error_description: cost },
        { line: 2, error_description: 'The line is not JSON.' },
        { line: 3, username: 'eve', error_description: cost },
      ],
    }

    expect(formatImportSummary(summary, { update: true, dryRun: true }).split('\n')).toEqual([
      'line 1, ada\\u001b[2J\\u2028: password_hash: the cost is out of bounds.',
      'line 2: The line is not JSON.',
      'line 3, eve: password_hash: the cost is out of bounds.',
      '2 × password_hash: the cost is out of bounds',
      '1 × The line is not JSON',
      'left unchanged, because these users have logged in here, or the line has no hash or the same: lines 4',
      'Dry run, nothing was written: 2 created, 3 updated, 1 left unchanged, 3 left out, of 9 lines',
    ])
  })

  test('keeps a line a line, whatever the names of the members in the file are', () => {
    const error_description = '\u001b]0;title\u0007\nline 7: forged is not a member of a user.'
    const summary = { ...{ lines: 1, created: 0, updated: 0, existing: [] }, refused: [{ line: 1, error_description }] }
    const shown = '\\u001b]0;title\\u0007\\u000aline 7: forged is not a member of a user'

    expect(formatImportSummary(summary, { update: false, dryRun: false }).split('\n')).toEqual([
      `line 1: ${shown}.`,
      `1 × ${shown}`,
      '0 created, 0 left unchanged, 1 left out, of 1 lines',
    ])
  })
})
