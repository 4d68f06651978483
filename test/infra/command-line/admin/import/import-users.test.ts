import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createAdmin } from '../../../../support/admin.ts'
import { admin, startAdmin } from '../../../../support/admin-command.ts'
import { hashes, password } from '../../../../support/builders/imported-hashes.ts'
import { newFolder, startAws } from '../../../../support/local-aws.ts'
import { openTable } from '../../../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const [[, hash], [, newer]] = hashes as [[string, string], [string, string]]

let made = 0

/** A running server, as far as the command sees it, with our admin function over a real table. */
async function setUp(of = table) {
  made += 1
  const data = newFolder()
  const administration = createAdmin(of)
  const name = (line: number) => `file-${made}-${line}`
  // Called with the number of a batch before it is run, and its users.
  const hooks = { before: async (_: number) => undefined as unknown }
  let batches = 0
  const aws = await startAws([], {
    data,
    inMemory: true,
    invoke: async (_, payload) => {
      const event = JSON.parse(payload)
      if (event.command === 'import-users') await hooks.before(++batches)
      return { payload: JSON.stringify(await administration.run(event)) }
    },
  })
  const server = { url: 'http://127.0.0.1:1', aws: aws.url, pid: process.pid, functionNames: ['admin'] }
  writeFileSync(join(data, 'server.json'), JSON.stringify({ ...server, accessKeyId: 'AKIAOWNER' }))
  const file = join(data, 'users.jsonl')
  const write = (users: readonly object[]) => writeFileSync(file, users.map((user) => JSON.stringify(user)).join('\n'))
  const writeLines = (count: number) =>
    write(Array.from({ length: count }, (_, line) => ({ username: name(line + 1), sub: `${name(line + 1)}-sub` })))
  const importArgs = ['import-users', file, '--data', data]
  const found = async (count: number) => {
    const subs = await Promise.all(
      Array.from({ length: count }, (_, line) => administration.accounts.findSubject(name(line + 1))),
    )
    return subs.filter((sub) => sub !== undefined).length
  }
  return {
    ...administration,
    data,
    name,
    hooks,
    file,
    write,
    writeLines,
    importArgs,
    found,
    [Symbol.asyncDispose]: aws[Symbol.asyncDispose],
  }
}

describe('import-users', () => {
  test('that is killed in the middle of a batch loses nothing: the same command goes on', async () => {
    await using server = await setUp()
    server.writeLines(300)
    const { child, ended } = startAdmin(server.importArgs)
    server.hooks.before = async (batch) => batch === 2 && child.kill('SIGKILL')
    const killed = await ended
    server.hooks.before = async () => undefined
    const again = await admin([...server.importArgs, '--json'])
    const { created, existing, refused } = JSON.parse(again.stdout)

    expect(killed).toMatchObject({ stdout: '', signal: 'SIGKILL' })
    expect({ existing: existing[0][0], refused, code: again.code }).toEqual({ existing: 1, refused: [], code: 0 })
    expect(created + existing[0][1]).toBe(300)
    expect(await server.found(300)).toBe(300)
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'finishes what is under way at %s, says where to go on, and goes on from there',
    async (signal, code) => {
      await using server = await setUp()
      server.writeLines(300)
      const { child, ended } = startAdmin(server.importArgs)
      server.hooks.before = async (batch) => {
        if (batch !== 2) return
        child.kill(signal)
        // The second, as npm sends it after a terminal has.
        await once(child.stderr, 'data')
        child.kill(signal)
      }
      const stopped = await ended
      const before = await server.found(300)
      server.hooks.before = async () => undefined
      const rest = await admin([...server.importArgs, '--from', '151'])

      // A slow machine is told of the progress too.
      expect({ ...stopped, stderr: stopped.stderr.replace(/^\d+ %, .*\n/gm, '') }).toEqual({
        stdout: '150 created, 0 left unchanged, 0 left out, of 150 lines\nGo on with --from 151.\n',
        stderr: '\nStopping: what is under way is finished first.\n',
        code,
        signal: null,
      })
      expect(before).toBe(150)
      expect(rest).toMatchObject({ stdout: '150 created, 0 left unchanged, 0 left out, of 150 lines\n', code: 0 })
      expect(await server.found(300)).toBe(300)
    },
    60_000,
  )

  // REQ-42, REQ-153
  test('of one file twice at once creates each account once', async () => {
    await using server = await setUp()
    server.writeLines(300)
    const line = [...server.importArgs, '--json']
    const both = await Promise.all([startAdmin(line).ended, startAdmin(line).ended])
    const summaries = both.map(({ stdout }) => JSON.parse(stdout))

    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(summaries.map(({ refused }) => refused)).toEqual([[], []])
    expect(summaries[0].created + summaries[1].created).toBe(300)
    expect(await server.found(300)).toBe(300)
  })

  test('--dry-run says what would be, --update what was changed', async () => {
    await using server = await setUp()
    const user = { username: server.name(1), password_hash: hash }
    server.write([user])
    const dry = await admin([...server.importArgs, '--dry-run'])
    const foundAfterDryRun = await server.found(1)
    await admin(server.importArgs)
    server.write([
      { ...user, password_hash: newer },
      { username: server.name(2), password_hash: 'md5' },
    ])
    const updated = await admin([...server.importArgs, '--update'])

    expect(dry).toMatchObject({
      stdout: 'Dry run, nothing was written: 1 created, 0 left unchanged, 0 left out, of 1 lines\n',
      code: 0,
    })
    expect(foundAfterDryRun).toBe(0)
    expect(updated.code).toBe(1)
    expect(updated.stdout).toMatch(/^line 2, file-\d+-2: password_hash: the scheme is not supported/)
    expect(updated.stdout).toMatch(/\n0 created, 1 updated, 0 left unchanged, 1 left out, of 2 lines\n$/)
    expect(updated.stdout).not.toContain('md5')
  })

  test('--try checks one password against the line of a name, however it is spelled, and creates nothing', async () => {
    await using server = await setUp()
    const user = { username: server.name(2), password_hash: hash }
    server.write([{ username: server.name(1) }, user])
    const trial = (name: string, given: string) => admin([...server.importArgs, '--try', name], `${given}\n`)
    const [good, bad, without, none] = [
      await trial(server.name(2).toUpperCase(), password),
      await trial(server.name(2), `${password}.`),
      await trial(server.name(1), password),
      await trial('nobody', password),
    ]

    expect(good).toEqual({ stdout: 'line 2: the password matches.\n', stderr: '', code: 0 })
    expect(bad).toMatchObject({
      stdout: expect.stringMatching(/^line 2: the password does not match\.\n.*Flask-Security.*`migration`/s),
      code: 1,
    })
    expect(without).toMatchObject({ stdout: 'line 1: this user has no password hash.\n', code: 1 })
    expect(none).toMatchObject({ stderr: 'No line of the file has the name nobody.\n', code: 1 })
    expect(await server.found(2)).toBe(0)
  })
})

describe('export-users', () => {
  test('--for writes what another system and import-users read, and warns of hashes that have no form there', async () => {
    // Of its own, because all users that there are would be exported.
    await using opened = new AsyncDisposableStack()
    await using server = await setUp(opened.adopt(await openTable(), ({ close }) => close()))
    await server.run({ command: 'create-user', username: server.name(1), password })
    server.write([
      { username: server.name(2), password_hash: hash, sub: server.name(2), scope: 'a', disabled: true },
      { username: server.name(3), password_hash: '{SSHA}FP/4u0IHxAL4aXrt6IBugY+2D9KIcQ5B', sub: server.name(3) },
    ])
    await admin(server.importArgs)
    const left = join(server.data, 'left.jsonl')
    const exported = await admin(['export-users', left, '--for', 'flask', '--data', server.data])
    const lines = readFileSync(left, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    await server.run({ command: 'delete-user', username: server.name(2) })
    const back = await admin(['import-users', left, '--restore', '--data', server.data])

    expect(exported).toMatchObject({ stdout: '3 users\n', code: 0 })
    // A slow machine is told of the progress first.
    expect(exported.stderr.split('\n').filter((line) => line !== '' && !line.endsWith(' users'))).toEqual([
      'Warning: users without password_hash, because Flask cannot read their hashes: 1 (1 × wrapped).',
    ])
    expect(lines).toEqual([
      {
        ...{ username: server.name(1), scope: '', disabled: false, sub: expect.any(String) },
        password_hash: expect.stringMatching(/^\$argon2id\$/),
      },
      { username: server.name(2), password_hash: hash, scope: 'a', disabled: true, sub: server.name(2) },
      { username: server.name(3), scope: '', disabled: false, sub: server.name(3) },
    ])
    expect(back.stdout).toContain('1 created,')
    expect(await server.passwords.findHash(server.name(2))).toBe(hash)
  })
})
