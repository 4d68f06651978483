import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { hashes, password } from '../support/builders/imported-hashes.ts'
import { createDataFolder, runLocal, startServer } from '../support/local-server.ts'
import { giveSample } from '../support/samples.ts'

const data = createDataFolder()
const server = await startServer(data.path, ['-c', 'selfRegistration=true', '-c', 'accountFailures=3'])

afterAll(async () => {
  await server.stop()
  data[Symbol.dispose]()
})

const next = 'a better battery of horses'
let made = 0

async function post(path: string, body: object, token?: string) {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    json: JSON.parse(await response.text()),
  }
}

const refresh = (refresh_token: string) => post('/token', { grant_type: 'refresh_token', refresh_token })

const getMe = async (token: string) =>
  (await fetch(`${server.url}/me`, { headers: { authorization: `Bearer ${token}` } })).status

/** Someone who has just registered. */
async function register() {
  made += 1
  const credentials = { username: `user-${made}`, password }
  return { ...credentials, registered: await post('/register', credentials) }
}

describe('a person who registers', () => {
  test('can log in, change the password and go on only with the new tokens', async () => {
    const { username, registered } = await register()
    const before = (await post('/login', { username, password })).json
    const changed = await post('/password', { current_password: password, new_password: next }, before.access_token)

    expect(registered).toMatchObject({ status: 201, json: { sub: decodeJwt(before.access_token).sub, username } })
    expect(changed).toMatchObject({ status: 200, json: { token_type: 'Bearer', expires_in: 900 } })
    expect(await getMe(changed.json.access_token)).toBe(200)
    expect(await refresh(changed.json.refresh_token)).toMatchObject({ status: 200 })
    expect(await refresh(before.refresh_token)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect(await post('/login', { username, password })).toMatchObject({ status: 400 })
    expect(await post('/login', { username, password: next })).toMatchObject({ status: 200 })
  })

  test('is told why a name or a password will not do', async () => {
    const { username } = await register()

    expect(await post('/register', { username, password })).toMatchObject({
      status: 409,
      json: { error: 'username_taken' },
    })
    expect(await post('/register', { username: 'another', password: '1qaz2wsx3edc4rfv' })).toMatchObject({
      status: 400,
      json: { error: 'invalid_request', error_description: expect.stringContaining('too common') },
    })
  })

  test('changes no password without a token', async () => {
    expect(await post('/password', { current_password: password, new_password: next })).toMatchObject({ status: 401 })
  })
})

describe('who guesses', () => {
  // REQ-20, REQ-25, REQ-27
  test('locks the log-in, with the right password too, while sessions go on', async () => {
    const { username } = await register()
    const session = (await post('/login', { username, password })).json
    const guesses = await Promise.all(
      Array.from({ length: 8 }, (_, index) => post('/login', { username, password: `guess ${index}` })),
    )

    expect(guesses.map(({ status }) => status).sort()).toEqual([400, 400, 400, 429, 429, 429, 429, 429])
    const locked = await post('/login', { username, password })
    expect(locked).toMatchObject({ status: 429, json: { error: 'too_many_requests' } })
    expect(Number(locked.retryAfter)).toBeGreaterThan(0)
    expect(Number(locked.retryAfter)).toBeLessThanOrEqual(30)
    expect(await getMe(session.access_token)).toBe(200)
    expect(await refresh(session.refresh_token)).toMatchObject({ status: 200 })
  })
})

// REQ-149
describe('a user of another system', () => {
  test('logs in with the password of old, and leaves with a hash of ours', async () => {
    const [file, left] = [join(data.path, 'users.jsonl'), join(data.path, 'left.jsonl')]
    const users = hashes.map(([maker, password_hash], index) => ({
      username: `import-${index}`,
      password_hash,
      sub: `${maker} ${index}`.replaceAll(' ', '-'),
    }))
    writeFileSync(file, users.map((user) => `${JSON.stringify(user)}\n`).join(''))
    const imported = await runLocal('admin', ['import-users', file, '--data', data.path])
    // One after another: all at once they may take longer than a function has, on a machine that is busy.
    const answers = []
    for (const { username } of users) answers.push(await post('/login', { username, password }))
    await runLocal('admin', ['export-users', left, '--data', data.path])
    const exported = readFileSync(left, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"import-'))
      .map((line) => JSON.parse(line))

    expect(imported).toMatchObject({ code: 0, stdout: expect.stringMatching(`^${users.length} created, 0 left`) })
    expect(answers.map(({ status, json }) => [status, decodeJwt(json.access_token).sub])).toEqual(
      users.map(({ sub }) => [200, sub]),
    )
    expect(exported).toHaveLength(users.length)
    expect(
      exported.filter(({ password_hash }) => !password_hash.startsWith('$argon2id$v=19$m=19456,t=2,p=1$')),
    ).toEqual([])
  })
})

describe('a sample event', () => {
  test.each([
    ['register', 'ok', { statusCode: 201 }],
    ['register', 'taken', { statusCode: 409 }],
    ['register', 'common-password', { statusCode: 400, body: expect.stringContaining('too common') }],
    ['password', 'wrong-password', { statusCode: 400, body: expect.stringContaining('invalid_grant') }],
    ['password', 'common-password', { statusCode: 400, body: expect.stringContaining('too common') }],
    ['password', 'ok', { statusCode: 200 }],
  ])('shows what it is named for: %s/%s', async (name, event, answer) => {
    expect(await giveSample(data.path, name, event)).toEqual({ failed: false, answer: expect.objectContaining(answer) })
  })
})
