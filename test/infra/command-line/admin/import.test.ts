import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Ask } from '../../../../infra/command-line/admin/answer.ts'
import { formatImportSummary, importUsers } from '../../../../infra/command-line/admin/import.ts'
import { newFolder } from '../../../support/local-aws.ts'

const strict = { restore: false, allow_personal_sub: false }

type Batch = { readonly users: readonly { readonly username: string }[] }

/** An admin function that knows the names `existing` and refuses the names `refused`. */
function setUp(lines: readonly string[], { existing = [''], refused = [''], fails = 0 } = {}) {
  const file = join(newFolder(), 'users.jsonl')
  writeFileSync(file, lines.join('\n'))
  const batches: number[] = []
  const ask: Ask = async (request) => {
    const { users } = request as unknown as Batch
    batches.push(users.length)
    if (batches.length === fails) return { ok: false, error: 'x', error_description: 'It failed.' }
    const indexesOf = (names: readonly string[]) =>
      users.flatMap(({ username }, index) => (names.includes(username) ? [index] : []))
    const result = {
      created: users.filter(({ username }) => ![...existing, ...refused].includes(username)).length,
      existing: indexesOf(existing),
      refused: indexesOf(refused).map((index) => ({ index, error_description: 'No good.' })),
    }
    return { ok: true, result }
  }
  return { file, batches, ask }
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
    ['CSV', 'username,password_hash\na,b\n', /^The first line is not a JSON object.*CSV/],
    ['in UTF-16', Buffer.from(`\ufeff${user('a')}`, 'utf16le'), /^Line 1 is not UTF-8/],
  ])('is refused before anything is imported, with how to convert it: %s', async (_, content, message) => {
    const { file, batches, ask } = setUp([])
    writeFileSync(file, content)

    await expect(importUsers(file, 1, strict, ask)).rejects.toThrow(message)
    expect(batches).toEqual([])
  })

  test('may be in one piece of many megabytes, with a bad line at its end', async () => {
    const { file, ask } = setUp([])
    writeFileSync(file, Buffer.concat([Buffer.from(`${user('a')}\n`.repeat(200_000)), Buffer.from([0x7b, 0xff])]))

    await expect(importUsers(file, 1, strict, ask)).rejects.toThrow(/^Line 200001 is not UTF-8/)
  })
})

describe('an import', () => {
  test('skips a byte order mark', async () => {
    const { file, ask } = setUp([`\ufeff${user(1)}`, user(2)])

    expect(await importUsers(file, 1, strict, ask)).toMatchObject({ created: 2, refused: [] })
  })

  test('counts lines by line feeds only: U+2028 and U+2029 are part of a value', async () => {
    const { file, ask } = setUp([user(1), user('a\u2028b\u2029c'), user(3)])

    expect(await importUsers(file, 1, strict, ask)).toMatchObject({ lines: 3, created: 3, refused: [] })
  })

  test('sends a file in batches, and sums up what became of them', async () => {
    const { file, batches, ask } = setUp(users(1201))

    expect(await importUsers(file, 1, strict, ask)).toEqual({ lines: 1201, created: 1201, existing: [], refused: [] })
    expect(batches).toEqual([500, 500, 201])
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
    const { file, batches, ask } = setUp(lines, { refused: ['bad'] })

    expect(await importUsers(file, 1, strict, ask)).toEqual({
      lines: 6,
      created: 2,
      existing: [],
      refused: [
        { line: 3, error_description: 'The line is not JSON.' },
        { line: 4, error_description: 'The line is longer than 8192 characters.' },
        { line: 6, error_description: 'No good.' },
        { line: 7, error_description: 'The line is not JSON.' },
      ],
    })
    expect(batches).toEqual([3])
  })

  test('tells who was there already, as ranges over all batches', async () => {
    const existing = Array.from({ length: 600 }, (_, index) => String(index + 2))
    const { file, ask } = setUp(users(700), { existing: [...existing, '650'] })
    const summary = await importUsers(file, 1, strict, ask)

    expect(summary).toEqual({
      lines: 700,
      created: 99,
      existing: [
        [2, 601],
        [650, 650],
      ],
      refused: [],
    })
    expect(formatImportSummary(summary)).toBe(
      'left unchanged, because these users exist: lines 2-601, 650\n99 created, 601 left unchanged, 0 left out, of 700 lines',
    )
  })

  test('goes on from a line, counted as in the file', async () => {
    const { file, ask } = setUp(['', ...users(3)], { refused: ['3'] })

    expect(await importUsers(file, 3, strict, ask)).toEqual({
      lines: 2,
      created: 1,
      existing: [],
      refused: [{ line: 4, error_description: 'No good.' }],
    })
  })

  test('that fails half-way says where to go on', async () => {
    const { file, ask } = setUp(users(1200), { fails: 2 })

    await expect(importUsers(file, 1, strict, ask)).rejects.toThrow('It failed.\nGo on with --from 501.')
  })

  test('of lines ended as on Windows reads them all the same', async () => {
    const { file, ask } = setUp(users(3).map((line) => `${line}\r`))

    expect(await importUsers(file, 1, strict, ask)).toMatchObject({ lines: 3, created: 3, refused: [] })
  })

  test('of an empty file does nothing', async () => {
    const { file, batches, ask } = setUp([])

    expect(await importUsers(file, 1, strict, ask)).toEqual({ lines: 0, created: 0, existing: [], refused: [] })
    expect(batches).toEqual([])
  })
})
