import { afterAll, describe, expect, test } from '@jest/globals'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createIssueAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { endpoint } from '../../functions/http/api/endpoint.ts'
import { createLoginHandler } from '../../functions/login/handler.ts'
import { wireLogIn } from '../../functions/wiring/sign-in/log-in.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { context, httpEvent, readAddress } from '../support/builders/events.ts'
import { noSteps, passwordOnly } from '../support/builders/log-in.ts'
import { createTestKey } from '../support/builders/signing-key.ts'
import { aUser, createUsers } from '../support/builders/users.ts'
import { countCalls } from '../support/count-calls.ts'
import { captureNotices } from '../support/fakes/captured-notices.ts'
import { cheapHasher as hasher } from '../support/fakes/cheap-hasher.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)
const users = createUsers(stores)
const calls = countCalls(table.client)
const rules = { issuer: 'https://auth.example.com', audience: 'https://api.example.com', lifetime: 900 }
const key = await createTestKey()
const password = 'correct horse battery staple'
const passwordHash = await hasher.hash(readPassword(password) as Password)
let made = 0

type Told = Parameters<typeof captureNotices>[0]

async function setUp(limits = { accountFailures: 10, addressFailures: 0 }, told: Told = {}) {
  made += 1
  const username = `user-${made}`
  await users.putNewUser(aUser({ sub: `subject-${made}`, username, passwordHash, scope: [] }))
  const clock = stoppedClock()
  const { notices, notify } = captureNotices(told)
  const hashed: string[] = []
  const lines: string[] = []
  const counting = {
    ...hasher,
    verify: (candidate: Password, stored: string) => {
      hashed.push(candidate)
      return hasher.verify(candidate, stored)
    },
  }
  const newInstance = () => {
    const issueAccessToken = createIssueAccessToken(rules, key.signer, clock, randomId)
    const handler = createLoginHandler({
      ...noSteps,
      logIn: wireLogIn(
        { stores, issueAccessToken, askClaims: undefined, hasher: counting, clock },
        {
          ...passwordOnly,
          ...{ SESSION_IDLE_LIMIT: 1000, SESSION_LIMIT: 1000, SESSIONS_PER_USER: 50, SCOPES: [] },
          ...{ ACCOUNT_FAILURES: limits.accountFailures, ADDRESS_FAILURES: limits.addressFailures },
        },
      ),
      notify,
      readAddress,
      clock,
      hashForLog: () => 'a hash',
      clients: ['web'],
      lifetime: 900,
    })
    return endpoint(handler, (line) => lines.push(line))
  }
  const instances = [newInstance(), newInstance(), newInstance()]
  const post = async (name: string, guess: string, sourceIp = `198.51.${made}.1`, headers = {}) => {
    const instance = instances.shift() ?? newInstance()
    instances.push(instance)
    const event = httpEvent('POST /login', { body: JSON.stringify({ username: name, password: guess }) })
    const http = { ...event.requestContext.http, sourceIp }
    const sent = {
      ...event,
      headers: { ...event.headers, ...headers },
      requestContext: { ...event.requestContext, http },
    }
    const answer = await instance(sent, context)
    return {
      status: answer.statusCode,
      retryAfter: answer.headers?.['retry-after'],
      body: JSON.parse(answer.body ?? ''),
    }
  }
  return { username, post, clock, hashed, lines, notices }
}

const inParallel = <T>(times: number, act: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: times }, (_, index) => act(index)))

async function costOf(flow: () => Promise<unknown>) {
  const before = calls.length
  await flow()
  const made = calls.slice(before)
  const reads = made.filter((call) => /^(GetItem|Query)/.test(call)).length
  return { reads, writes: made.length - reads }
}

const tooMany = {
  error: 'too_many_requests',
  error_description: 'Too many attempts. Try again after the number of seconds in Retry-After.',
}

describe('200 wrong guesses at once', () => {
  // REQ-20, REQ-21, REQ-27
  test('reach the hash ten times; the others are told when to come back', async () => {
    const { username, post, hashed } = await setUp()
    const answers = await inParallel(200, (index) => post(username, `guess ${index}`))

    expect(hashed).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(190)
    expect(answers.find(({ status }) => status === 429)).toEqual({ status: 429, retryAfter: '30', body: tooMany })
  })

  test('keep the right password out until the time that they were told, and no longer', async () => {
    const { username, post, hashed, clock } = await setUp()
    await inParallel(200, (index) => post(username, `guess ${index}`))

    clock.advance(29)
    expect(await post(username, password)).toEqual({ status: 429, retryAfter: '1', body: tooMany })
    expect(hashed).toHaveLength(10)
    clock.advance(1)
    expect(await post(username, password)).toMatchObject({ status: 200 })
  })

  // REQ-2, REQ-24
  test('have the same answers for an unknown name', async () => {
    const known = await setUp()
    const unknown = await setUp()
    const play = async ({ post, clock }: Awaited<ReturnType<typeof setUp>>, name: string) => {
      const first = await inParallel(40, (index) => post(name, `guess ${index}`))
      clock.advance(30)
      const second = await inParallel(10, (index) => post(name, `guess ${index}`))
      return [...first, ...second].map((answer) => JSON.stringify(answer)).sort()
    }

    expect(await play(unknown, 'nobody-of-this-name')).toEqual(await play(known, known.username))
    expect(unknown.hashed).toHaveLength(11)
  })

  // REQ-23
  test('share one count over all spellings of the name', async () => {
    const { username, post, hashed } = await setUp()
    const spellings = [username, username.toUpperCase(), username.replace('user', 'ｕｓｅｒ'), `U${username.slice(1)}`]
    await inParallel(40, (index) => post(spellings[index % 4] ?? '', 'guess'))

    expect(hashed).toHaveLength(10)
  })

  test('do not affect other accounts', async () => {
    const { username, post } = await setUp()
    const other = await setUp()
    await inParallel(40, () => post(username, 'guess'))

    expect(await other.post(other.username, password)).toMatchObject({ status: 200 })
  })
})

describe('the right password', () => {
  // REQ-26
  test('clears the count', async () => {
    const { username, post } = await setUp()
    for (const round of [1, 2, 3]) {
      for (let failure = 1; failure < 10; failure += 1) await post(username, `guess ${round}.${failure}`)
      expect(await post(username, password)).toMatchObject({ status: 200 })
    }
  })

  test('of a disabled account does not clear it', async () => {
    const { username, post } = await setUp()
    await users.setDisabled(username, true)
    const answers = []
    for (let attempt = 1; attempt <= 11; attempt += 1) answers.push((await post(username, password)).status)

    expect(answers).toEqual([...Array(10).fill(400), 429])
  })
})

describe('one address', () => {
  const limits = { accountFailures: 10, addressFailures: 20 }

  // REQ-28
  test('has so many attempts in a quarter of an hour, whatever the names', async () => {
    const { post, hashed, clock } = await setUp(limits)
    clock.advance(-(clock() % 900) + 100)
    const answers = await inParallel(60, (index) => post(`name-${index}`, 'guess'))

    expect(hashed).toHaveLength(20)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40)
    expect(answers.find(({ status }) => status === 429)).toEqual({ status: 429, retryAfter: '800', body: tooMany })
    clock.advance(800)
    expect(await post('name-1', 'guess')).toMatchObject({ status: 400 })
  })

  // REQ-22
  test('is not escaped by X-Forwarded-For, nor by another address of the same /64', async () => {
    const { post, hashed } = await setUp(limits)
    await inParallel(40, (index) =>
      post(`other-${index}`, 'guess', `2001:db8:0:${made}::${index + 1}`, { 'x-forwarded-for': `192.0.2.${index}` }),
    )

    expect(hashed).toHaveLength(20)
  })

  test('that has used up its attempts cannot lock an account', async () => {
    const { username, post } = await setUp(limits)
    await inParallel(23, (index) => post(`filler-${index}`, 'guess'))
    await inParallel(100, () => post(username, 'guess'))

    expect(await post(username, password, '198.51.100.200')).toMatchObject({ status: 200 })
  })

  // REQ-160
  test('is counted for attempts on a locked account too', async () => {
    const { username, post } = await setUp(limits)
    await inParallel(100, () => post(username, 'guess'))

    expect(await post('anybody', 'guess')).toMatchObject({ status: 429 })
  })
})

describe('a threshold of failures in a row', () => {
  const limits = { accountFailures: 3, addressFailures: 0 }
  const guess = async ({ post }: Pick<Awaited<ReturnType<typeof setUp>>, 'post'>, name: string, times: number) => {
    for (let made = 0; made < times; made += 1) await post(name, 'guess')
  }

  test('is told to the owner by the identifier, with the first lock and with the long one', async () => {
    const service = await setUp(limits)
    const { username, post, clock, notices, lines } = service
    await guess(service, username, 2)
    expect(notices).toEqual([])
    await post(` ${username.toUpperCase()} `, 'guess', undefined, { 'accept-language': 'de' })
    const time = Math.floor(clock())
    for (let failure = 4; failure <= 52; failure += 1) {
      clock.advance(40 * failure)
      await post(username, 'guess')
    }

    const first = { attempts: 3, time, source: expect.stringMatching(/^198\.51\./), language: 'de' }
    expect(notices).toEqual([
      { kind: 'wrongPasswords', identifier: username, ...first },
      {
        kind: 'wrongPasswords',
        identifier: username,
        ...first,
        attempts: 50,
        time: expect.any(Number),
        language: 'en',
      },
    ])
    expect(lines.join()).not.toMatch(/"user-/)
  })

  test('is told for a name that is unknown too, with the same answers', async () => {
    const [known, unknown] = [await setUp(limits), await setUp(limits)]
    await guess(known, known.username, 5)
    await guess(unknown, 'nobody-at-all', 5)

    expect(unknown.notices).toMatchObject([{ kind: 'wrongPasswords', identifier: 'nobody-at-all', attempts: 3 }])
    expect(known.notices).toHaveLength(1)
  })

  test('is told once, however many guess at once', async () => {
    const { username, post, notices } = await setUp(limits)
    await inParallel(100, () => post(username, 'guess'))

    expect(notices).toHaveLength(1)
  })

  test('is told for the right password of a disabled account, whose response is that of a wrong one', async () => {
    const { username, post, notices } = await setUp({ accountFailures: 1, addressFailures: 0 })
    await users.setDisabled(username, true)
    await post(username, password)

    expect(notices).toHaveLength(1)
  })

  test('is not told where the attempt succeeds, nor where no failures are counted', async () => {
    const [good, off] = [await setUp(limits), await setUp({ accountFailures: 0, addressFailures: 0 })]
    await guess(good, good.username, 2)
    expect(await good.post(good.username, password)).toMatchObject({ status: 200 })
    await guess(good, good.username, 2)
    await guess(off, off.username, 60)

    expect([good.notices, off.notices]).toEqual([[], []])
  })

  test('has the same response where the mail is lost, and the log says so', async () => {
    const { username, post, lines } = await setUp({ accountFailures: 1, addressFailures: 0 }, { notice: 'lost' })

    expect(await post(username, 'guess')).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ reason: 'wrong_password', notice: 'lost' })
  })
})

describe('a throttle', () => {
  // DESIGN 7
  test('lets a good log-in cost 5 reads and 4 writes, a bad one 4 and 2, and a locked one 2 and 2', async () => {
    const { username, post } = await setUp({ accountFailures: 2, addressFailures: 100 })
    const cost = (guess: string) => costOf(() => post(username, guess))

    expect(await cost(password)).toEqual({ reads: 5, writes: 4 })
    expect(await cost('wrong')).toEqual({ reads: 4, writes: 2 })
    expect(await cost('wrong')).toEqual({ reads: 4, writes: 2 })
    expect(await cost('wrong')).toEqual({ reads: 2, writes: 2 })
    expect(await cost(password)).toEqual({ reads: 2, writes: 2 })
  })

  test('costs no write where both limits are 0', async () => {
    const { username, post, hashed } = await setUp({ accountFailures: 0, addressFailures: 0 })
    const cost = await costOf(() => inParallel(30, () => post(username, 'wrong')))

    expect(cost).toEqual({ reads: 120, writes: 0 })
    expect(hashed).toHaveLength(30)
  })

  test('costs no write more for an address that an instance has refused', async () => {
    const { post } = await setUp({ accountFailures: 10, addressFailures: 1 })
    await inParallel(12, (index) => post(`somebody-${index}`, 'wrong'))
    const cost = await costOf(() => inParallel(30, (index) => post(`somebody-${index}`, 'wrong')))

    expect(cost).toEqual({ reads: 30, writes: 0 })
  })

  // REQ-121, REQ-124
  test('is told to the log as a lock, without the name', async () => {
    const { username, post, lines } = await setUp({ accountFailures: 1, addressFailures: 0 })
    await post(username, 'hunter2')
    await post(username, 'hunter2')

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'authn_login_fail', reason: 'wrong_password', status: 400 },
      { event: 'authn_login_lock', outcome: 'failure', reason: 'account_locked', user_hash: 'a hash', status: 429 },
    ])
    expect(lines.join()).not.toMatch(/hunter2|"user-/)
  })
})
