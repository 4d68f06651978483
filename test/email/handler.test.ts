import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createDynamoDbConfirmations } from '../../functions/adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDbCodes } from '../../functions/adapters/dynamodb/codes.ts'
import { createConfirmAddress } from '../../functions/domain/accounts/confirm-address.ts'
import { createMailAddressCode } from '../../functions/domain/accounts/mail-address-code.ts'
import { createCodes } from '../../functions/domain/codes/codes.ts'
import type { CodeRequest, MailEvent, Notice } from '../../functions/domain/mail/mail-event.ts'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { createFindLiveSession } from '../../functions/domain/sessions/live-session.ts'
import { createVerifyOwner } from '../../functions/domain/sign-in/verify-owner.ts'
import { createThrottle } from '../../functions/domain/throttling/throttle.ts'
import { createEmailHandler } from '../../functions/email/handler.ts'
import { endpoint } from '../../functions/http/api/endpoint.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { context, httpEvent, readAddress } from '../support/builders/events.ts'
import { createService } from '../support/builders/service.ts'
import { countCalls } from '../support/count-calls.ts'
import { cheapHasher } from '../support/fakes/cheap-hasher.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const calls = countCalls(table.client)
const stores = createStores(table.client, table.name)
const password = 'correct horse battery staple'
const passwordHash = await cheapHasher.hash(readPassword(password) as Password)
let made = 0

type Changes = { readonly identifiers?: readonly string[]; readonly hash?: string | undefined }

/** A handler and its caller, who has a session. What would be mailed is kept. */
async function setUp({ identifiers, hash }: Changes = { hash: passwordHash }) {
  made += 1
  const address = `user-${made}@example.net`
  const account = {
    ...{ sub: `subject-${made}`, identifiers: identifiers ?? [address], emailVerified: false },
    ...{ scope: [], disabled: false, createdAt: 1_700_000_000 },
  }
  await stores.accounts.putNewAccount({ account, subject: 'new', ...(hash !== undefined && { passwordHash: hash }) })
  const { clock, ...service } = createService({ stores })
  const { accessToken } = await service.logIn(account.identifiers[0] ?? '')
  const { sub = '', sid } = decodeJwt(accessToken)
  const mailed: MailEvent[] = []
  const lines: string[] = []
  const codes = createCodes({ store: createDynamoDbCodes(table.client, table.name), randomBytes, clock })
  const limits = { idle: 10_000, absolute: 20_000 }
  const confirmations = createDynamoDbConfirmations(table.client, table.name)
  const common = { ...stores, codes, confirmations, clock, limits, factorRules: { policy: 'off' } } as const
  const throttle = createThrottle(stores.attempts, { accountFailures: 2, addressFailures: 0 }, clock)
  const handle = endpoint(
    createEmailHandler({
      ...{ codes, readAddress, clock },
      verifyOwner: createVerifyOwner({
        ...common,
        findLive: createFindLiveSession(common),
        throttle,
        hasher: cheapHasher,
      }),
      findLiveSession: createFindLiveSession(common),
      confirmAddress: createConfirmAddress(common),
      requestCode: async (request) => void mailed.push(request),
      notify: async (notice) => {
        mailed.push(notice)
        return notice.kind === 'addressChanged' && notice.to.startsWith('lost') ? { notice: 'lost' } : {}
      },
    }),
    (line) => lines.push(line),
  )
  const send = async (route: string, members: object) => {
    const event = httpEvent(route, { body: JSON.stringify(members) })
    const requestContext = { ...event.requestContext, authorizer: { lambda: { sub, sid } } }
    const { statusCode, headers, body } = await handle({ ...event, requestContext }, context)
    return { status: statusCode, headers, json: body === undefined ? undefined : JSON.parse(body) }
  }
  return {
    ...{ sub, sid: String(sid), address, free: `free-${address}`, clock, mailed, lines },
    ask: (members: object) => send('POST /email', { password, ...members }),
    confirm: (members: object) => send('POST /email/confirm', members),
    /** What the function that mails would send. */
    codeFor: async ({ id, codeKey }: CodeRequest) => {
      const sent = await createMailAddressCode(common)('email', { id, codeKey }, async () => true)
      return sent.ok && sent.value.kind === 'code' ? sent.value.code : ''
    },
  }
}

const invalidRequest = (error_description: string) => ({
  status: 400,
  json: { error: 'invalid_request', error_description },
})

describe('the request of a code', () => {
  // REQ-105, REQ-167
  test('makes the same calls and tells the same for every address', async () => {
    const [taken, ada] = [await setUp(), await setUp()]
    const addresses = [ada.free, ada.address, taken.address, 'ada@exämple.net']
    const ask = async (email: string) => {
      const before = calls.length
      const { status, headers, json } = await ada.ask({ email })
      return { status, headers, members: Object.keys(json), calls: calls.slice(before), mailed: ada.mailed.length }
    }
    const seen: Awaited<ReturnType<typeof ask>>[] = []
    for (const email of addresses) seen.push(await ask(email))

    expect(seen.map(({ mailed: _, ...rest }) => rest)).toEqual(
      addresses.map(() => ({
        ...{ status: 202, headers: seen[0]?.headers, members: ['ticket'] },
        calls: [
          ...Array(3).fill('GetItem, consistent'),
          'Query, consistent',
          'UpdateItem',
          'DeleteItem',
          seen[0]?.calls.at(-1),
        ],
      })),
    )
    expect(seen.map(({ mailed }) => mailed)).toEqual([1, 2, 3, 4])
    expect(JSON.stringify(ada.mailed)).not.toMatch(/mple.net/)
  })

  test('invokes with the stand-ins of the ticket, time, source and language, and nothing else', async () => {
    const { ask, free, mailed, clock } = await setUp()
    await ask({ email: free, ui_locales: 'fr de' })

    expect(mailed).toEqual([
      {
        ...{ kind: 'code', purpose: 'email', id: expect.any(String), codeKey: expect.any(String) },
        ...{ time: Math.floor(clock()), source: '203.0.113.7', language: 'fr' },
      },
    ])
  })

  // REQ-98
  test('with a wrong password is counted on the caller, and locked like a log-in', async () => {
    const { ask, free, mailed, lines } = await setUp()
    const guess = () => ask({ email: free, password: 'a guess' })
    const answers = [await guess(), await guess(), await guess()]

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 429])
    expect(answers[0]?.json).toEqual({ error: 'invalid_grant', error_description: 'The password is wrong.' })
    expect(answers[2]?.headers).toMatchObject({ 'retry-after': '30' })
    expect(mailed).toEqual([])
    expect(lines.map((line) => JSON.parse(line)).map(({ event, reason }) => [event, reason])).toEqual([
      ['address_change_request', 'wrong_password'],
      ['address_change_request', 'wrong_password'],
      ['authn_login_lock', 'account_locked'],
    ])
  })

  test('is refused for an account without a password, like a wrong one', async () => {
    const { ask, free, mailed } = await setUp({ hash: undefined })

    expect(await ask({ email: free })).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect(mailed).toEqual([])
  })

  test.each([
    [{ email: 'ada' }, 'email must be a plain e-mail address such as ada@example.com, of at most 254 bytes.'],
    [{ email: undefined }, 'email must be a plain e-mail address such as ada@example.com, of at most 254 bytes.'],
    [
      { email: 'a\u0000b@example.net' },
      'email must be a plain e-mail address such as ada@example.com, of at most 254 bytes.',
    ],
    [{ email: 'ada@example.net', password: '' }, 'password must be a string of 1 to 256 characters without NUL.'],
    [{ email: 'ada@example.net', ui_locales: 1 }, 'ui_locales must be a string.'],
  ])('says what is wrong with %j', async (members, description) => {
    const { ask } = await setUp()

    expect(await ask(members)).toMatchObject(invalidRequest(description))
  })
})

describe('a confirmation', () => {
  // REQ-100
  test('tells the old and the new address, and keeps both out of the log', async () => {
    const { ask, confirm, codeFor, mailed, lines, address, free, sub } = await setUp()
    const { ticket } = (await ask({ email: free })).json
    const code = await codeFor(mailed[0] as CodeRequest)
    expect(await confirm({ ticket, code })).toMatchObject({ status: 204, json: undefined })

    const notices = mailed.slice(1) as readonly Notice[]
    expect(notices).toMatchObject([address, free].map((to) => ({ kind: 'addressChanged', sub, to })))
    expect(await stores.accounts.findAccount(sub)).toMatchObject({ identifiers: [free], emailVerified: true })
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'user_updated', outcome: 'success', sub })
    expect(lines.join('\n')).not.toContain('example.net')
  })

  test('of the address that the account has verifies it, and has no change to tell', async () => {
    const { ask, confirm, codeFor, mailed, address, sub } = await setUp()
    const { ticket } = (await ask({ email: address })).json
    const code = await codeFor(mailed[0] as CodeRequest)

    expect(await confirm({ ticket, code })).toMatchObject({ status: 204 })
    expect(mailed).toHaveLength(1)
    expect(await stores.accounts.findAccount(sub)).toMatchObject({ identifiers: [address], emailVerified: true })
  })

  test('holds where a notice is lost, and the log says so', async () => {
    const { ask, confirm, codeFor, mailed, lines, address } = await setUp()
    const { ticket } = (await ask({ email: `lost-${address}` })).json
    const code = await codeFor(mailed[0] as CodeRequest)

    expect(await confirm({ ticket, code })).toMatchObject({ status: 204 })
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'user_updated', outcome: 'success', notice: 'lost' })
  })

  // REQ-98, REQ-154
  test.each(['revoked', 'expired', 'of an account disabled meanwhile'])(
    'and its request are not for a session that is %s',
    async (end) => {
      const { ask, confirm, codeFor, mailed, free, sub, sid, clock } = await setUp()
      const { ticket } = (await ask({ email: free })).json
      const code = await codeFor(mailed[0] as CodeRequest)
      if (end === 'revoked') await stores.sessions.deleteSession(sub, sid)
      if (end === 'expired') clock.advance(10_000)
      if (end.startsWith('of')) await stores.accounts.disableAccount(sub)

      const ended = { status: 401, json: { error: 'invalid_token' } }
      expect(await confirm({ ticket, code })).toMatchObject(ended)
      expect(await ask({ email: free })).toMatchObject(ended)
      expect(mailed).toHaveLength(1)
    },
  )

  test('has five tries, and none for members that are missing', async () => {
    const { ask, confirm, codeFor, mailed, free } = await setUp()
    const { ticket } = (await ask({ email: free })).json
    const code = await codeFor(mailed[0] as CodeRequest)
    expect(await confirm({ code })).toMatchObject(invalidRequest('ticket must be a string.'))
    expect(await confirm({ ticket })).toMatchObject(invalidRequest('code must be a string.'))
    const wrongCode = {
      status: 400,
      json: {
        error: 'invalid_grant',
        error_description: 'The code is wrong, used or no longer valid. Ask for another one.',
      },
    }
    for (let tries = 0; tries < 5; tries += 1) expect(await confirm({ ticket, code: 'x' })).toMatchObject(wrongCode)

    expect(await confirm({ ticket, code })).toMatchObject(wrongCode)
  })
})
