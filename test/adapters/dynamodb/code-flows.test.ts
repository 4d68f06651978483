import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createDynamoDbConfirmations } from '../../../functions/adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDbCodes } from '../../../functions/adapters/dynamodb/codes.ts'
import type { Account } from '../../../functions/domain/accounts/account.ts'
import { createConfirmAddress } from '../../../functions/domain/accounts/confirm-address.ts'
import { createConfirmRegistration } from '../../../functions/domain/accounts/confirm-registration.ts'
import { canonicalIdentifier } from '../../../functions/domain/accounts/identifier.ts'
import { createMailAddressCode } from '../../../functions/domain/accounts/mail-address-code.ts'
import type { CodePayloads } from '../../../functions/domain/codes/code-store.ts'
import { createCodes } from '../../../functions/domain/codes/codes.ts'
import type { Password } from '../../../functions/domain/passwords/password.ts'
import { randomId } from '../../../functions/domain/random-id.ts'
import { createMailRecoveryCode } from '../../../functions/domain/sign-in/password/mail-recovery-code.ts'
import { createRecoverPassword } from '../../../functions/domain/sign-in/password/recover-password.ts'
import { createThrottle } from '../../../functions/domain/throttling/throttle.ts'
import { Unavailable } from '../../../functions/domain/unavailable.ts'
import { createStores } from '../../../functions/wiring/stores.ts'
import { aHash, anAccount } from '../../support/contracts/account-store-contract.ts'
import { countCalls } from '../../support/count-calls.ts'
import { cheapHasher } from '../../support/fakes/cheap-hasher.ts'
import { stoppedClock } from '../../support/fakes/stopped-clock.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = {
  ...createStores(table.client, table.name),
  confirmations: createDynamoDbConfirmations(table.client, table.name),
}
const clock = stoppedClock()
const codes = createCodes({ store: createDynamoDbCodes(table.client, table.name), randomBytes, clock })
const dependencies = {
  ...{ ...stores, codes, clock, hasher: cheapHasher, scope: ['orders:read'], newId: randomId },
  policy: { minimumLength: 8, serviceName: 'Latchkey' },
}
const confirmRegistration = createConfirmRegistration(dependencies)
const confirmAddress = createConfirmAddress(dependencies)
const mailAddressCode = createMailAddressCode(dependencies)
const mailRecoveryCode = createMailRecoveryCode(dependencies)
const recoverPassword = createRecoverPassword(dependencies)

const admitted = async () => true
const limited = async () => false
const wrongCode = { ok: false, failure: { reason: 'wrong_code', isLast: false } }
const refused = (reason: string) => ({ ok: false, failure: { reason } })
const next = 'a password like no other' as Password

let made = 0

/** An account with a name, an address and a session, and an address that is free. */
async function setUp(changes: Partial<Account> = {}) {
  made += 1
  const name = `ada-${made}`
  const address = `${name}@example.com`
  const account = anAccount({ sub: `sub-of-${name}`, identifiers: [name, address], emailVerified: true, ...changes })
  await stores.accounts.putNewAccount({ account, passwordHash: aHash, subject: 'new' })
  return { account, name, address, sub: account.sub, free: `free-${address}`, find: stores.accounts.findSubject }
}

async function openAndMail<Purpose extends 'register' | 'email'>(purpose: Purpose, payload: CodePayloads[Purpose]) {
  const { ticket, handle } = await codes.open(purpose, payload)
  const mailed = await mailAddressCode(purpose, handle, admitted)
  return { ticket, handle, mailed, code: mailed.ok && 'code' in mailed.value ? mailed.value.code : '' }
}

const register = (address: string, username?: string) =>
  openAndMail('register', { address, passwordHash: 'of the registration', ...(username !== undefined && { username }) })

const change = (sub: string, address: string, epoch = 0) => openAndMail('email', { sub, address, epoch })

async function recover(identifier: string) {
  const { ticket, handle } = await codes.open('recover', { identifier })
  const mailed = await mailRecoveryCode(handle, admitted)
  return { ticket, handle, mailed, code: mailed.ok ? mailed.value.code : '' }
}

// REQ-43, REQ-165
describe('a registration', () => {
  test('mails a code, holds nothing, and becomes an account with a verified address when it is confirmed', async () => {
    const { free, find } = await setUp()
    const { ticket, code, mailed } = await register(free)

    expect(mailed).toEqual({ ok: true, value: { kind: 'code', to: free, code: expect.stringMatching(/^\d{8}$/) } })
    expect(await find(free)).toBeUndefined()
    const confirmed = await confirmRegistration({ ticket, code: ` ${code.slice(0, 4)}-${code.slice(4)}` })
    expect(confirmed).toEqual({
      ok: true,
      value: {
        ...{ sub: expect.stringMatching(/^[\w-]{22}$/), identifiers: [free], emailVerified: true },
        ...{ scope: ['orders:read'], disabled: false, createdAt: clock() },
      },
    })
    expect(confirmed.ok && (await stores.passwords.findHash(confirmed.value.sub))).toBe('of the registration')
    expect(await confirmRegistration({ ticket, code })).toEqual(wrongCode)
  })

  test('with a name that is taken is confirmed with another, by the same code', async () => {
    const { name, free, find } = await setUp()
    const { ticket, code } = await register(free, name)

    expect(await confirmRegistration({ ticket, code })).toEqual(refused('username_taken'))
    expect(await confirmRegistration({ ticket, code, username: 'eve@example.com' })).toEqual(refused('other_kind'))
    const confirmed = await confirmRegistration({ ticket, code, username: `other-${name}` })
    expect(confirmed).toMatchObject({ ok: true, value: { identifiers: [`other-${name}`, free] } })
    expect(await find(`other-${name}`)).toBe(await find(free))
  })

  test('of two strangers with one address: the first to confirm has it, the other code is spent', async () => {
    const { free } = await setUp()
    const [first, second] = [await register(free), await register(free)]

    expect(await confirmRegistration(second)).toMatchObject({ ok: true })
    expect(await confirmRegistration(first)).toEqual(wrongCode)
    expect(await register(free)).toMatchObject({ mailed: { ok: true, value: { kind: 'addressInUse', to: free } } })
  })

  // REQ-134, REQ-161
  test('confirmed twenty times at once makes one account', async () => {
    const { free, find } = await setUp()
    const { ticket, code } = await register(free)
    const confirmed = await Promise.all(Array.from({ length: 20 }, () => confirmRegistration({ ticket, code })))

    const [winner, ...more] = confirmed.filter(({ ok }) => ok)
    expect(more).toEqual([])
    expect(winner).toMatchObject({ value: { sub: await find(free) } })
    expect(confirmed.filter(({ ok }) => !ok)).toEqual(Array(19).fill(wrongCode))
  })

  test('of a taken address tells its owner and makes no code', async () => {
    const { address } = await setUp()
    const { ticket, handle, mailed } = await register(address)

    expect(mailed).toEqual({ ok: true, value: { kind: 'addressInUse', to: address } })
    expect(await codes.find('register', handle)).toBeDefined()
    expect(await confirmRegistration({ ticket, code: '' })).toEqual(wrongCode)
  })
})

// REQ-103
describe('a change of address', () => {
  test('is confirmed by the code that went to the new one, and tells what the account was before', async () => {
    const { account, name, sub, free } = await setUp()
    const { ticket, code, mailed } = await change(sub, free)

    expect(mailed).toMatchObject({ ok: true, value: { kind: 'code', to: free } })
    expect(await confirmAddress({ sub, ticket, code })).toEqual({
      ok: true,
      value: { before: account, after: { ...account, identifiers: [name, free], emailVerified: true } },
    })
    expect(await confirmAddress({ sub, ticket, code })).toEqual(wrongCode)
  })

  test('is confirmed by nobody else', async () => {
    const [ada, eve] = [await setUp(), await setUp()]
    const { ticket, code } = await change(ada.sub, ada.free)

    expect(await confirmAddress({ sub: eve.sub, ticket, code })).toEqual(wrongCode)
    expect(await ada.find(ada.free)).toBeUndefined()
  })

  test('to an address that is taken tells its owner; one that is taken later fails like a wrong code', async () => {
    const [ada, eve] = [await setUp(), await setUp()]

    expect((await change(ada.sub, eve.address)).mailed).toEqual({
      ok: true,
      value: { kind: 'addressInUse', to: eve.address },
    })
    const { ticket, code } = await change(ada.sub, ada.free)
    await stores.accounts.replaceIdentifier(eve.account, eve.address, ada.free)
    expect(await confirmAddress({ sub: ada.sub, ticket, code })).toEqual(wrongCode)
  })

  test('to the present address verifies it', async () => {
    const { sub, address } = await setUp({ emailVerified: false })
    const { ticket, code, mailed } = await change(sub, address)

    expect(mailed).toMatchObject({ ok: true, value: { kind: 'code', to: address } })
    expect(await confirmAddress({ sub, ticket, code })).toMatchObject({ ok: true })
    expect(await stores.accounts.findAccount(sub)).toMatchObject({ emailVerified: true })
  })

  test('holds beside a rename at the same moment', async () => {
    const { account, name, sub, free } = await setUp()
    const { ticket, code } = await change(sub, free)
    const [confirmed, renamed] = await Promise.all([
      confirmAddress({ sub, ticket, code }),
      stores.accounts.replaceIdentifier(account, name, `${name}-renamed`),
    ])

    expect(confirmed.ok).toBe(true)
    const left = (await stores.accounts.findAccount(sub))?.identifiers
    expect(left).toEqual([renamed.ok ? `${name}-renamed` : name, free])
  })
})

// REQ-109
describe('a recovery', () => {
  test('sets the password, ends the sessions and lifts the locks', async () => {
    const { account, name, sub, address } = await setUp()
    const session = { id: 's1', sub, clientId: 'web', scope: [], epoch: 0, createdAt: 1, lastUsedAt: 1 }
    await stores.sessions.putNewSession(
      { ...session, authTime: 1, amr: ['pwd'], secretHash: 'hash', lateRetries: [] },
      clock() + 1000,
    )
    const throttle = createThrottle(stores.attempts, { accountFailures: 1, addressFailures: 0 }, clock)
    for (const identifier of [name, address]) await throttle.reserveOnAccount({ identifier })
    const { ticket, code, mailed } = await recover(name)

    expect(mailed).toMatchObject({ ok: true, value: { to: address } })
    expect(await recoverPassword({ ticket, code, next })).toEqual({ ok: true, value: account })
    expect(await cheapHasher.verify(next, (await stores.passwords.findHash(sub)) ?? '')).toBe(true)
    expect(await stores.sessions.listSessions(sub)).toEqual({ epoch: 1, sessions: [] })
    for (const identifier of [name, address])
      expect(await throttle.reserveOnAccount({ identifier })).toMatchObject({ ok: true })
    expect(await recoverPassword({ ticket, code, next })).toEqual(wrongCode)
  })

  // REQ-110
  test('keeps its code through any number of refused passwords, and still has five wrong tries', async () => {
    const { name, sub } = await setUp()
    const { ticket, code } = await recover(name)
    const refusals = ['short', 'password123', 'Latchkey', name].map((text) => text as Password)

    for (const refusal of [...refusals, ...refusals])
      expect((await recoverPassword({ ticket, code, next: refusal })).ok).toBe(false)
    expect(await stores.passwords.findHash(sub)).toBe(aHash)
    for (let tries = 1; tries <= 4; tries += 1)
      expect(await recoverPassword({ ticket, code: 'wrong', next })).toEqual(wrongCode)
    expect(await recoverPassword({ ticket, code, next })).toMatchObject({ ok: true })
  })

  // REQ-104, REQ-164
  test.each<readonly [string, Partial<Account>, (name: string) => string, string]>([
    ['an unknown name', {}, (name) => `${name}-unknown`, 'unknown_user'],
    ['an unknown address', {}, (name) => `${name}@example.org`, 'unknown_user'],
    ['a disabled account', { disabled: true }, (name) => name, 'user_disabled'],
  ])('of %s mails nothing', async (_, changes, asked, reason) => {
    const { name } = await setUp(changes)
    const { ticket, mailed } = await recover(asked(name))

    expect(mailed).toEqual(refused(reason))
    expect(await recoverPassword({ ticket, code: '12345678', next })).toEqual(wrongCode)
  })

  test('asks the old system about an unknown name only, and is of the account that it brings', async () => {
    const { account, name } = await setUp()
    const brought = { ...account, sub: `brought-${name}`, identifiers: [`old-${name}`, `old-${name}@example.com`] }
    const asked: string[] = []
    const mailBrought = createMailRecoveryCode({
      ...dependencies,
      askOldSystem: async (username) => {
        asked.push(username)
        if (username !== `old-${name}`) return false
        return (await stores.accounts.putNewAccount({ account: brought, subject: 'new' })).ok
      },
    })
    const mail = async (identifier: string) => {
      const { ticket, handle } = await codes.open('recover', { identifier })
      return { ticket, mailed: await mailBrought(handle, admitted) }
    }
    const { ticket, mailed } = await mail(`old-${name}`)

    expect(mailed).toMatchObject({ ok: true, value: { to: `old-${name}@example.com`, account: brought } })
    const code = mailed.ok ? mailed.value.code : ''
    expect(await recoverPassword({ ticket, code, next })).toEqual({ ok: true, value: brought })
    expect(await mail(`nobody-${name}`)).toMatchObject({ mailed: refused('unknown_user') })
    expect(await mail(name)).toMatchObject({ mailed: { ok: true } })
    expect(asked).toEqual([`old-${name}`, `nobody-${name}`])
  })

  test('is given up where the old system cannot be asked, and can be tried again', async () => {
    const { name } = await setUp()
    const { handle } = await codes.open('recover', { identifier: `old-${name}` })
    const mailWithout = createMailRecoveryCode({
      ...dependencies,
      askOldSystem: async () => {
        throw new Unavailable('The old system cannot be asked.')
      },
    })

    await expect(mailWithout(handle, admitted)).rejects.toThrow(Unavailable)
    expect(await codes.find('recover', handle)).toMatchObject({ hasCode: false })
  })

  test('of an account without an address mails nothing', async () => {
    const { name } = await setUp()
    const bare = anAccount({ sub: `bare-${name}`, identifiers: [`bare-${name}`] })
    await stores.accounts.putNewAccount({ account: bare, subject: 'new' })

    expect((await recover(`bare-${name}`)).mailed).toEqual(refused('no_address'))
  })

  // REQ-111
  test('goes to the stored address, however its twins are typed', async () => {
    const { address } = await setUp()
    const wide = address.replace(/[a-z]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0))
    const twins = [address.toUpperCase(), wide, ` ${address}\r\n`, address.replace('a', 'а'), address.replace('e', 'е')]

    const sent = await Promise.all(twins.map((typed) => recover(canonicalIdentifier(typed) ?? '')))
    const recipients = sent.map(({ mailed }) => (mailed.ok ? mailed.value.to : undefined))
    expect(recipients).toEqual([address, address, address, undefined, undefined])
  })

  test('that was mailed twice is bound once: a second code after a new password is not made', async () => {
    const { name, sub } = await setUp()
    const { ticket, handle, code } = await recover(name)
    const again = await mailRecoveryCode(handle, admitted)

    expect(again).toMatchObject({ ok: true })
    if (again.ok && again.value.code !== code) expect(await recoverPassword({ ticket, code, next })).toEqual(wrongCode)
    await stores.passwords.setHash(sub, 'set')
    expect(await mailRecoveryCode(handle, admitted)).toEqual(refused('ticket_ended'))
    expect(again.ok && (await recoverPassword({ ticket, code: again.value.code, next }))).toEqual(wrongCode)
  })
})

test('what the limits refuse sets no code', async () => {
  const { name, free } = await setUp()
  const recovery = await codes.open('recover', { identifier: name })
  const registration = await codes.open('register', { address: free, passwordHash: 'hash' })

  expect(await mailRecoveryCode(recovery.handle, limited)).toEqual(refused('limited'))
  expect(await mailAddressCode('register', registration.handle, limited)).toEqual(refused('limited'))
  expect(await codes.find('recover', recovery.handle)).toEqual({
    payload: { identifier: name },
    binding: undefined,
    hasCode: false,
  })
})

// REQ-163
test('each step makes the calls that the design allows', async () => {
  const { name, sub, free } = await setUp()
  const calls = countCalls(table.client)
  const made: Record<string, readonly string[]> = {}
  const note = async <T>(step: string, act: () => Promise<T>): Promise<T> => {
    const before = calls.length
    const value = await act()
    made[step] = calls.slice(before).map((call) => call.replace(', consistent', ''))
    return value
  }

  const { ticket, handle } = await note('open', () => codes.open('recover', { identifier: name }))
  const mailed = await note('mail a recovery', () => mailRecoveryCode(handle, admitted))
  const code = mailed.ok ? mailed.value.code : ''
  await note('a wrong code', () => recoverPassword({ ticket, code: 'wrong', next }))
  const recovered = await note('recover', () => recoverPassword({ ticket, code, next }))
  const registration = await note('open and mail a registration', () => register(free))
  const confirmed = await note('confirm a registration', () => confirmRegistration(registration))
  const changing = await change(sub, `other-${free}`, 1)
  const changed = await note('confirm an address', () => confirmAddress({ sub, ...changing }))

  expect([recovered.ok, confirmed.ok, changed.ok]).toEqual([true, true, true])
  expect(made).toEqual({
    open: ['UpdateItem'],
    'mail a recovery': ['GetItem', 'GetItem', 'GetItem', 'GetItem', 'UpdateItem'],
    'a wrong code': ['UpdateItem'],
    recover: ['UpdateItem', 'GetItem', 'TransactWriteItems', 'Query', 'DeleteItem', 'DeleteItem', 'DeleteItem'],
    'open and mail a registration': ['UpdateItem', 'GetItem', 'GetItem', 'UpdateItem'],
    'confirm a registration': ['UpdateItem', 'TransactWriteItems'],
    'confirm an address': ['UpdateItem', 'GetItem', 'TransactWriteItems'],
  })
})
