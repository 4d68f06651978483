import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { newRecoveryCodes } from '../../functions/domain/factors/recovery-codes.ts'
import { interruptAt } from '../factors/interrupted.ts'
import { type AccountForms, createAccountForms } from '../support/builders/account-forms.ts'
import { openBrowser, redeem, responseIn, signInTo } from '../support/builders/oauth-browser.ts'
import { putTotp } from '../support/builders/put-totp.ts'
import { failAt } from '../support/fakes/failing-client.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

const next = 'a better battery of many horses'
const cookieName = '__Host-latchkey'

/** Somebody who is signed in in a browser and has a session of an own client. */
async function setUp(settings: Parameters<typeof createAccountForms>[1] = {}) {
  const service = await createAccountForms(table, settings)
  const client = await service.putClient()
  const browser = openBrowser(service)
  const { json } = await signInTo(service, client, {}, browser)
  const { sub } = service.account
  const post = (path: string, fields: Readonly<Record<string, string>>, headers = {}) =>
    browser.go('POST', `/account/${path}`, { account: sub, ...fields }, headers)
  return {
    ...{ service, client, browser, sub, accessToken: String(json.access_token), post },
    changePassword: (current = service.password, chosen = next) => post('password', { current, new: chosen }),
    askForAddress: (email: string, password = service.password) => post('email', { email, password }),
    hash: () => service.stores.passwords.findHash(sub),
    last: () => service.logged().at(-1),
  }
}

const isSignedIn = async (browser: ReturnType<typeof openBrowser>) =>
  (await browser.go('GET', '/account')).status === 200

// REQ-169
describe('a session from before a factor, while secondFactor is off by now,', () => {
  test.each([
    ['password', { new: next }, '/account/password?done'],
    ['email', { email: 'another@example.com' }, '/account/email/confirm'],
  ])('changes the %s after a recovery code, and never leads in a circle', async (page, fields, end) => {
    const { service, browser, post } = await setUp()
    const { codes, hashes } = newRecoveryCodes(randomBytes)
    await putTotp(table, service, hashes)
    const change = () =>
      post(
        page,
        page === 'password' ? { current: service.password, ...fields } : { password: service.password, ...fields },
      )
    const refused = await change()
    expect(refused.location).toBe(`/sign-in?to=/account/${page}`)

    const asked = await browser.follow(await browser.go('GET', refused.location))
    expect(asked.text.includes('value="recovery_code"')).toBe(true)
    const proved = await browser.go('POST', '/sign-in/factor', {
      ...asked.fields,
      ...{ kind: 'recovery_code', code: codes[0] ?? '' },
    })

    expect(proved.location).toBe(`/account/${page}`)
    expect((await change()).location).toBe(end)
  })
})

describe('the page of the password', () => {
  test('has fields that password managers know, and is behind the sign-in', async () => {
    const { service, browser } = await setUp()
    const { status, text, headers } = await browser.go('GET', '/account/password')

    expect((await openBrowser(service).go('GET', '/account/password')).location).toBe('/sign-in?to=/account/password')
    expect([status, headers['cross-origin-opener-policy']]).toEqual([200, 'same-origin'])
    expect(text).toContain(
      `<input name="username" value="${service.username}" autocomplete="username" readonly hidden>`,
    )
    expect(text).toMatch(
      /<input id="current" name="current" type="password"[^>]* autocomplete="current-password"[^>]* autofocus>/,
    )
    expect(text).toMatch(/<input id="new" name="new" type="password"[^>]* autocomplete="new-password"/)
  })

  // REQ-44, REQ-184
  test('changes it, ends every other session, and goes on in a new one that is as strong and as old', async () => {
    const { service, browser, sub, changePassword } = await setUp()
    const elsewhere = openBrowser(service)
    await signInTo(service, await service.putClient(), {}, elsewhere)
    const former = browser.jar.get(cookieName)
    const before = await service.sso.find(former)
    service.clock.advance(100)
    const answer = await changePassword()
    const after = await service.sso.find(browser.jar.get(cookieName))

    expect([answer.status, answer.location]).toEqual([303, '/account/password?done'])
    expect((await browser.follow(answer)).text).toContain('Your password is changed.')
    expect(after).toMatchObject({ sub, authTime: before?.authTime, amr: before?.amr, isKept: before?.isKept })
    expect(after?.id).not.toBe(before?.id)
    expect(await service.sso.find(former)).toBeUndefined()
    expect([await isSignedIn(browser), await isSignedIn(elsewhere)]).toEqual([true, false])
    expect((await service.stores.sessions.listSessions(sub)).sessions).toEqual([])
    expect(service.notices()).toMatchObject([{ kind: 'passwordChanged', sub }])
    service.clock.advance(60)
    expect((await browser.go('GET', '/account/password?done')).text).toContain('name="current"')
  })

  test.each([
    ['wrong', 'a wrong password', next, 400, 'current', 'The current password is wrong'],
    ['missing', '', next, 400, 'current', 'The current password is wrong'],
    ['short', undefined, 'short', 400, 'new', 'A password must have 15 to 256 characters.'],
    ['long', undefined, 'x'.repeat(257), 400, 'new', 'A password must have 15 to 256 characters.'],
    ['missing too', undefined, '', 400, 'new', 'A password must have 15 to 256 characters.'],
    ['common', undefined, '123456789012345', 400, 'new', 'This password is one of the most common ones.'],
  ])('says what is %s at the field, and shows no secret again', async (_, current, chosen, status, name, problem) => {
    const { changePassword, service, hash } = await setUp()
    const before = await hash()
    const answer = await changePassword(current ?? service.password, chosen)

    expect([answer.status, await hash()]).toEqual([status, before])
    expect(answer.text).toContain(`<p role="alert" id="problem">${problem}`)
    expect(answer.text).toMatch(
      new RegExp(`id="${name}"[^>]* aria-describedby="problem[^"]*" aria-invalid="true"[^>]* autofocus>`),
    )
    expect(answer.text.match(/ autofocus/g)).toHaveLength(1)
    if (chosen.length > 5) expect(answer.text).not.toContain(chosen)
  })

  test('tells who has no password how to get one', async () => {
    for (const [hasMail, told] of [
      [true, 'href="/forgot"'],
      [false, 'The people who run this service'],
    ] as const) {
      const { browser, sub } = await setUp({ hasMail })
      await table.client.send(await deletionOf(sub))
      const { text } = await browser.go('GET', '/account/password')
      expect(text).toContain(told)
      expect(text).not.toContain('name="current"')
    }
  })

  test('that was sent twice, or again by the back button, says that the current password is another one', async () => {
    const { changePassword } = await setUp()
    await changePassword()

    expect(await changePassword()).toMatchObject({ status: 400 })
  })

  test('interrupted by a fault is 503, and the owner can sign in with the old password or the new one', async () => {
    for (let at = 0; at < 30; at += 1) {
      const { service, browser } = await setUp()
      const { client, calls } = failAt(table.client, at, true)
      const view = await createAccountForms(
        { client, name: table.name },
        { existing: service.account, clock: service.clock },
      )
      const seen = openBrowser(view)
      for (const [name, value] of browser.jar) seen.jar.set(name, value)
      const form = { account: service.account.sub, current: service.password, new: next }
      const { status, headers } = await seen.go('POST', '/account/password', form)
      if (calls.made <= at) {
        expect(at).toBeGreaterThan(8)
        return
      }
      expect([at, status, headers['cross-origin-opener-policy']]).toEqual([at, 503, 'same-origin'])
      const again = openBrowser(service)
      const page = await again.go('GET', '/sign-in?to=/account')
      const signedIn = await Promise.all(
        [service.password, next].map((each) => again.signIn(page, service.username, each)),
      )
      expect([at, signedIn.filter(({ status }) => status === 200).length]).toEqual([at, 1])
    }
  })
})

async function deletionOf(sub: string) {
  const { DeleteCommand } = await import('@aws-sdk/lib-dynamodb')
  return new DeleteCommand({ TableName: table.name, Key: { pk: `SECRET#${sub}`, sk: 'PASSWORD' } })
}

describe('the pages of the address', () => {
  // REQ-163
  test('mail a code to the new address, change it for the code, and tell both', async () => {
    const { service, browser, sub, askForAddress, post } = await setUp()
    const free = `new-${service.username}@example.com`
    const asked = await askForAddress(` ${free.toUpperCase()} `)
    const page = await browser.follow(asked)
    const ticket = browser.jar.get('__Host-latchkey-email') ?? ''
    const code = await service.codeOf()
    const done = await post('email/confirm', { code })

    expect(ticket).toMatch(/^[\w-]{43}$/)
    expect([asked.status, asked.location, page.status]).toEqual([303, '/account/email/confirm', 200])
    expect(page.text).toMatch(/<input id="code"[^>]* autocomplete="one-time-code"[^>]* inputmode="numeric"/)
    expect(page.text + asked.text + asked.location).not.toContain(ticket)
    expect([done.location, browser.jar.has('__Host-latchkey-email')]).toEqual(['/account', false])
    expect((await browser.follow(done)).text).toContain(`<bdi>${free}</bdi>`)
    expect((await service.stores.accounts.findAccount(sub))?.identifiers).toContain(free)
    expect(service.notices().map((notice) => 'to' in notice && notice.to)).toEqual([
      `${service.username}@example.com`,
      free,
    ])
    // Sent twice.
    expect((await post('email/confirm', { code })).location).toBe('/account/email')
  })

  // REQ-164
  test('answer alike for an address that is free, taken, or their own', async () => {
    const bob = await setUp()
    const { service, browser, askForAddress } = await setUp()
    const seen = []
    for (const email of ['free', bob.service.username, service.username].map((name) => `${name}@example.com`)) {
      const answer = await askForAddress(email)
      const page = await browser.follow(answer)
      const cookies = answer.cookies.map((cookie) => cookie.replace(/=[\w-]{43}/, ''))
      seen.push([answer.status, answer.location, cookies, page.text.replaceAll(/[\w-]{22,}/g, '')])
    }

    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
  })

  test('keep the address that was typed, escaped, and not the password', async () => {
    const { askForAddress, service } = await setUp()
    const evil = '"><script>alert(1)</script>'
    const malformed = await askForAddress(evil)
    const wrong = await askForAddress('ada@example.com', 'a wrong password')

    expect([malformed.status, wrong.status]).toEqual([400, 400])
    expect(malformed.text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"')
    expect(malformed.text).not.toContain('<script')
    expect(wrong.text).toContain('value="ada@example.com"')
    expect(malformed.text + wrong.text).not.toContain(service.password)
    expect(wrong.text).toMatch(/id="password"[^>]* aria-describedby="problem" aria-invalid="true"[^>]* autofocus>/)
  })

  test('take five wrong codes and no more, and say what to do next', async () => {
    const { service, askForAddress, post } = await setUp()
    await askForAddress('somewhere@example.com')
    const code = await service.codeOf()
    for (let tries = 0; tries < 5; tries += 1) {
      const answer = await post('email/confirm', { code: code === '00000000' ? '00000001' : '00000000' })
      expect([answer.status, answer.text.includes('href="/account/email"')]).toEqual([400, true])
    }

    expect((await post('email/confirm', { code })).status).toBe(400)
  })

  test('without a ticket lead to the beginning', async () => {
    const { browser, post } = await setUp()

    expect((await browser.go('GET', '/account/email/confirm')).location).toBe('/account/email')
    expect((await post('email/confirm', { code: '12345678' })).location).toBe('/account/email')
    expect((await browser.go('GET', '/account/email')).status).toBe(200)
  })
})

const right = { current: 'correct horse battery staple', next }

// DESIGN 18: one set of rules.
test.each<[string, readonly { readonly current: string; readonly next: string }[]]>([
  ['a change', [right]],
  ['a wrong password', [{ ...right, current: 'a wrong password' }]],
  ['wrong passwords, then the right one', [{ ...right, current: 'wrong' }, { ...right, current: 'wrong' }, right]],
  ['wrong passwords up to the lock', [...Array(4).fill({ ...right, current: 'wrong' }), right]],
  ['a password that is too short', [{ ...right, next: 'short' }]],
  [
    'a common password and none',
    [
      { ...right, next: '123456789012345' },
      { ...right, next: '' },
      { ...right, current: '' },
    ],
  ],
])('%s is stored, counted, mailed and logged on the page as at POST /password', async (_, steps) => {
  const walk = async (by: 'page' | 'json') => {
    const { service, accessToken, changePassword, hash, sub } = await setUp()
    const before = await hash()
    const statuses: (number | undefined)[] = []
    for (const { current, next } of steps) {
      const members = { current_password: current, new_password: next }
      const { status = 0 } =
        by === 'page' ? await changePassword(current, next) : await service.ask('POST /password', accessToken, members)
      statuses.push(status < 400 ? 200 : status)
    }
    return { ...(await stateOf(service)), statuses, isChanged: (await hash()) !== before, sub: sub.length }
  }

  const [byPage, byJson] = [await walk('page'), await walk('json')]
  expect({ ...byPage, sub: 0, sessions: 0 }).toEqual({ ...byJson, sub: 0, sessions: 0 })
})

async function stateOf(service: AccountForms) {
  const { sub } = service.account
  const { epoch, sessions } = await service.stores.sessions.listSessions(sub)
  const clean = (value: unknown) =>
    [sub, service.username].reduce((text, name) => text.replaceAll(name, 'owner'), JSON.stringify(value))
  const counted = await service.stores.attempts.countOnAccount({ sub }, service.clock(), {
    ...{ first: -10_000, growth: 1, max: 50, rest: 1 },
  })
  return {
    ...{ epoch, sessions: sessions.length, counts: counted.ok ? counted.value.failures : 'locked' },
    logged: service
      .logged()
      .map(({ event, outcome, reason, sub: of }) => ({ event, outcome, reason, isOwner: of === sub })),
    mailed: service.mailed.map((mail) => {
      const { id: _, codeKey: __, ...rest } = mail as unknown as Record<string, unknown>
      return clean(rest)
    }),
  }
}

test.each<
  [string, readonly { readonly email?: string; readonly password?: string; readonly code?: 'right' | 'wrong' }[]]
>([
  ['a change', [{ code: 'right' }]],
  ['a wrong code, then the right one', [{ code: 'wrong' }, { code: 'right' }]],
  ['a wrong password', [{ password: 'a wrong password' }]],
  ['wrong passwords up to the lock', [...Array(4).fill({ password: 'wrong' }), {}]],
  ['what is no address', [{ email: 'nowhere' }, { password: '' }]],
])('%s of the address is stored, counted, mailed and logged on the page as at POST /email', async (_, steps) => {
  const walk = async (by: 'page' | 'json') => {
    const { service, accessToken, askForAddress, post, sub } = await setUp()
    const statuses: (number | undefined)[] = []
    let ticket = ''
    for (const { email = `new-${service.username}@example.com`, password = service.password, code } of steps) {
      const asked =
        by === 'page'
          ? await askForAddress(email, password)
          : await service.ask('POST /email', accessToken, { email, password })
      if ('json' in asked && asked.json?.ticket) ticket = asked.json.ticket
      statuses.push((asked.status ?? 0) < 400 ? 200 : asked.status)
      if (code === undefined) continue
      const typed = code === 'right' ? await service.codeOf() : 'wrong'
      const { status = 0 } =
        by === 'page'
          ? await post('email/confirm', { code: typed })
          : await service.ask('POST /email/confirm', accessToken, { ticket, code: typed })
      statuses.push(status < 400 ? 200 : status)
    }
    const account = await service.stores.accounts.findAccount(sub)
    const identifiers = account?.identifiers.map((each) => each.replaceAll(service.username, 'owner'))
    return { ...(await stateOf(service)), statuses, identifiers, isVerified: account?.emailVerified }
  }

  expect(await walk('page')).toEqual(await walk('json'))
})

describe('an attack', () => {
  const forms = {
    password: { current: right.current, new: next },
    email: { email: 'eve@example.com', password: right.current },
    'email/confirm': { code: '12345678' },
  }
  const paths = Object.keys(forms) as (keyof typeof forms)[]

  // REQ-185
  test.each(paths)('by a form of another site does nothing: /account/%s', async (path) => {
    const { service, post, hash } = await setUp()
    const before = await hash()
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
      expect(await post(path, forms[path], headers)).toMatchObject({ status: 403, location: '' })

    expect([await hash(), service.mailed]).toEqual([before, []])
  })

  // REQ-185
  test.each(paths)('by the page of somebody who was signed in before does nothing: /account/%s', async (path) => {
    const { service, browser, post, hash, last } = await setUp()
    const bob = await setUp()
    const before = [await hash(), await bob.hash()]
    for (const [name, value] of bob.browser.jar) browser.jar.set(name, value)
    const answer = await post(path, forms[path])

    expect(answer.location).toBe(path === 'password' ? '/account/password' : '/account/email')
    expect(last()).toMatchObject({ event: 'account_page', outcome: 'failure', reason: 'another_account' })
    expect([await hash(), await bob.hash()]).toEqual(before)
    expect([service.mailed, bob.service.mailed]).toEqual([[], []])
  })

  // REQ-151
  test.each(['disabled', 'told that all sessions end', 'deleted', 'signed out'])(
    'with the cookie of somebody who is %s meanwhile does nothing',
    async (end) => {
      const { service, browser, post } = await setUp()
      const cookie = browser.jar.get(cookieName) ?? ''
      if (end === 'disabled') await service.lifecycle.disable(service.username)
      if (end === 'deleted') await service.lifecycle.remove(service.username)
      if (end.startsWith('told')) await service.lifecycle.revokeSessions(service.username)
      if (end === 'signed out') await browser.go('POST', '/logout/confirm')
      browser.jar.set(cookieName, cookie)
      for (const path of paths) expect((await post(path, forms[path])).location).toMatch(/^\/sign-in\?to=\/account\//)

      expect(service.mailed).toEqual([])
    },
  )

  // REQ-163
  test('with the ticket and the code of somebody else changes no address', async () => {
    const ada = await setUp()
    const bob = await setUp()
    await ada.askForAddress('wanted@example.com')
    bob.browser.jar.set('__Host-latchkey-email', ada.browser.jar.get('__Host-latchkey-email') ?? '')
    const answer = await bob.post('email/confirm', { code: await ada.service.codeOf() })

    expect(answer.status).toBe(400)
    expect((await ada.service.stores.accounts.findAccount(bob.sub))?.identifiers).not.toContain('wanted@example.com')
  })

  // REQ-151, REQ-184
  test.each(['revoke-sessions', 'disable', 'a new password'])(
    'by a change of the password that is under way during %s leaves no session of a browser',
    async (end) => {
      for (let at = 0; at < 30; at += 1) {
        const { service, browser, sub } = await setUp()
        const ends = {
          'revoke-sessions': () => service.lifecycle.revokeSessions(service.username),
          disable: () => service.lifecycle.disable(service.username),
          'a new password': () => service.stores.passwords.setHash(sub, 'another hash'),
        }
        const { client, calls } = interruptAt(table.client, at, ends[end as keyof typeof ends])
        const view = await createAccountForms(
          { client, name: table.name },
          { existing: service.account, clock: service.clock },
        )
        const seen = openBrowser(view)
        for (const [name, value] of browser.jar) seen.jar.set(name, value)
        await seen.go('POST', '/account/password', { account: sub, current: service.password, new: next })
        if (calls.made <= at) {
          expect(at).toBeGreaterThan(8)
          return
        }
        for (const [name, value] of seen.jar) browser.jar.set(name, value)
        if (end === 'disable') await service.lifecycle.enable(service.username)
        expect([at, await isSignedIn(browser)]).toEqual([at, false])
      }
    },
  )

  // REQ-104
  test('on the log finds no password, code or ticket', async () => {
    const { service, browser, askForAddress, post, changePassword } = await setUp()
    await changePassword('a wrong password')
    await askForAddress('new@example.org')
    const ticket = browser.jar.get('__Host-latchkey-email') ?? ''
    const code = await service.codeOf()
    await post('email/confirm', { code })
    await changePassword()
    const log = JSON.stringify(service.logged())

    expect(service.logged()).toHaveLength(4)
    for (const secret of [service.password, next, 'a wrong password', ticket, code, browser.jar.get(cookieName)])
      expect(log).not.toContain(secret)
  })

  test('by a code of a client that was on its way does not outlive a change of the password', async () => {
    const { service, client, browser, changePassword } = await setUp()
    const { verifier, page } = await browser.authorize(client)
    await changePassword()

    expect(
      await redeem(service, client, { code: responseIn(page)['code'] ?? '', code_verifier: verifier }),
    ).toMatchObject({
      status: 400,
    })
  })
})
