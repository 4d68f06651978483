import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbConfirmations } from '../../functions/adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDbCodes } from '../../functions/adapters/dynamodb/codes.ts'
import { createCodes } from '../../functions/domain/codes/codes.ts'
import type { Password } from '../../functions/domain/passwords/password.ts'
import { createMailRecoveryCode } from '../../functions/domain/sign-in/password/mail-recovery-code.ts'
import { createRecoverPassword } from '../../functions/domain/sign-in/password/recover-password.ts'
import { createThrottle } from '../../functions/domain/throttling/throttle.ts'
import { endpoint } from '../../functions/http/api/endpoint.ts'
import { createRecoverHandler } from '../../functions/recover/handler.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { context, httpEvent, readAddress } from '../support/builders/events.ts'
import { aHash, anAccount } from '../support/contracts/account-store-contract.ts'
import { captureNotices } from '../support/fakes/captured-notices.ts'
import { cheapHasher } from '../support/fakes/cheap-hasher.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)
const new_password = 'a better battery of horses'
let made = 0

/** The handler, an account with an address, and a source that is nobody else's. */
async function setUp({ addressFailures = 0, attempts = stores.attempts } = {}) {
  made += 1
  const [sub, username, sourceIp] = [`sub-${made}`, `user-${made}@example.com`, `203.0.113.${made}`]
  const account = anAccount({ sub, identifiers: [username], emailVerified: true })
  await stores.accounts.putNewAccount({ account, passwordHash: aHash, subject: 'new' })
  const clock = stoppedClock()
  const codes = createCodes({ store: createDynamoDbCodes(table.client, table.name), randomBytes, clock })
  const hashed: string[] = []
  const { notices, notify } = captureNotices()
  const lines: string[] = []
  const handle = endpoint(
    createRecoverHandler({
      ...{ codes, readAddress, clock },
      requestCode: async () => {},
      notify,
      recoverPassword: createRecoverPassword({
        ...{ ...stores, attempts, codes, policy: { minimumLength: 15, serviceName: 'Shop' } },
        confirmations: createDynamoDbConfirmations(table.client, table.name),
        hasher: {
          hash: (password: Password) => {
            hashed.push(password)
            return cheapHasher.hash(password)
          },
        },
      }),
      throttle: createThrottle(stores.attempts, { accountFailures: 0, addressFailures }, clock),
    }),
    (line) => lines.push(line),
  )
  const post = async (path: string, body: object) => {
    const event = httpEvent(`POST ${path}`, { body: JSON.stringify(body) })
    const { requestContext } = event
    const sent = { ...event, requestContext: { ...requestContext, http: { ...requestContext.http, sourceIp } } }
    const { statusCode, headers, body: json = '{}' } = await handle(sent, context)
    return { status: statusCode, headers, json: JSON.parse(json) }
  }
  const mailRecoveryCode = createMailRecoveryCode({ ...stores, codes })
  return {
    ...{ sub, hashed, lines, notices },
    /** A ticket, and the code that is mailed for it. */
    ask: async () => {
      const { ticket, handle: ticketHandle } = await codes.open('recover', { identifier: username })
      const mailed = await mailRecoveryCode(ticketHandle, async () => true)
      return { ticket, code: mailed.ok ? mailed.value.code : '' }
    },
    confirm: (body: object) => post('/recover/confirm', { new_password, ...body }),
  }
}

const limited = {
  status: 429,
  headers: { 'retry-after': expect.any(String) },
  json: { error: 'too_many_requests' },
}
const wrongCode = { status: 400, json: { error: 'invalid_grant' } }

// REQ-29
describe('a confirmation is one of so many that an address may try', () => {
  test('and beyond those no code is compared, whatever the ticket', async () => {
    const { ask, confirm, lines } = await setUp({ addressFailures: 3 })
    for (let tries = 0; tries < 3; tries += 1)
      expect(await confirm({ ...(await ask()), code: '00000000' })).toMatchObject(wrongCode)

    expect(await confirm(await ask())).toMatchObject(limited)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      event: 'authn_password_change_fail',
      outcome: 'failure',
      reason: 'address_limited',
    })
  })

  // A code that is right can fail for what has happened to the account since, and it stays right.
  test('so that a code which no longer changes anything does not have passwords hashed without end', async () => {
    const { ask, confirm, hashed, sub } = await setUp({ addressFailures: 3 })
    const asked = await ask()
    await stores.sessions.raiseEpoch(sub)
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(asked)))

    expect(answers.map(({ status }) => status).toSorted()).toEqual([400, 400, 400, 429, 429, 429, 429, 429])
    expect(hashed).toHaveLength(3)
  })
})

// REQ-102
test('the owner is told of the new password even if the locks cannot be lifted', async () => {
  const clearAccount = async () => {
    throw new Error('The table does not answer.')
  }
  const { ask, confirm, notices, sub } = await setUp({ attempts: { ...stores.attempts, clearAccount } })

  expect(await confirm(await ask())).toMatchObject({ status: 500 })
  expect(notices).toMatchObject([{ kind: 'passwordChanged', sub }])
})
