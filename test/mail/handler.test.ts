import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbCodes } from '../../functions/adapters/dynamodb/codes.ts'
import { createDynamoDbMailCounts } from '../../functions/adapters/dynamodb/throttling/mail-counts.ts'
import { createMailAddressCode } from '../../functions/domain/accounts/mail-address-code.ts'
import { createCodes } from '../../functions/domain/codes/codes.ts'
import { createAdmitMail } from '../../functions/domain/mail/limits.ts'
import type { Mail, SendMailFailure } from '../../functions/domain/mail/send-mail.ts'
import { fail, succeed } from '../../functions/domain/result.ts'
import { createMailEnrolmentCode } from '../../functions/domain/sign-in/enrolment/mail-enrolment-code.ts'
import { createMailRecoveryCode } from '../../functions/domain/sign-in/password/mail-recovery-code.ts'
import { createComposeMail } from '../../functions/mail/compose-mail.ts'
import { createMailHandler } from '../../functions/mail/handler.ts'
import { createPlanCode } from '../../functions/mail/plan-code.ts'
import { createPlanNotice } from '../../functions/mail/plan-notice.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { aHash, anAccount } from '../support/contracts/account-store-contract.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)
const occasion = { time: 1_800_000_000, source: '203.0.113.7', language: 'en' } as const
let made = 0

/** The function that mails, an account with an address, and requests for its recovery. SES answers as `failures` say. */
async function setUp(...failures: readonly (SendMailFailure | undefined)[]) {
  made += 1
  const [sub, address] = [`subject-${made}`, `user-${made}@example.net`]
  const account = anAccount({ sub, identifiers: [address], emailVerified: true })
  await stores.accounts.putNewAccount({ account, passwordHash: aHash, subject: 'new' })
  const clock = stoppedClock()
  const codes = createCodes({ store: createDynamoDbCodes(table.client, table.name), randomBytes, clock })
  const admitMail = createAdmitMail(createDynamoDbMailCounts(table.client, table.name), clock)
  const common = { ...stores, codes, admitMail, service: 'Shop', isKnownDevice: async () => false }
  const sent: Mail[] = []
  const lines: string[] = []
  const handle = createMailHandler({
    planCode: createPlanCode({
      ...common,
      mailRecoveryCode: createMailRecoveryCode(common),
      mailAddressCode: createMailAddressCode(common),
      mailEnrolmentCode: createMailEnrolmentCode(common),
    }),
    planNotice: createPlanNotice(common),
    composeMail: createComposeMail({ askHook: undefined, region: 'eu-central-1' }),
    sendMail: async (mail) => {
      const failure = failures[sent.length]
      sent.push(mail)
      return failure ? fail(failure) : succeed({ messageId: 'message' })
    },
    write: (line) => void lines.push(line),
    now: () => 0,
  })
  const run = (event: object) => handle({ ...event, ...occasion }, { awsRequestId: 'request' })
  const ask = async () => {
    const { ticket, handle: ticketHandle } = await codes.open('recover', { identifier: address })
    return { ticket, run: () => run({ kind: 'code', purpose: 'recover', ...ticketHandle }) }
  }
  const enrol = async () => {
    const authSession = randomBytes(32).toString('base64url')
    const { handle: ticketHandle } = await codes.open('enrol', { sub, epoch: 0, address }, authSession)
    return { authSession, run: () => run({ kind: 'code', purpose: 'enrol', ...ticketHandle }) }
  }
  const codeIn = ({ text }: Mail) => /^ {4}(\d{4} \d{4})$/m.exec(text)?.[1] ?? ''
  return {
    sub,
    address,
    sent,
    lines,
    codes,
    ask,
    enrol,
    notify: run,
    codeIn,
    handle,
    outcomes: () => lines.map((line) => JSON.parse(line)),
  }
}

const throttled = { reason: 'throttled', error: 'TooManyRequestsException' } as const

// REQ-168
describe('a mail that SES does not take', () => {
  test.each<[SendMailFailure]>([
    [throttled],
    [{ reason: 'unavailable', error: 'InternalFailure' }],
    [{ reason: 'response_lost' }],
  ])('is an error where another try may succeed, so that Lambda repeats it: %j', async (failure) => {
    const { ask, outcomes, sub } = await setUp(failure)
    const { run } = await ask()

    await expect(run()).rejects.toThrow('The mail was not sent.')
    expect(outcomes()).toMatchObject([{ event: 'mail_fail', outcome: 'failure', sub, reason: failure.reason }])
  })

  test('for good is logged, and not tried again', async () => {
    const { ask, outcomes } = await setUp({ reason: 'refused', error: 'IdentityNotVerified' })

    await (await ask()).run()
    expect(outcomes()).toMatchObject([{ event: 'mail_fail', reason: 'refused', error: 'IdentityNotVerified' }])
  })
})

describe('an event that is run twice', () => {
  // REQ-161
  test('sends another code, and only the last one is good', async () => {
    const { ask, sent, codeIn, codes } = await setUp()
    const { ticket, run } = await ask()
    await run()
    await run()

    const [first, last] = sent.map(codeIn)
    expect(await codes.tryCode('recover', ticket, first ?? '')).toMatchObject({ ok: first === last })
    expect(await codes.tryCode('recover', ticket, last ?? '')).toMatchObject({ ok: true })
  })

  test('is counted once: an outage of SES does not use up what an owner may ask for', async () => {
    const { ask, sent, outcomes } = await setUp(throttled, throttled, undefined)
    const { run } = await ask()
    await expect(run()).rejects.toThrow()
    await expect(run()).rejects.toThrow()
    await run()
    await (await ask()).run()
    await (await ask()).run()
    await (await ask()).run()

    expect(sent).toHaveLength(5)
    expect(outcomes().at(-1)).toMatchObject({ event: 'mail_skipped', kind: 'recover', reason: 'limited' })
  })
})

describe('the code of an enrolment', () => {
  // REQ-161
  test('is mailed to the owner, and is good for the auth session of the log-in', async () => {
    const { enrol, sent, codeIn, codes, outcomes, sub, address } = await setUp()
    const { authSession, run } = await enrol()
    await run()

    const [mail] = sent
    expect(mail).toMatchObject({ to: address, subject: 'Shop: your code for setting up a second factor' })
    expect(mail && (await codes.tryCode('enrol', authSession, codeIn(mail)))).toMatchObject({ ok: true })
    expect(outcomes()).toMatchObject([{ event: 'mail_sent', kind: 'enrolmentCode', sub }])
  })

  // REQ-105
  test('comes however many codes a stranger has asked for, and has limits of its own', async () => {
    const { ask, enrol, outcomes } = await setUp()
    for (let asked = 0; asked < 4; asked += 1) await (await ask()).run()
    for (let asked = 0; asked < 4; asked += 1) await (await enrol()).run()

    expect(outcomes().map(({ event, kind, reason }) => [event, kind, reason])).toEqual([
      ...Array(3).fill(['mail_sent', 'recoveryCode', undefined]),
      ['mail_skipped', 'recover', 'limited'],
      ...Array(3).fill(['mail_sent', 'enrolmentCode', undefined]),
      ['mail_skipped', 'enrol', 'limited'],
    ])
  })
})

describe('the owner is told', () => {
  test.each([
    [{ kind: 'factorAdded', factor: 'totp' }, 'Shop: a sign-in method was added', ': authenticator app.'],
    [{ kind: 'factorAdded', factor: 'passkey' }, 'Shop: a sign-in method was added', ': passkey.'],
    [{ kind: 'factorRemoved', factor: 'recovery_codes' }, 'Shop: a sign-in method was removed', ': recovery codes.'],
    [{ kind: 'factorsReset' }, 'Shop: your second factors were reset', 'An administrator removed all second factors'],
    [{ kind: 'recoveryCodeUsed', left: 0 }, 'Shop: a recovery code was used', 'Recovery codes left: 0.'],
  ])('of what happened to the second factors: %j', async (notice, subject, words) => {
    const { notify, sent, outcomes, sub, address } = await setUp()
    await notify({ ...notice, sub })

    expect(sent).toEqual([expect.objectContaining({ to: address, subject, text: expect.stringContaining(words) })])
    expect(outcomes()).toMatchObject([{ event: 'mail_sent', kind: notice.kind, sub }])
  })

  test('of wrong passwords while the account is enabled, and of a new password in any case', async () => {
    const { notify, outcomes, sub, address } = await setUp()
    const wrongPasswords = { kind: 'wrongPasswords', identifier: address, attempts: 10 }
    await notify(wrongPasswords)
    await stores.accounts.disableAccount(sub)
    await notify(wrongPasswords)
    await notify({ kind: 'passwordChanged', sub })

    expect(outcomes().map(({ event, kind, reason }) => [event, kind, reason])).toEqual([
      ['mail_sent', 'wrongPasswords', undefined],
      ['mail_skipped', 'wrongPasswords', 'user_disabled'],
      ['mail_sent', 'passwordChanged', undefined],
    ])
  })
})

// REQ-168: neither a log line nor an error carries what could be used.
test('no line holds an address, a ticket or a code', async () => {
  const { ask, sent, lines, address, codeIn } = await setUp(throttled)
  const { ticket, run } = await ask()
  const error: unknown = await run().catch((thrown: unknown) => thrown)
  await run()

  const written = `${lines.join('\n')}\n${error}`
  const secrets = [address, ticket, ...sent.flatMap((mail) => [codeIn(mail), codeIn(mail).replace(' ', '')])]
  expect(lines).toHaveLength(2)
  expect(secrets.filter((secret) => written.includes(secret))).toEqual([])
})

test.each([
  {},
  { kind: 'code' },
  { ...occasion, kind: 'other', sub: 's' },
  { ...occasion, kind: 'addressChanged', sub: 's' },
  { ...occasion, kind: 'code', purpose: 'enroll', id: 'i', codeKey: 'k' },
  { ...occasion, kind: 'factorAdded', sub: 's' },
  { ...occasion, kind: 'factorAdded', factor: 'passkey' },
  { ...occasion, kind: 'factorRemoved', sub: 's', factor: 'sms' },
  { ...occasion, kind: 'factorsReset' },
  { ...occasion, kind: 'recoveryCodeUsed', sub: 's' },
  { ...occasion, kind: 'recoveryCodeUsed', sub: 's', left: '9' },
])('what no function of ours sends is a fault: %j', async (event) => {
  const { handle, sent } = await setUp()

  await expect(handle(event, { awsRequestId: 'request' })).rejects.toThrow(TypeError)
  expect(sent).toEqual([])
})
