import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbCodes } from '../../../../functions/adapters/dynamodb/codes.ts'
import type { Account } from '../../../../functions/domain/accounts/account.ts'
import { createCodes } from '../../../../functions/domain/codes/codes.ts'
import { createMailEnrolmentCode } from '../../../../functions/domain/sign-in/enrolment/mail-enrolment-code.ts'
import { createStores } from '../../../../functions/wiring/stores.ts'
import { aHash, anAccount } from '../../../support/contracts/account-store-contract.ts'
import { countCalls } from '../../../support/count-calls.ts'
import { stoppedClock } from '../../../support/fakes/stopped-clock.ts'
import { openTable } from '../../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)

const refused = (reason: string) => ({ ok: false, failure: { reason } })
const wrongCode = { ok: false, failure: { reason: 'wrong_code', isLast: false } }

let made = 0

/** An account with a verified address, and the ticket of a log-in to it. `admitted` has the addresses that were counted. */
async function setUp(changes: Partial<Account> = {}) {
  made += 1
  const [sub, address] = [`sub-${made}`, `ada-${made}@example.com`]
  const account = anAccount({ sub, identifiers: [`ada-${made}`, address], emailVerified: true, ...changes })
  await stores.accounts.putNewAccount({ account, passwordHash: aHash, subject: 'new' })
  const clock = stoppedClock()
  const codes = createCodes({ store: createDynamoDbCodes(table.client, table.name), randomBytes, clock })
  const mailEnrolmentCode = createMailEnrolmentCode({ ...stores, codes })
  const payload = { sub, epoch: 0, address }
  const { ticket, handle } = await codes.open('enrol', payload, randomBytes(32).toString('base64url'))
  const admitted: string[] = []
  const mail = async (isAdmitted = true) =>
    mailEnrolmentCode(handle, async (to) => {
      admitted.push(to)
      return isAdmitted
    })
  const codeOf = async () => {
    const mailed = await mail()
    return mailed.ok ? mailed.value.code : ''
  }
  const attempt = (code: string) => codes.tryCode('enrol', ticket, code)
  return { account, sub, address, clock, codes, payload, handle, admitted, mail, codeOf, attempt }
}

describe('the code of an enrolment', () => {
  // REQ-161
  test('goes to the verified address of the account, and is good with the ticket of the log-in', async () => {
    const { account, address, payload, admitted, mail, attempt } = await setUp()
    const mailed = await mail()

    expect(mailed).toEqual({ ok: true, value: { to: address, account, code: expect.stringMatching(/^\d{8}$/) } })
    expect(admitted).toEqual([address])
    expect(mailed.ok && (await attempt(mailed.value.code))).toMatchObject({ ok: true, value: { payload } })
  })

  test('is replaced in a second run of the same request, which is not counted again', async () => {
    const { admitted, codeOf, attempt, address } = await setUp()
    const [first, last] = [await codeOf(), await codeOf()]

    if (first !== last) expect(await attempt(first)).toEqual(wrongCode)
    expect(await attempt(last)).toMatchObject({ ok: true })
    expect(admitted).toEqual([address])
  })

  test('is not made where the limits refuse it, and can be made later', async () => {
    const { codes, handle, payload, mail } = await setUp()

    expect(await mail(false)).toEqual(refused('limited'))
    expect(await codes.find('enrol', handle)).toEqual({ payload, binding: undefined, hasCode: false })
    expect(await mail()).toMatchObject({ ok: true })
  })

  // REQ-163
  test('takes three reads and a write', async () => {
    const { mail } = await setUp()
    const calls = countCalls(table.client)
    const before = calls.length
    await mail()

    const made = calls.slice(before).map((call) => call.replace(', consistent', ''))
    expect(made).toEqual(['GetItem', 'GetItem', 'GetItem', 'UpdateItem'])
  })
})

type Given = Awaited<ReturnType<typeof setUp>>

// REQ-111, REQ-164
describe('no code is mailed', () => {
  test.each<readonly [string, Partial<Account>, string]>([
    ['a disabled account', { disabled: true }, 'user_disabled'],
    ['an address that nobody has confirmed', { emailVerified: false }, 'no_address'],
    ['an account without an address', { identifiers: ['bare-name'], emailVerified: false }, 'no_address'],
    ['another address than that of the log-in', { identifiers: ['grace@example.com'] }, 'no_address'],
    ['an account that does not exist', { sub: 'somebody-else', identifiers: ['somebody-else'] }, 'unknown_user'],
  ])('for %s', async (_, changes, reason) => {
    const { codes, handle, payload, admitted, mail } = await setUp(changes)

    expect(await mail()).toEqual(refused(reason))
    expect(admitted).toEqual([])
    expect(await codes.find('enrol', handle)).toEqual({ payload, binding: undefined, hasCode: false })
  })

  test.each<readonly [string, (given: Given) => Promise<unknown>]>([
    ['a new password', ({ sub }) => stores.passwords.setHash(sub, 'another')],
    ['the end of all sessions', ({ sub }) => stores.sessions.raiseEpoch(sub)],
    ['the end of the account', ({ account }) => stores.accounts.deleteAccount(account)],
    ['ten minutes', async ({ clock }) => clock.advance(600)],
    [
      'five wrong tries',
      async ({ attempt }) => {
        for (let tries = 1; tries <= 5; tries += 1) await attempt('wrong')
      },
    ],
  ])('after %s', async (_, happen) => {
    const given = await setUp()
    await happen(given)

    expect(await given.mail()).toEqual(refused('ticket_ended'))
  })

  test('for a ticket of something else', async () => {
    const { codes, address } = await setUp()
    const { handle } = await codes.open('recover', { identifier: address })

    const mailEnrolmentCode = createMailEnrolmentCode({ ...stores, codes })
    expect(await mailEnrolmentCode(handle, async () => true)).toEqual(refused('ticket_ended'))
  })
})
