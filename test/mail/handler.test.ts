import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbCodes } from '../../functions/adapters/dynamodb/codes.ts'
import { createDynamoDbMailCounts } from '../../functions/adapters/dynamodb/throttling/mail-counts.ts'
import { createMailAddressCode } from '../../functions/domain/accounts/mail-address-code.ts'
import { createCodes } from '../../functions/domain/codes/codes.ts'
import { createAdmitMail } from '../../functions/domain/mail/limits.ts'
import type { Mail, SendMailFailure } from '../../functions/domain/mail/send-mail.ts'
import { fail, succeed } from '../../functions/domain/result.ts'
import { createMailRecoveryCode } from '../../functions/domain/sign-in/mail-recovery-code.ts'
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
  const ask = async () => {
    const { ticket, handle: ticketHandle } = await codes.open('recover', { identifier: address })
    const event = { kind: 'code', purpose: 'recover', ...ticketHandle, ...occasion }
    return { ticket, run: () => handle(event, { awsRequestId: 'request' }) }
  }
  const codeIn = ({ text }: Mail) => /^ {4}(\d{4} \d{4})$/m.exec(text)?.[1] ?? ''
  return {
    sub,
    address,
    sent,
    lines,
    codes,
    ask,
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
])('what no function of ours sends is a fault: %j', async (event) => {
  const { handle, sent } = await setUp()

  await expect(handle(event, { awsRequestId: 'request' })).rejects.toThrow(TypeError)
  expect(sent).toEqual([])
})
