import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDataFolder } from '../support/local-server.ts'
import { openService } from '../support/local-service.ts'

const data = createDataFolder()
const oldSystem = 'arn:aws:lambda:us-east-1:000000000000:function:oldSystem'
const right = 'the password of the old system'

const program = join(import.meta.dirname, '../support/synthesise-owners-functions.ts')

/** A service whose accounts come from this function. */
async function open(migration: string, folder: string) {
  const service = await openService({ data: folder, settings: { migration, accountFailures: '5' }, program })
  const { url, invoke } = service
  const logIn = async (username: string, password: string) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}/login`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ username, password }),
    })
    const { access_token: token, error } = (await response.json()) as Readonly<Record<string, string>>
    return { status: response.status, error, token }
  }
  /** So many at once are there then: their starts may take longer than they have, on a machine that is busy. */
  const warmUp = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        Promise.all([invoke('oldSystem', JSON.stringify({ triggerSource: 'none' })), invoke('migrate', '{}')]),
      ),
    )
  return { ...service, logIn, warmUp }
}

const service = await open(oldSystem, data.path)
const { logIn, admin, warmUp, lines } = service
await warmUp(4)

afterAll(async () => {
  await service[Symbol.asyncDispose]()
  data[Symbol.dispose]()
})

// REQ-151, REQ-159
describe('somebody who is unknown here and known to the old system', () => {
  test('logs in with the old password, and from then on without the old system', async () => {
    expect(await logIn('kim@old.example', `${right}.`)).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect(await admin({ command: 'show-user', username: 'kim@old.example' })).toMatchObject({ ok: false })
    expect(await logIn('KIM@old.example ', right)).toMatchObject({ status: 200, token: expect.any(String) })

    lines.length = 0
    expect(await logIn('kim@old.example', right)).toMatchObject({ status: 200 })
    expect(await logIn('kim@old.example', `${right}.`)).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect(lines.filter((line) => /user_migrat/.test(line))).toEqual([])
  })

  test('logs in many times at once for the first time, and has one account', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => logIn('kim', right)))

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const subs = answers.map(
      ({ token = '' }) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub,
    )
    expect(new Set(subs).size).toBe(1)
  })

  test('is not let in by it once there is an account here, disabled or not', async () => {
    await admin({ command: 'disable-user', username: 'kim' })

    expect(await logIn('kim', right)).toMatchObject({ status: 400, error: 'invalid_grant' })
  })
})

test.each(['nobody', 'unchanged', 'other', 'reset'])(
  'a name that the old system does not confirm is a wrong password: %s',
  async (name) => {
    expect(await logIn(name, right)).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect(await admin({ command: 'show-user', username: name })).toMatchObject({ ok: false })
  },
)

test('a locked name is not asked about', async () => {
  for (const _ of Array(5)) await logIn('guessed', 'a wrong password of many')
  lines.length = 0

  expect(await logIn('guessed', 'a wrong password of many')).toMatchObject({ status: 429 })
  expect(lines.filter((line) => /user_migrat/.test(line))).toEqual([])
})

// REQ-122
describe('an old system that fails', () => {
  test.each(['crash', 'nonsense', 'slow'])(
    'lets nobody in whom only it knows, and tells to try again: %s',
    async (name) => {
      expect(await logIn(name, right)).toMatchObject({ status: 503, error: 'temporarily_unavailable' })
    },
  )

  test('keeps nobody out who is known here', async () => {
    using elsewhere = createDataFolder()
    await using gone = await open('arn:aws:lambda:us-east-1:000000000000:function:gone', elsewhere.path)
    await gone.admin({ command: 'create-user', username: 'ada', password: 'correct horse battery staple' })

    expect(await gone.logIn('ada', 'correct horse battery staple')).toMatchObject({ status: 200 })
    expect(await gone.logIn('ada', 'correct horse battery staples')).toMatchObject({ status: 400 })
    expect(await gone.logIn('nobody', 'correct horse battery staple')).toMatchObject({ status: 503 })
  })

  test('leaves no password in any log', () => {
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('\n')).not.toContain(right)
  })
})
