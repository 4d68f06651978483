import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { generateTOTP } from '@oslojs/otp'
import fc from 'fast-check'
import { Secret } from 'otpauth'
import { type Answer, type Headers, isRefusal, startAttackedStack, type User } from './attacked-stack.ts'
import {
  formBody,
  type HostileBody,
  hostileForms,
  hostileMembers,
  hostileTexts,
  hostileTypes,
  type Members,
} from './bodies.ts'
import { sample } from './sample.ts'
import { findRoutes } from './template-routes.ts'
import { attackByTokens, forgeFor } from './token-attack.ts'

// One request at a time. What many at once could do is tried where it is decided: test/login/throttle.test.ts,
// test/register/handler.test.ts, test/domain/sessions/session-races.test.ts.
const emailFrom = 'no-reply@example.com'
const resources = 'https://mcp.example.com/mcp'
const stack = await startAttackedStack(
  `emailFrom=${emailFrom}`,
  'secondFactor=optional',
  'signInPages=true',
  `resources=${resources}`,
)
afterAll(stack[Symbol.asyncDispose])
const { send, createUser, askForCode, secrets } = stack

const bearer = ({ accessToken }: Pick<User, 'accessToken'>): Headers => ({ authorization: `Bearer ${accessToken}` })

type Target = {
  /** The members of a request that would succeed. */
  readonly members: (user: User) => Members | Promise<Members>
  readonly success: number
  readonly protected?: boolean
  readonly takesForms?: boolean
  /** Wrong codes end a ticket, so after an attack another one is needed. */
  readonly takesCode?: boolean
  /** Any string that can be a name is taken, known or not. */
  readonly takesAnyName?: boolean
  /** The body may be left out, so one without the members that are known does what an empty one does. */
  readonly mayBeEmpty?: boolean
  /** RFC 7009 section 2.2: a token that is none is no error. */
  readonly emptyAnswer?: boolean
  /** A page or its script, for who is signed in in the browser. */
  readonly isOwn?: boolean
  /** A page for browsers, which takes forms only. */
  readonly isPage?: boolean
  /** What else is a refusal here. */
  readonly isHarmless?: (answer: Answer) => boolean
}

const { query, flow, headers: pageHeaders } = await stack.openFlow()
const isErrorPage = ({ status, headers }: Answer) =>
  [400, 403].includes(status) && /^text\/html/.test(String(headers['content-type']))
const goesTo = (start: string) => (answer: Answer) =>
  answer.status === 303 && String(answer.headers['location']).startsWith(start)
const page = { isPage: true, takesForms: true, isHarmless: isErrorPage } as const
const repeated = (path: string) =>
  ({
    ...page,
    members: () => query,
    success: 303,
    // Nothing of it is read: it goes on to the same address by GET.
    isHarmless: (answer: Answer) => isErrorPage(answer) || goesTo(`${path}?`)(answer),
  }) as const

const sessions = new Map<string, ReturnType<typeof stack.openSession>>()
const sessionOf = (user: User) => {
  const session = sessions.get(user.username) ?? stack.openSession(user)
  sessions.set(user.username, session)
  return session
}
const accountOf = async (user: User) => ({ account: (await sessionOf(user)).account })
const own = (target: Target): Target => ({
  ...{ isPage: true, isOwn: true, takesForms: true },
  isHarmless: (answer) =>
    isErrorPage(answer) ||
    goesTo('/account/factors')(answer) ||
    answer.body === '{"location":"/account/factors"}' ||
    answer.body === '{"problem":"name"}',
  ...target,
})
const ofAccount = {
  ...page,
  members: () => ({ account: 'nobody' }),
  success: 303,
  isHarmless: (answer: Answer) => isErrorPage(answer) || goesTo('/sign-in?to=/account')(answer),
} as const

const newPassword = 'another battery of many horses'
secrets.keep('password', newPassword)

/** Every route that reads a body. */
const targets: Readonly<Record<string, Target>> = {
  'POST /login': { members: ({ username, password }) => ({ username, password }), success: 200 },
  'POST /register': {
    members: ({ username, password }) => ({ username: `${username}-too`, email: `${username}@example.net`, password }),
    success: 202,
  },
  'POST /register/confirm': {
    members: ({ password }) => {
      const email = `${randomUUID()}@example.com`
      return askForCode('/register', { username: email, password }, email)
    },
    success: 201,
    takesCode: true,
  },
  'POST /recover': { members: ({ username }) => ({ username }), success: 202, takesAnyName: true },
  'POST /recover/confirm': {
    members: async () => {
      // Somebody else: a recovery ends all sessions.
      const { username } = await createUser()
      const to = `${username}@example.com`
      return { ...(await askForCode('/recover', { username }, to, 2)), new_password: newPassword }
    },
    success: 204,
    takesCode: true,
  },
  'POST /email': {
    members: ({ password }) => ({ email: `${randomUUID()}@example.com`, password }),
    success: 202,
    protected: true,
  },
  'POST /email/confirm': {
    members: (user) => {
      const email = `${randomUUID()}@example.com`
      return askForCode('/email', { email, password: user.password }, email, 1, bearer(user))
    },
    success: 204,
    protected: true,
    takesCode: true,
  },
  'POST /login/passkey': { members: () => ({ client_id: 'web' }), success: 200, mayBeEmpty: true },
  'POST /factors/totp': { members: () => ({}), success: 200, protected: true, mayBeEmpty: true },
  'POST /factors/totp/confirm': {
    members: async (user) => {
      const { secret } = JSON.parse((await stack.post('/factors/totp', {}, bearer(user))).body)
      secrets.keep('TOTP secret', secret)
      const key = new Uint8Array(Secret.fromBase32(secret).buffer)
      return { code: generateTOTP(key, 30, 6) }
    },
    success: 200,
    protected: true,
    takesCode: true,
  },
  'POST /factors/passkeys': { members: () => ({}), success: 200, protected: true, mayBeEmpty: true },
  // Without a credential, which no text is: passkey-credentials.test.ts attacks those.
  'POST /factors/passkeys/confirm': { members: () => ({ name: 'My phone' }), success: 400, protected: true },
  // Of a user without a factor.
  'POST /factors/recovery-codes': { members: () => ({}), success: 400, protected: true },
  'POST /password': {
    members: ({ password }) => ({ current_password: password, new_password: newPassword }),
    success: 200,
    protected: true,
  },
  'POST /token': {
    members: ({ refreshToken }) => ({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    success: 200,
    takesForms: true,
  },
  'POST /revoke': {
    members: ({ refreshToken }) => ({ token: refreshToken }),
    success: 200,
    takesForms: true,
    emptyAnswer: true,
  },
  'POST /authorize': repeated('/authorize'),
  'POST /logout': repeated('/logout'),
  'POST /logout/confirm': {
    ...page,
    members: () => ({}),
    success: 200,
    // Its form has no fields.
    isHarmless: ({ status, headers }) => status === 200 && headers['location'] === undefined,
  },
  'POST /sign-in': { ...page, members: ({ username, password }) => ({ flow, username, password }), success: 303 },
  // No auth session has this name: test/oauth/attacks.test.ts attacks those.
  'POST /sign-in/factor': {
    ...page,
    members: () => ({ flow, step: 'x'.repeat(43), kind: 'totp', code: '000000' }),
    success: 400,
  },
  'POST /sign-in/passkey': {
    members: () => ({ flow }),
    success: 200,
    isPage: true,
    isHarmless: ({ body }) => body === '{"location":"/sign-in"}',
  },
  'POST /consent': {
    ...page,
    members: () => ({ flow, consent: 'x'.repeat(43), decision: 'deny' }),
    success: 303,
    isHarmless: (answer) => isErrorPage(answer) || goesTo('https://shop.example/cb?error=access_denied&')(answer),
  },
  'POST /sign-up': {
    ...page,
    members: ({ username, password }) => ({ username: `${username}-too`, email: `${username}@example.net`, password }),
    success: 303,
  },
  // Without the cookie of a ticket: test/register/sign-up-pages.test.ts has one.
  'POST /sign-up/confirm': { ...page, members: () => ({ code: '00000000', username: 'ada' }), success: 400 },
  'POST /forgot': {
    ...page,
    members: ({ username }) => ({ username }),
    success: 303,
    // Any string that can be a name is taken, known or not.
    isHarmless: (answer) => isErrorPage(answer) || goesTo('/forgot/confirm')(answer),
  },
  'POST /forgot/confirm': { ...page, members: () => ({ code: '00000000', password: newPassword }), success: 400 },
  'POST /account/factors/totp': own({ members: accountOf, success: 200 }),
  'POST /account/factors/totp/confirm': own({
    members: async (user) => ({ ...(await accountOf(user)), secret: 'A'.repeat(32), code: '000000' }),
    success: 400,
  }),
  // Of a user without a factor.
  'POST /account/factors/totp/remove': own({ members: accountOf, success: 303 }),
  'POST /account/factors/passkeys/remove': own({
    members: async (user) => ({ ...(await accountOf(user)), id: 'nobody-has-it' }),
    success: 303,
  }),
  'POST /account/factors/recovery-codes': own({
    members: async (user) => ({ ...(await accountOf(user)), version: '0' }),
    success: 303,
  }),
  'POST /account/passkeys/options': own({ members: accountOf, success: 200, takesForms: false }),
  'POST /account/passkeys': own({
    members: async (user) => ({ ...(await accountOf(user)), name: 'My phone' }),
    success: 400,
    takesForms: false,
  }),
  // Nobody is signed in: test/account attacks those who are.
  'POST /account/sessions/end': ofAccount,
  'POST /account/sessions/end-all': ofAccount,
  'POST /account/apps/withdraw': ofAccount,
  'POST /account/password': ofAccount,
  'POST /account/email': ofAccount,
  'POST /account/email/confirm': ofAccount,
  // Of a log-in, which has no openid.
  'POST /userinfo': { members: ({ accessToken }) => ({ access_token: accessToken }), success: 403, takesForms: true },
}

test('every route that reads a body is attacked', async () => {
  const reading = (await findRoutes({ emailFrom, secondFactor: 'optional', signInPages: true, resources }))
    .map(({ route }) => route)
    .filter((route) => route.startsWith('POST '))

  expect(reading.sort()).toEqual(Object.keys(targets).sort())
})

const sessionsOf = (user: User) => send('GET /sessions', bearer(user))
const oneSession = { status: 200, body: expect.stringMatching(/^\{"sessions":\[\{[^{}]*\}\]\}$/) }

// REQ-7 to REQ-12, REQ-53, REQ-128, REQ-129, REQ-147
describe.each(Object.entries(targets))('%s', (route, target) => {
  const headersFor = async (user: User) => ({
    ...(target.protected && bearer(user)),
    ...(target.isPage && pageHeaders),
    ...(target.isOwn && (await sessionOf(user)).headers),
  })
  const isHarmless = (answer: Answer) =>
    isRefusal(answer) ||
    target.isHarmless?.(answer) ||
    (target.mayBeEmpty && answer.status === target.success) ||
    (target.emptyAnswer && answer.status === 200 && answer.body === '{}')
  const attack = async (user: User, body: string | Buffer, contentType = 'application/json') =>
    send(route, { ...(await headersFor(user)), ...(contentType && { 'content-type': contentType }) }, body)

  const rightly = (members: Members, headers: Headers): [Headers, string] => {
    const isForm = target.takesForms
    const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json'
    return [
      { ...headers, 'content-type': type },
      isForm ? String(new URLSearchParams(members)) : JSON.stringify(members),
    ]
  }

  const allBodies = (names: readonly string[]): readonly HostileBody[] => [
    ...hostileMembers(names),
    ...hostileTexts,
    ...hostileTypes,
    ...(target.takesForms ? hostileForms : [formBody]),
  ]
  const at = Object.keys(targets).indexOf(route)
  const bodies = (names: readonly string[]) =>
    allBodies(names).filter((_, index) => (index + at) % sample.oneBodyIn === 0)

  test('refuses hostile bodies in one shape, repeats none of it, and works as before', async () => {
    const user = await createUser()
    const members = await target.members(user)
    const surprises: unknown[] = []
    for (const { name, make, contentType } of bodies(Object.keys(members))) {
      const answer = await attack(user, make(members), contentType)
      const isEmpty = target.mayBeEmpty && answer.status === target.success
      // A good response hands out secrets of its own.
      const told = isEmpty ? [] : secrets.foundIn(answer.body)
      if (!isHarmless(answer) || told.length > 0) surprises.push([name, answer.status, answer.body, told])
    }

    expect(surprises).toEqual([])
    // None of it has started, renewed or ended a session, and what it was made of is good still.
    expect(await sessionsOf(user)).toMatchObject(oneSession)
    const good = target.takesCode ? await target.members(user) : members
    expect((await send(route, ...rightly(good, await headersFor(user)))).status).toBe(target.success)
  })

  test('refuses random bytes, random JSON and random members', async () => {
    const user = await createUser()
    const names = Object.keys(await target.members(user))
    const texts = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json(),
      fc
        .dictionary(fc.constantFrom(...names, '__proto__', 'toString'), fc.jsonValue())
        .map((body) => JSON.stringify(body)),
    )

    await fc.assert(
      fc.asyncProperty(texts, async (body) => {
        const answer = await attack(user, body)
        const isTaken = target.takesAnyName && answer.status === 202
        expect([answer].filter((each) => !isTaken && !isHarmless(each))).toEqual([])
      }),
      { numRuns: 20, seed: 12 },
    )
  })
})

// REQ-64 to REQ-69, REQ-116
test('the authorizer refuses every hostile token, before every route', async () => {
  const forgery = await forgeFor(stack)

  expect(await attackByTokens(stack, forgery)).toEqual([])
  expect((await send('GET /me', { authorization: `Bearer ${forgery.good}` })).status).toBe(200)
})

// REQ-122, REQ-123, REQ-131
test('all that was written meanwhile is JSON, tells of no fault and holds no secret', async () => {
  const { lines, ...wrong } = await stack.readLog()

  expect(wrong).toEqual({ strange: [], faults: [], leaks: [] })
  expect(lines).toBeGreaterThan(100)
  expect(secrets.count()).toBeGreaterThan(100)
})
