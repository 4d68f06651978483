import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbConfirmations } from '../../functions/adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDbCodes } from '../../functions/adapters/dynamodb/codes.ts'
import { createConfirmRegistration } from '../../functions/domain/accounts/confirm-registration.ts'
import { createMailAddressCode } from '../../functions/domain/accounts/mail-address-code.ts'
import { createOpenRegistration } from '../../functions/domain/accounts/open-registration.ts'
import { createCodes } from '../../functions/domain/codes/codes.ts'
import { unseal } from '../../functions/domain/codes/seal.ts'
import type { MailEvent, RequestCode } from '../../functions/domain/mail/mail-event.ts'
import type { Password } from '../../functions/domain/passwords/password.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createThrottle } from '../../functions/domain/throttling/throttle.ts'
import { Unavailable } from '../../functions/domain/unavailable.ts'
import { endpoint } from '../../functions/http/api/endpoint.ts'
import { createMailedRegisterHandler } from '../../functions/register/mailed-handler.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { context, httpEvent, readAddress } from '../support/builders/events.ts'
import { aHash, anAccount } from '../support/contracts/account-store-contract.ts'
import { cheapHasher } from '../support/fakes/cheap-hasher.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)
const password = 'correct horse battery staple'
let made = 0

type Changes = { readonly addressFailures?: number; readonly requestCode?: RequestCode }

function setUp({ addressFailures = 0, requestCode }: Changes = {}) {
  made += 1
  const name = `user-${made}`
  const lines: string[] = []
  const hashed: string[] = []
  const asked: MailEvent[] = []
  const clock = stoppedClock()
  const codes = createCodes({ store: createDynamoDbCodes(table.client, table.name), randomBytes, clock })
  const hasher = {
    ...cheapHasher,
    hash: (text: Password) => {
      hashed.push(text)
      return cheapHasher.hash(text)
    },
  }
  const handle = endpoint(
    createMailedRegisterHandler({
      openRegistration: createOpenRegistration({
        ...{ codes, hasher, policy: { minimumLength: 15, serviceName: 'Latchkey of the orders' } },
      }),
      requestCode: requestCode ?? (async (request) => void asked.push(request)),
      confirmRegistration: createConfirmRegistration({
        ...{ codes, clock, hasher, scope: [], newId: randomId },
        confirmations: createDynamoDbConfirmations(table.client, table.name),
      }),
      throttle: createThrottle(stores.attempts, { accountFailures: 0, addressFailures }, clock),
      ...{ readAddress, clock },
    }),
    (line) => lines.push(line),
  )
  const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}) => {
    const event = httpEvent(`POST ${path}`, { body: JSON.stringify(body) })
    const sent = { ...event, headers: { ...event.headers, ...headers } }
    const { statusCode, headers: received, body: json = '' } = await handle(sent, context)
    return { status: statusCode, headers: received, json: JSON.parse(json) }
  }
  const lastHandle = () => {
    const last = asked.at(-1)
    if (last?.kind !== 'code') throw new Error('No code was asked for.')
    return last
  }
  const mailAddressCode = createMailAddressCode({ ...stores, codes })
  return {
    ...{ name, address: `${name}@example.com`, lines, hashed, asked, clock },
    register: (body: object, headers?: Readonly<Record<string, string>>) =>
      post('/register', { password, ...body }, headers),
    confirm: (body: object) => post('/register/confirm', body),
    /** What the last request has left, for the function that mails. */
    ticketOf: async () => (await codes.find('register', lastHandle()))?.payload,
    mailCode: async () => {
      const mailed = await mailAddressCode('register', lastHandle(), async () => true)
      return mailed.ok && mailed.value.kind === 'code' ? mailed.value.code : ''
    },
  }
}

const accepted = { status: 202, json: { ticket: expect.stringMatching(/^[\w-]{43}$/) } }
const invalid = (error_description: unknown = expect.any(String)) => ({
  status: 400,
  json: { error: 'invalid_request', error_description },
})
const wrongCode = { status: 400, json: { error: 'invalid_grant' } }

describe('a registration by mail', () => {
  test('leaves a ticket with the hash of the password, sealed, and asks for the mail without any of it', async () => {
    const { register, name, address, asked, clock, ticketOf } = setUp()
    const answer = await register({ username: name, email: address, ui_locales: 'es' }, { 'accept-language': 'de' })

    expect(answer).toMatchObject({ ...accepted, headers: { 'cache-control': 'no-store' } })
    expect(Object.keys(answer.json)).toEqual(['ticket'])
    const left = await ticketOf()
    expect(left).toEqual({ username: name, address, passwordHash: expect.any(String) })
    expect(unseal(answer.json.ticket, left?.passwordHash ?? '')).toMatch(/^\$argon2id\$/)
    expect(asked).toEqual([
      {
        ...{ kind: 'code', purpose: 'register', id: expect.any(String), codeKey: expect.any(String) },
        ...{ time: clock(), source: '203.0.113.7', language: 'es' },
      },
    ])
    expect(JSON.stringify(asked)).not.toContain(answer.json.ticket)
    expect(await stores.accounts.findSubject(address)).toBeUndefined()
  })

  test('by the address only has no name', async () => {
    const { register, address, ticketOf } = setUp()

    expect(await register({ username: address.toUpperCase(), email: null })).toMatchObject(accepted)
    expect(await ticketOf()).toEqual({ address, passwordHash: expect.any(String) })
  })

  // REQ-33, REQ-37, REQ-38, REQ-46
  test.each<[string, object, string]>([
    [
      'a name without an address',
      { email: undefined },
      'An e-mail address is needed: send it as email, or as username.',
    ],
    ['two addresses', { username: 'ada@example.com' }, 'email must be left out where username is an e-mail address.'],
    [
      'a control character in the name',
      { username: 'a\u0007da' },
      'username must be a string of 1 to 256 bytes without control characters.',
    ],
    ['a language that is no string', { ui_locales: ['de'] }, 'ui_locales must be a string.'],
    [
      'an unknown member',
      { email_verified: true },
      'email_verified is not a member of this request: send username, password, email and ui_locales.',
    ],
    ['a short password', { password: 'short' }, 'A password must have 15 to 256 characters.'],
    ['the name as password', { password: 'A-NAME-that-is-long' }, 'A password must not be the username.'],
    ['the address as password', { password: 'Long-Address@example.com' }, 'A password must not be the username.'],
    ['a common password', { password: '1qaz2wsx3edc4rfv' }, 'This password is too common. Choose another.'],
  ])('with %s is refused with the reason, and nothing is hashed or mailed', async (_, change, description) => {
    const { register, hashed, asked } = setUp()
    const registration = { username: 'a-name-that-is-long', email: 'long-address@example.com' }

    expect(await register({ ...registration, ...change })).toMatchObject(invalid(description))
    expect({ hashed, asked }).toEqual({ hashed: [], asked: [] })
  })

  // REQ-168
  test('that no mail can be asked for is 503, and not accepted', async () => {
    const { register, address } = setUp({
      requestCode: async () => {
        throw new Unavailable('No mail can be asked for.')
      },
    })

    expect(await register({ username: address })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      json: { error: 'temporarily_unavailable' },
    })
  })

  // REQ-29, REQ-105
  test('is one of so many that an address may ask for, and beyond those nothing is hashed or mailed', async () => {
    const { register, address, hashed, asked } = setUp({ addressFailures: 3 })
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => register({ username: `${index}${address}` })),
    )

    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 202, 202, 429, 429, 429, 429, 429])
    expect([hashed.length, asked.length]).toEqual([3, 3])
  })
})

// REQ-45, REQ-167
describe('an address', () => {
  const long = (bytes: number) => `${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(4)}example`.slice(0, bytes)

  test.each([
    ['in capitals', 'ADA@Example.COM', 'ada@example.com'],
    ['with blanks and line ends around it', ' ada@example.com\r\n', 'ada@example.com'],
    ['with a tag', 'ada+shop@example.com', 'ada+shop@example.com'],
    ['with dots', 'a.d.a@example.com', 'a.d.a@example.com'],
    ['with an apostrophe', "o'ada@example.com", "o'ada@example.com"],
    ['of 254 bytes', long(254), long(254)],
    ['of an international domain', 'ada@B\u00fccher.example', 'ada@xn--bcher-kva.example'],
    ['of an international domain, decomposed', 'ada@bu\u0308cher.example', 'ada@xn--bcher-kva.example'],
    ['of an international domain in its ASCII form', 'ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
    ['of a domain that looks like another', 'ada@ex\u0430mple.com', 'ada@xn--exmple-4nf.com'],
    ['with a Kelvin sign, in its canonical form', '\u212aate@example.com', 'kate@example.com'],
    ['in full width, in its canonical form', '\uff41da\uff20example.com', 'ada@example.com'],
  ])('%s is mailed to', async (_, email, address) => {
    const { register, name, ticketOf } = setUp()

    expect(await register({ username: name, email })).toMatchObject(accepted)
    expect(await ticketOf()).toMatchObject({ username: name, address })
    expect(await register({ username: email })).toMatchObject(accepted)
    expect(await ticketOf()).toEqual({ address, passwordHash: expect.any(String) })
  })

  test.each([
    ['NUL', 'ada\0@example.com'],
    ['NUL at the end', 'ada@example.com\0'],
    ['a header', 'ada@example.com\r\nBcc: eve@example.com'],
    ['a header before the domain', 'ada\r\nBcc: eve@example.com'],
    ['a line end of Unicode', 'ada\u2028@example.com'],
    ['quotes', '"ada"@example.com'],
    ['quoted blanks', '"a da"@example.com'],
    ['a name beside it', 'Ada <ada@example.com>'],
    ['two recipients', 'ada@example.com,eve@example.com'],
    ['two recipients without a blank', 'ada@example.com;eve@example.com'],
    ['two at signs', 'ada@eve@example.com'],
    ['a relay', 'ada%eve.example@example.com'],
    ['a path', 'eve.example!ada@example.com'],
    ['a comment', 'ada(eve)@example.com'],
    ['255 bytes', long(255)],
    ['320 bytes', `${'a'.repeat(64)}@${'b.'.repeat(127)}c`],
    ['65 bytes before the at sign', `${'a'.repeat(65)}@example.com`],
    ['letters beyond ASCII before the at sign', '\u00e4da@example.com'],
    ['a zero-width space', 'ada@exam\u200bple.com'],
    ['a slash in full width in the domain', 'ada@b\u00fccher.example\uff0f'],
    ['a percent sign in the domain', 'ada@b\u00fccher.%65xample'],
    ['a dot at the start', '.ada@example.com'],
    ['a dot before the at sign', 'ada.@example.com'],
    ['two dots in a row', 'a..da@example.com'],
    ['a dot after the at sign', 'ada@.example.com'],
    ['a dot at the end', 'ada@example.com.'],
    ['one label', 'ada@localhost'],
    ['an IP address', 'ada@127.0.0.1'],
    ['an address literal', 'ada@[127.0.0.1]'],
    ['no domain', 'ada@'],
    ['nothing before the at sign', '@example.com'],
    ['no at sign', 'ada.example.com'],
    ['nothing', ''],
    ['a list', ['ada@example.com']],
    ['an object', { $ne: '' }],
  ])('with %s is refused, and neither hashed for nor mailed to', async (_, email) => {
    const { register, name, asked, hashed } = setUp()
    const answers = [await register({ username: name, email }), await register({ username: email })]

    expect(answers).toMatchObject([
      invalid('The e-mail address must be a plain one such as ada@example.com, of at most 254 bytes.'),
      invalid(),
    ])
    expect({ hashed, asked }).toEqual({ hashed: [], asked: [] })
  })
})

describe('the confirmation of a registration', () => {
  // REQ-42, REQ-43
  test('makes an account with a verified address and no scope, once', async () => {
    const { register, confirm, mailCode, name, address, clock } = setUp()
    const { ticket } = (await register({ username: name, email: address })).json
    const code = await mailCode()
    const answer = await confirm({ ticket, code: `${code.slice(0, 4)} ${code.slice(4)}`, username: null })

    expect(answer).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } })
    expect(answer.json).toEqual({ sub: expect.stringMatching(/^[\w-]{22}$/), username: name })
    expect(await stores.accounts.findAccount(answer.json.sub)).toEqual({
      ...{ sub: answer.json.sub, identifiers: [name, address], emailVerified: true },
      ...{ scope: [], disabled: false, createdAt: clock() },
    })
    expect(await confirm({ ticket, code })).toMatchObject(wrongCode)
  })

  test('takes another name with the same code where the first is taken, and no address for one', async () => {
    const { register, confirm, mailCode, name, address } = setUp()
    const account = anAccount({ sub: `sub-of-${name}`, identifiers: [name] })
    await stores.accounts.putNewAccount({ account, passwordHash: aHash, subject: 'new' })
    const { ticket } = (await register({ username: name, email: address })).json
    const code = await mailCode()

    expect(await confirm({ ticket, code })).toMatchObject({ status: 409, json: { error: 'username_taken' } })
    expect(await confirm({ ticket, code, username: `other-${address}` })).toMatchObject(
      invalid('username must be a name here, not an e-mail address.'),
    )
    expect(await confirm({ ticket, code, username: ` OTHER-${name}` })).toMatchObject({
      status: 201,
      json: { username: `other-${name}` },
    })
  })

  // REQ-37
  test('takes no other name that is the password, and the code stays good', async () => {
    const { register, confirm, mailCode, name, address } = setUp()
    const { ticket } = (await register({ username: name, email: address, password: `password of ${name}` })).json
    const code = await mailCode()

    expect(await confirm({ ticket, code, username: `Password of ${name}` })).toMatchObject(
      invalid('A password must not be the username.'),
    )
    expect(await confirm({ ticket, code, username: `other-${name}` })).toMatchObject({ status: 201 })
  })

  // REQ-46
  test.each<[string, object, string]>([
    ['no ticket', { ticket: undefined }, 'ticket must be a string.'],
    ['a number for a code', { code: 12345678 }, 'code must be a string.'],
    [
      'a malformed name',
      { username: 'a\0da' },
      'username must be a string of 1 to 256 bytes without control characters.',
    ],
    ['a password', { password }, 'password is not a member of this request: send ticket, code and username.'],
    ['a scope', { scope: 'admin' }, 'scope is not a member of this request: send ticket, code and username.'],
  ])('with %s is refused, and the code stays good', async (_, change, description) => {
    const { register, confirm, mailCode, address } = setUp()
    const { ticket } = (await register({ username: address })).json
    const code = await mailCode()

    expect(await confirm({ ticket, code, ...change })).toMatchObject(invalid(description))
    expect(await confirm({ ticket, code })).toMatchObject({ status: 201 })
  })

  // REQ-29, REQ-161
  test('has five tries a ticket, and an address as many as its limit', async () => {
    const { register, confirm, mailCode, address } = setUp()
    const { ticket } = (await register({ username: address })).json
    const code = await mailCode()
    const wrong = code === '00000000' ? '11111111' : '00000000'
    for (let tries = 0; tries < 5; tries += 1) expect(await confirm({ ticket, code: wrong })).toMatchObject(wrongCode)
    expect(await confirm({ ticket, code })).toMatchObject(wrongCode)

    const limited = setUp({ addressFailures: 1 })
    limited.clock.advance(900)
    const answers = [await limited.confirm({ ticket, code }), await limited.confirm({ ticket, code })]
    expect(answers).toMatchObject([wrongCode, { status: 429, json: { error: 'too_many_requests' } }])
  })
})

// REQ-121, REQ-122
test('the log tells each step by subject or reason, without name, address, password, ticket or code', async () => {
  const { register, confirm, mailCode, name, address, lines } = setUp()
  const { ticket } = (await register({ username: name, email: address })).json
  const code = await mailCode()
  await confirm({ ticket, code: '' })
  const { sub } = (await confirm({ ticket, code })).json
  await register({ username: name })

  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: 'registration_request', outcome: 'success', status: 202 },
    { event: 'user_created', outcome: 'failure', reason: 'wrong_code', status: 400 },
    { event: 'user_created', outcome: 'success', sub, status: 201 },
    { event: 'registration_request', outcome: 'failure', reason: 'no_address', status: 400 },
  ])
  const secrets = [name, address, ticket, code, password, 'argon2']
  expect(secrets.filter((secret) => lines.join().includes(secret))).toEqual([])
})
