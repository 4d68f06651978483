import { afterAll, describe, expect, test } from '@jest/globals'
import { createCreateAccount } from '../../functions/domain/accounts/create-account.ts'
import { createPasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createThrottle } from '../../functions/domain/throttling/throttle.ts'
import { endpoint } from '../../functions/http/api/endpoint.ts'
import { createRegisterHandler } from '../../functions/register/handler.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { context, httpEvent, readAddress } from '../support/builders/events.ts'
import { createUsers } from '../support/builders/users.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)
const users = createUsers(stores)
const hasher = createPasswordHasher()
const password = 'correct horse battery staple'
let made = 0

function setUp(addressFailures = 0) {
  made += 1
  const hashed: string[] = []
  const lines: string[] = []
  const clock = stoppedClock()
  const counting = {
    ...hasher,
    hash: (text: Password) => {
      hashed.push(text)
      return hasher.hash(text)
    },
  }
  const createAccount = createCreateAccount({
    accounts: stores.accounts,
    hasher: counting,
    policy: { minimumLength: 15, serviceName: 'Latchkey of the orders' },
    clock,
    newId: randomId,
  })
  const throttle = createThrottle(stores.attempts, { accountFailures: 0, addressFailures }, clock)
  const handle = endpoint(createRegisterHandler({ createAccount, throttle, readAddress }), (line) => lines.push(line))
  const post = async (body: unknown, event: Partial<ReturnType<typeof httpEvent>> = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const {
      statusCode,
      headers,
      body: json = '',
    } = await handle(httpEvent('POST /register', { body: text, ...event }), context)
    return { status: statusCode, headers, json: JSON.parse(json) }
  }
  return { post, name: `user-${made}`, hashed, lines, clock }
}

describe('an account that is registered', () => {
  // REQ-39: nothing is kept that could end a password, hint at it or ask for something else.
  test('gets an account under the canonical name, with a subject of ours and no scope', async () => {
    const { post, name, clock } = setUp()
    const answer = await post({ username: name.toUpperCase(), password })

    expect(answer).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } })
    expect(answer.json).toEqual({ sub: expect.stringMatching(/^[\w-]{22}$/), username: name })
    const { passwordHash, ...user } = (await users.findUser(name)) ?? { passwordHash: '' }
    expect(user).toEqual({
      sub: answer.json.sub,
      username: name,
      scope: [],
      disabled: false,
      createdAt: clock(),
      epoch: 0,
    })
    expect(await hasher.verify(readPassword(password) as Password, passwordHash)).toBe(true)
  })

  // REQ-5
  test('is known by the password in its composed and in its decomposed form', async () => {
    const { post, name } = setUp()
    await post({ username: name, password: 'cafe\u0301 au lait, s\u2019il vous plait' })
    const { passwordHash = '' } = (await users.findUser(name)) ?? {}
    const composed = readPassword('caf\u00e9 au lait, s\u2019il vous plait') as Password

    expect(await hasher.verify(composed, passwordHash)).toBe(true)
  })

  // REQ-42, REQ-46
  test.each([
    ['sub', 'sub'],
    ['scope', 'scope'],
    ['role', 'role'],
    ['disabled', 'disabled'],
    ['passwordHash', 'passwordHash'],
    ['pk', 'pk'],
    ['epoch', 'epoch'],
    ['<script>"', 'One'],
    ['a'.repeat(65), 'One'],
  ])('chooses nothing but name and password: %s is refused by its name', async (member, named) => {
    const { post, name } = setUp()

    expect(await post({ username: name, password, [member]: 'x' })).toMatchObject({
      status: 400,
      json: {
        error: 'invalid_request',
        error_description: `${named} is not a member of this request: send username and password.`,
      },
    })
    expect(await users.findUser(name)).toBeUndefined()
  })

  // REQ-40, REQ-41, REQ-134
  test('is one, of a hundred that ask for a name at once', async () => {
    const { post, name } = setUp()
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => post({ username: name, password: `${password} ${index}` })),
    )
    const won = answers.filter(({ status }) => status === 201)

    // A busy machine may ask some to try again; then it is taken for them too.
    expect(answers.map(({ status }) => status).filter((status) => ![201, 409, 503].includes(status ?? 0))).toEqual([])
    expect(won.length).toBeLessThanOrEqual(1)
    expect(await post({ username: name, password })).toMatchObject({
      status: 409,
      json: { error: 'username_taken', error_description: 'This username is taken.' },
    })
    const sub = won[0]?.json.sub ?? expect.any(String)
    expect(await users.findUser(name)).toMatchObject({ sub })
  })

  // REQ-6
  test.each([
    (name: string) => name.toUpperCase(),
    (name: string) => name.replace('user', 'ｕｓｅｒ'),
    (name: string) => name.replace('s', 'ſ'),
  ])('cannot take a name in another spelling', async (spell) => {
    const { post, name } = setUp()
    await post({ username: name, password })

    expect(await post({ username: spell(name), password })).toMatchObject({ status: 409 })
  })
})

describe('a registration', () => {
  // REQ-31, REQ-33, REQ-35, REQ-37, REQ-38, REQ-53
  test.each([
    ['a short password', { password: 'short' }, 'A password must have 15 to 256 characters.'],
    [
      'the name',
      { username: 'a-name-that-is-long', password: 'A-NAME-that-is-long' },
      'A password must not be the username.',
    ],
    ['the service', { password: 'LATCHKEY of the orders' }, 'A password must not be the name of the service.'],
    ['a common password', { password: '1qaz2wsx3edc4rfv' }, 'This password is too common. Choose another.'],
    ['NUL', { password: `${password}\0` }, 'password must be a string of 1 to 256 characters without NUL.'],
    ['257 characters', { password: 'x'.repeat(257) }, 'password must be a string of 1 to 256 characters without NUL.'],
    ['no password', { password: undefined }, 'password must be a string of 1 to 256 characters without NUL.'],
    ['a number for a name', { username: 1 }, 'username must be a string of 1 to 256 bytes without control characters.'],
    [
      '2,049 bytes of name',
      { username: 'a'.repeat(2049) },
      'username must be a string of 1 to 256 bytes without control characters.',
    ],
    [
      'a zero-width space',
      { username: 'a\u200bda' },
      'username must be a string of 1 to 256 bytes without control characters.',
    ],
  ])('with %s is refused with the reason, and nothing is hashed', async (_, change, error_description) => {
    const { post, name, hashed } = setUp()

    expect(await post({ username: name, password, ...change })).toMatchObject({
      status: 400,
      json: { error: 'invalid_request', error_description },
    })
    expect(hashed).toEqual([])
    expect(await users.findUser(name)).toBeUndefined()
  })

  // REQ-43
  test.each([
    [
      { email: 'ada@example.com' },
      'email must be left out, because this service sends no mail: send username and password.',
    ],
    [
      { username: 'ada@example.com' },
      'username must be a name without @, because this service sends no mail to confirm an address.',
    ],
  ])('without mail takes no address: %j is refused', async (change, error_description) => {
    const { post, name, hashed } = setUp()

    expect(await post({ username: name, password, ...change })).toMatchObject({
      status: 400,
      json: { error: 'invalid_request', error_description },
    })
    expect(hashed).toEqual([])
  })

  // REQ-11
  test('of another content type is 415', async () => {
    const { post, name } = setUp()
    const headers = { 'content-type': 'text/plain' }

    expect(await post({ username: name, password }, { headers })).toMatchObject({ status: 415 })
  })

  // REQ-29
  test('is one of so many that an address may try, and beyond those nothing is hashed', async () => {
    const { post, name, hashed, clock } = setUp(5)
    clock.advance(-(clock() % 900) + 890)
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => post({ username: `${name}-${index}`, password })),
    )

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7)
    expect(answers.find(({ status }) => status === 429)?.headers).toMatchObject({ 'retry-after': '10' })
    expect(hashed).toHaveLength(5)
    clock.advance(10)
    expect(await post({ username: name, password })).toMatchObject({ status: 201 })
  })

  // REQ-121, REQ-122
  test('is told to the log by the subject or the reason, without name or password', async () => {
    const { post, name, lines } = setUp()
    const { json } = await post({ username: name, password })
    await post({ username: name, password })
    await post({ username: name, password: 'hunter2' })

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'user_created', outcome: 'success', sub: json.sub, status: 201 },
      { event: 'user_created', outcome: 'failure', reason: 'username_taken', status: 409 },
      { event: 'user_created', outcome: 'failure', reason: 'password_too_short', status: 400 },
    ])
    expect(lines.join()).not.toMatch(/user-|hunter2|correct horse|argon2/)
  })
})
