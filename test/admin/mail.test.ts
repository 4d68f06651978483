import { afterAll, describe, expect, test } from '@jest/globals'
import type { CodeRequest } from '../../functions/domain/mail/mail-event.ts'
import { createMailRecoveryCode } from '../../functions/domain/sign-in/password/mail-recovery-code.ts'
import { createAdmin } from '../support/admin.ts'
import { aSession } from '../support/contracts/session-store-contract.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const password = 'correct horse battery staple'
const occasion = { time: 1_800_000_000, language: 'en' }
let made = 0

/** An account that is called by a name, or by an address. */
async function setUp({ kind = 'name', hasMail = true } = {}) {
  made += 1
  const admin = createAdmin(table, { hasMail })
  const address = `user-${made}@example.net`
  const username = kind === 'name' ? `user-${made}` : address
  const { result } = await admin.run({ command: 'create-user', username, password })
  const other = `other-${made}@example.net`
  const told = (...addresses: readonly string[]) =>
    addresses.map((to) => ({ kind: 'addressChanged', sub: result.sub, to, ...occasion }))
  return { ...admin, username, address, other, sub: result.sub as string, told }
}

// REQ-100
describe('set-email', () => {
  test('gives an account its first address, unverified, and tells it there', async () => {
    const { run, username, address, sub, accounts, mailed, told } = await setUp()

    expect(await run({ command: 'set-email', username, email: ` ${address.toUpperCase()} ` })).toMatchObject({
      ok: true,
      result: { sub, username, email: address, email_verified: false },
    })
    expect(await accounts.findAccount(sub)).toMatchObject({ identifiers: [username, address], emailVerified: false })
    expect(mailed).toEqual(told(address))
  })

  test('replaces an address, verified if so stated, and tells both; the sessions stay', async () => {
    const { run, username, other, sub, sessions, mailed, told } = await setUp({ kind: 'address' })
    await sessions.putNewSession(aSession({ sub }), 1_900_000_000)

    expect(await run({ command: 'set-email', username, email: other, verified: true })).toMatchObject({
      ok: true,
      result: { sub, username: other, email: other, email_verified: true },
    })
    expect(await run({ command: 'show-user', username })).toMatchObject({ error: 'unknown_user' })
    expect(await run({ command: 'show-user', username: other })).toMatchObject({ result: { sub, email: other } })
    expect(mailed).toEqual(told(username, other))
    expect(await sessions.listSessions(sub)).toMatchObject({ epoch: 0, sessions: [{ sub }] })
  })

  test('of the address that the account has only says whether it is verified, and tells nothing', async () => {
    const { run, username, sub, accounts, mailed } = await setUp({ kind: 'address' })
    await run({ command: 'set-email', username, email: username, verified: true })
    expect(await accounts.findAccount(sub)).toMatchObject({ identifiers: [username], emailVerified: true })
    await run({ command: 'set-email', username, email: username })

    expect(await accounts.findAccount(sub)).toMatchObject({ identifiers: [username], emailVerified: false })
    expect(mailed).toEqual([])
  })

  test('says what is wrong, and changes nothing', async () => {
    const [ada, eve] = [await setUp({ kind: 'address' }), await setUp({ kind: 'address' })]
    const { run, username, other, mailed } = ada
    const set = (members: object) => run({ command: 'set-email', username, email: other, ...members })

    expect(await set({ email: eve.username })).toEqual({
      ok: false,
      error: 'email_taken',
      error_description: 'This e-mail address belongs to another user.',
    })
    expect(await set({ username: 'nobody' })).toMatchObject({ error: 'unknown_user' })
    for (const email of ['ada', 'ada@localhost', 'ada@example.net\r\nBcc: eve@example.net', 7])
      expect(await set({ email })).toMatchObject({
        error: 'invalid_request',
        error_description: 'email must be a plain e-mail address such as ada@example.com, of at most 254 bytes.',
      })
    expect(await set({ verified: 'yes' })).toMatchObject({ error_description: 'verified must be true or false.' })
    expect(mailed).toEqual([])
    expect(await run({ command: 'show-user', username })).toMatchObject({ ok: true })
  })

  // REQ-134
  test('gives an address to one account, however many get it at once', async () => {
    const admins = await Promise.all(Array.from({ length: 8 }, () => setUp()))
    const email = `shared-${made}@example.net`
    const answers = await Promise.all(admins.map(({ run, username }) => run({ command: 'set-email', username, email })))

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.filter(({ ok }) => !ok)).toEqual(Array(7).fill(expect.objectContaining({ error: 'email_taken' })))
  })
})

describe('what an administrator changes is told to its owner', () => {
  test('a password', async () => {
    const { run, username, sub, mailed } = await setUp()
    await run({ command: 'set-password', username, password: 'another battery of horses' })

    expect(mailed).toEqual([{ kind: 'passwordChanged', sub, ...occasion }])
  })

  test('an address that is renamed, but no name', async () => {
    const [ada, eve] = [await setUp({ kind: 'address' }), await setUp()]
    await ada.run({ command: 'rename-user', username: ada.username, new_username: ada.other })
    await eve.run({ command: 'rename-user', username: eve.username, new_username: `${eve.username}-too` })

    expect([ada.mailed, eve.mailed]).toEqual([ada.told(ada.username, ada.other), []])
  })

  test('but not what was refused', async () => {
    const { run, username, mailed } = await setUp({ kind: 'address' })
    await run({ command: 'set-password', username, password: 'short' })
    await run({ command: 'rename-user', username, new_username: 'a-name' })

    expect(mailed).toEqual([])
  })
})

// REQ-110
describe('start-recovery', () => {
  test('asks for a code, gives the ticket and changes nothing', async () => {
    const { run, username, sub, mailed, lines, codes, passwords, sessions, ...stores } = await setUp({
      kind: 'address',
    })
    const before = await passwords.findHash(sub)
    const answer = await run({ command: 'start-recovery', username })
    const request = mailed[0] as CodeRequest

    expect(answer).toEqual({ ok: true, result: { sub, username, ticket: expect.stringMatching(/^[\w-]{43}$/) } })
    expect(mailed).toEqual([
      {
        ...{ kind: 'code', purpose: 'recover', isTrusted: true, ...occasion },
        ...{ id: expect.any(String), codeKey: expect.any(String) },
      },
    ])
    const sent = await createMailRecoveryCode({ ...stores, sessions, codes })(request, async () => true)
    const code = sent.ok ? sent.value.code : ''
    expect(await codes.tryCode('recover', answer.result.ticket, code)).toMatchObject({ ok: true })
    expect([await passwords.findHash(sub), await sessions.readEpoch(sub)]).toEqual([before, 0])
    expect(lines.join()).not.toContain(answer.result.ticket)
    expect(lines.join()).not.toContain(username)
  })

  test.each([
    ['is unknown', async () => undefined, 'unknown_user', 'Unknown user.'],
    [
      'has no address',
      async ({ username }: Awaited<ReturnType<typeof setUp>>) => username,
      'no_email',
      'This user has no e-mail address. set-email gives one.',
    ],
    [
      'is disabled',
      async ({ run, username }: Awaited<ReturnType<typeof setUp>>) => {
        await run({ command: 'disable-user', username })
        return username
      },
      'user_disabled',
      'This user is disabled. enable-user comes first.',
    ],
  ])('refuses a user who %s', async (_, prepare, error, error_description) => {
    const admin = await setUp()
    const username = (await prepare(admin)) ?? 'nobody'

    expect(await admin.run({ command: 'start-recovery', username })).toEqual({ ok: false, error, error_description })
    expect(admin.mailed).toEqual([])
  })

  test('says what to do where the service sends no mail', async () => {
    const { run, username } = await setUp({ kind: 'address', hasMail: false })

    expect(await run({ command: 'start-recovery', username })).toEqual({
      ok: false,
      error: 'no_mail',
      error_description:
        'This service sends no mail: set `emailFrom` and deploy. set-password sets a password without mail.',
    })
  })
})
