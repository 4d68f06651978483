import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createDynamoDbConfirmations } from '../../functions/adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDbCodes } from '../../functions/adapters/dynamodb/codes.ts'
import type { Account } from '../../functions/domain/accounts/account.ts'
import { createConfirmAddress } from '../../functions/domain/accounts/confirm-address.ts'
import { createConfirmRegistration } from '../../functions/domain/accounts/confirm-registration.ts'
import { createMailAddressCode } from '../../functions/domain/accounts/mail-address-code.ts'
import { createOpenRegistration } from '../../functions/domain/accounts/open-registration.ts'
import { createCodes } from '../../functions/domain/codes/codes.ts'
import type { MailEvent, RequestCode } from '../../functions/domain/mail/mail-event.ts'
import type { Password } from '../../functions/domain/passwords/password.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createFindLiveSession } from '../../functions/domain/sessions/live-session.ts'
import { createRecoverPassword } from '../../functions/domain/sign-in/password/recover-password.ts'
import { createVerifyOwner } from '../../functions/domain/sign-in/verify-owner.ts'
import { createThrottle } from '../../functions/domain/throttling/throttle.ts'
import { createEmailHandler } from '../../functions/email/handler.ts'
import { endpoint, type Handler } from '../../functions/http/api/endpoint.ts'
import { createForgotPages } from '../../functions/recover/forgot-pages.ts'
import { createRecoverHandler } from '../../functions/recover/handler.ts'
import { createMailedRegisterHandler } from '../../functions/register/mailed-handler.ts'
import { createSignUpPages } from '../../functions/register/sign-up-pages.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { context, httpEvent, readAddress } from '../support/builders/events.ts'
import { openBrowser } from '../support/builders/oauth-browser.ts'
import { createOAuthService, type OAuthService } from '../support/builders/oauth-service.ts'
import { plainLook } from '../support/builders/plain-look.ts'
import { createService } from '../support/builders/service.ts'
import { aHash, anAccount } from '../support/contracts/account-store-contract.ts'
import { countCalls } from '../support/count-calls.ts'
import { cheapHasher } from '../support/fakes/cheap-hasher.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)
const confirmations = createDynamoDbConfirmations(table.client, table.name)
const clock = stoppedClock()
const codes = createCodes({ store: createDynamoDbCodes(table.client, table.name), randomBytes, clock })
const policy = { minimumLength: 15, serviceName: 'Latchkey' }
const password = 'correct horse battery staple'

/** Everything that a request makes the functions do, in order. */
const steps: string[] = []
const asked: MailEvent[] = []
const hasher = {
  ...cheapHasher,
  hash: (text: Password) => {
    steps.push('hash')
    return cheapHasher.hash(text)
  },
}
const requestCode: RequestCode = async (request) => {
  steps.push('Invoke')
  asked.push(request)
}
const common = {
  ...{ codes, requestCode, readAddress, clock },
  throttle: createThrottle(stores.attempts, { accountFailures: 0, addressFailures: 1000 }, clock),
}

const registering = {
  ...common,
  openRegistration: createOpenRegistration({ codes, hasher, policy }),
  confirmRegistration: createConfirmRegistration({ codes, confirmations, hasher, scope: [], clock, newId: randomId }),
}
const recovering = {
  ...common,
  notify: async () => ({}),
  recoverPassword: createRecoverPassword({ ...stores, codes, confirmations, hasher, policy }),
}
const register = createMailedRegisterHandler(registering)
const recover = createRecoverHandler(recovering)
const service = { issuer: 'https://auth.example.com', serviceName: 'Latchkey', look: plainLook, minimumLength: 15 }
const signUpPages = createSignUpPages(service, registering).handle
const forgotPages = createForgotPages(service, recovering).handle
const mailAddressCode = createMailAddressCode({ ...stores, codes })
const owning = {
  ...stores,
  ...common,
  confirmations,
  hasher,
  limits: { idle: 10_000, absolute: 20_000 },
  factorRules: { policy: 'off' },
} as const
const findLiveSession = createFindLiveSession(owning)
const email = createEmailHandler({
  ...common,
  notify: async () => ({}),
  verifyOwner: createVerifyOwner({ ...owning, findLive: findLiveSession }),
  findLiveSession,
  confirmAddress: createConfirmAddress(owning),
})

let made = 0

async function put(changes: Partial<Account>, passwordHash = aHash) {
  made += 1
  const account = anAccount({ sub: `sub-${made}`, emailVerified: true, ...changes })
  await stores.accounts.putNewAccount({ account, passwordHash, subject: 'new' })
}

// A name and an address of each kind.
await put({ identifiers: ['known', 'known@example.com'] })
await put({ identifiers: ['disabled', 'disabled@example.com'], disabled: true })
await put({ identifiers: ['unverified', 'unverified@example.com'], emailVerified: false })
await put({ identifiers: ['no-address'], emailVerified: false })
const unconfirmed = { username: 'unconfirmed', address: 'unconfirmed@example.com' }
await put({ identifiers: ['caller', 'caller@example.com'] }, await cheapHasher.hash(password as Password))
const { accessToken } = await createService({ stores }).logIn('caller')
const { sub, sid } = decodeJwt(accessToken)
const { handle: pending } = await codes.open('register', { ...unconfirmed, passwordHash: aHash })
await mailAddressCode('register', pending, async () => true)

const calls = countCalls(table.client)

const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }

/** What a request shows to its sender, and what it makes the functions do. A ticket and its hashes are random. */
async function observe(handler: Handler, route: string, body: object, isPage = false) {
  const lines: string[] = []
  const before = { calls: calls.length, steps: steps.length }
  const event = isPage
    ? httpEvent(route, { headers: form, body: String(new URLSearchParams({ ...body })) })
    : httpEvent(route, { body: JSON.stringify(body) })
  const requestContext = { ...event.requestContext, authorizer: { lambda: { sub, sid } } }
  const {
    statusCode,
    headers,
    body: text = '',
    cookies = [],
  } = await endpoint(
    handler,
    (line) => lines.push(line),
    () => 0,
  )({ ...event, requestContext }, context)
  const mail = asked.at(-1)
  return {
    ...{ status: statusCode, headers, lines, cookies: cookies.map((each) => each.replace(/=[\w-]{43};/, '=ticket;')) },
    body: text.replace(/"[\w-]{43}"/, '"ticket"'),
    length: text.length,
    calls: calls.slice(before.calls),
    steps: steps.slice(before.steps),
    mail: JSON.stringify(mail).replaceAll(/"[\w-]{43}"/g, '"hash"'),
  }
}

type Route = {
  readonly route: string
  readonly handler: Handler
  readonly steps: readonly string[]
  readonly calls: readonly string[]
  /** The members of every request. */
  readonly always: object
  /** The members that tell requests apart, the unremarkable request first. */
  readonly requests: readonly (readonly [what: string, members: object])[]
  /** The same by a page, with the name of what its answer sets. */
  readonly page?: { readonly route: string; readonly handler: Handler; readonly next: string; readonly cookie: string }
}

/** A count and a ticket. */
const twoWrites = ['UpdateItem', 'UpdateItem']

/** The routes that tell nothing about accounts, and what each request makes them do. */
const routes: readonly Route[] = [
  {
    ...{ route: 'POST /register', handler: register, always: { password } },
    ...{ steps: ['hash', 'Invoke'], calls: twoWrites },
    page: { route: 'POST /sign-up', handler: signUpPages, next: '/sign-up/confirm', cookie: 'sign-up' },
    requests: [
      ['a free name and address', { username: 'free', email: 'free@example.com' }],
      ['a free address', { username: 'free@example.com' }],
      ['the address of an account', { username: 'free', email: 'known@example.com' }],
      ['the address of an account, only', { username: 'known@example.com' }],
      ['the name of an account', { username: 'known', email: 'free@example.com' }],
      ['name and address of an account', { username: 'known', email: 'known@example.com' }],
      ['the address of a disabled account', { username: 'free', email: 'disabled@example.com' }],
      ['an address that its account has not proved', { username: 'free', email: 'unverified@example.com' }],
      ['an unconfirmed address', { username: 'free', email: 'unconfirmed@example.com' }],
      ['an unconfirmed name', { username: 'unconfirmed', email: 'free@example.com' }],
    ],
  },
  {
    ...{ route: 'POST /recover', handler: recover, always: {} },
    ...{ steps: ['Invoke'], calls: twoWrites },
    page: { route: 'POST /forgot', handler: forgotPages, next: '/forgot/confirm', cookie: 'forgot' },
    requests: [
      ['an unknown address', { username: 'free@example.com' }],
      ['an unknown name', { username: 'free' }],
      ['the address of an account', { username: 'known@example.com' }],
      ['the name of an account', { username: 'known' }],
      ['the address of a disabled account', { username: 'disabled@example.com' }],
      ['the name of a disabled account', { username: 'disabled' }],
      ['an address that its account has not proved', { username: 'unverified@example.com' }],
      ['the name of an account without an address', { username: 'no-address' }],
      ['an unconfirmed address', { username: 'unconfirmed@example.com' }],
      ['an unconfirmed name', { username: 'unconfirmed' }],
    ],
  },
  {
    ...{ route: 'POST /email', handler: email, always: { password } },
    // The session, the account and the password of the caller are read, and nobody else's.
    ...{ steps: ['Invoke'], calls: [...Array(3).fill('GetItem, consistent'), 'Query, consistent', ...twoWrites] },
    requests: [
      ['a free address', { email: 'free@example.com' }],
      ['the address of another account', { email: 'known@example.com' }],
      ['the address of the caller', { email: 'caller@example.com' }],
      ['the address of a disabled account', { email: 'disabled@example.com' }],
      ['an address that its account has not proved', { email: 'unverified@example.com' }],
      ['an unconfirmed address', { email: 'unconfirmed@example.com' }],
    ],
  },
]

// REQ-41, REQ-104, REQ-163
describe.each(routes)('$route', ({ route, handler, always, requests, ...expected }) => {
  const [[, usual] = [], ...others] = requests
  const send = (members: object = {}) => observe(handler, route, { ...always, ...members })

  test('answers by the same few calls and one invocation, and looks nobody up', async () => {
    const observed = await send(usual)

    expect(observed).toMatchObject({ status: 202, body: '{"ticket":"ticket"}' })
    expect({ calls: observed.calls, steps: observed.steps }).toEqual({
      calls: expected.calls,
      steps: expected.steps,
    })
  })

  test.each(others)('shows and does the same for %s', async (_, members) => {
    expect(await send(members)).toEqual(await send(usual))
  })
})

/** The routes of a page, whose form has the address of a registration in a field of its own. */
const pages = routes.flatMap(({ page, ...route }) => (page ? [{ ...route, ...page }] : []))

// REQ-41, REQ-104, REQ-163
describe.each(pages)('$route', ({ route, handler, next, cookie, always, requests, ...expected }) => {
  const [[, usual] = [], ...others] = requests
  const send = (members: object = {}) => {
    const [name = ''] = Object.values(members)
    const isAddressOnly = route === 'POST /sign-up' && !Object.hasOwn(members, 'email')
    return observe(handler, route, { ...always, ...(isAddressOnly ? { email: name } : members) }, true)
  }

  test('answers by the same few calls and one invocation, and looks nobody up', async () => {
    const observed = await send(usual)

    expect(observed).toMatchObject({ status: 303, body: '', headers: { location: next } })
    expect(observed.cookies).toEqual([expect.stringContaining(`__Host-latchkey-${cookie}=ticket; Path=/; HttpOnly;`)])
    expect({ calls: observed.calls, steps: observed.steps }).toEqual({ calls: expected.calls, steps: expected.steps })
  })

  test.each(others)('shows and does the same for %s', async (_, members) => {
    expect(await send(members)).toEqual(await send(usual))
  })
})

// REQ-41, REQ-104
test('the page for a code and a new password shows and does the same for every name but that name', async () => {
  const observePage = async (name: string) => {
    const { ticket } = await codes.open('recover', { identifier: name })
    const event = httpEvent('GET /forgot/confirm', { cookies: [`__Host-latchkey-forgot=${ticket}`] })
    const before = calls.length
    const { page = '', ...answer } = await forgotPages(event)
    return { ...answer, page: page.replaceAll(name, 'name'), calls: calls.slice(before) }
  }
  const unknown = await observePage('a-free-name')

  expect(unknown).toMatchObject({ status: 200, calls: ['GetItem, consistent'] })
  for (const name of ['known', 'known@example.com', 'disabled', 'no-address', 'unconfirmed'])
    expect(await observePage(name)).toEqual(unknown)
})

// REQ-41, REQ-104, REQ-174
describe('POST /sign-in', () => {
  const never = async () => undefined

  /** What the page of a sign-in shows and does for a name and a password. */
  async function observeSignIn(name: string, typed: string, prepare: (service: OAuthService) => Promise<unknown>) {
    const service = await createOAuthService(table)
    await prepare(service)
    const browser = openBrowser(service)
    const { page } = await browser.authorize(await service.putClient({ client_name: 'Shop' }))
    const before = { calls: calls.length, lines: service.logged().length }
    const username = name === 'known' ? service.username : name
    const answer = await browser.signIn(page, username, typed || service.password)
    const said = Object.keys(service.logged().at(-1) ?? {}).filter((member) => !['sub', 'user_hash'].includes(member))
    return {
      ...{ status: answer.status, headers: answer.headers, cookies: answer.cookies, said },
      text: answer.text.replaceAll(username, 'name').replaceAll(/"[\w-]{43}"/g, '"flow"'),
      calls: calls.slice(before.calls),
    }
  }

  test.each<readonly [string, string, string, (service: OAuthService) => Promise<unknown>]>([
    ['an unknown name', 'nobody', 'a wrong password', never],
    ['an unknown address', 'nobody@example.com', 'a wrong password', never],
    ['a disabled account', 'known', 'a wrong password', ({ lifecycle, username }) => lifecycle.disable(username)],
    ['the right password of a disabled account', 'known', '', ({ lifecycle, username }) => lifecycle.disable(username)],
  ])('shows and does the same for %s as for a wrong password', async (_, name, typed, prepare) => {
    const wrong = await observeSignIn('known', 'a wrong password', never)

    expect(wrong).toMatchObject({ status: 400, text: expect.stringContaining('Wrong username or password.') })
    expect(wrong.calls).toContain('Query, consistent')
    expect(await observeSignIn(name, typed, prepare)).toEqual(wrong)
  })
})
