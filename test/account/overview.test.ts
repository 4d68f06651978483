import { afterAll, describe, expect, test } from '@jest/globals'
import { openBrowser, redeem, refresh, responseIn, signInTo } from '../support/builders/oauth-browser.ts'
import { createOAuthService, type OAuthService } from '../support/builders/oauth-service.ts'
import { failAt } from '../support/fakes/failing-client.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

type Browser = ReturnType<typeof openBrowser>

const signInToAccount = async (browser: Browser, service: OAuthService) => {
  const page = await browser.go('GET', '/sign-in?to=/account')
  return browser.signIn(page, service.username, service.password)
}

/** Somebody with a session of an own client, one of a client of somebody else, and the page open. */
async function setUp(account = {}) {
  const service = await createOAuthService(table, { account })
  const own = await service.putClient({ client_name: 'Shop' })
  const foreign = await service.putClient({ first_party: false, client_name: 'Other', scope: 'orders:read' })
  const browser = openBrowser(service)
  const page = await signInToAccount(browser, service)
  const ofOwn = await signInTo(service, own, {}, browser)
  const ofForeign = await signInTo(service, foreign, { scope: 'openid email orders:read' }, browser)
  const asked = { account: service.account.sub }
  const press = (path: string, fields = {}, headers = {}) =>
    browser.go('POST', `/account${path}`, { ...asked, ...fields }, headers)
  const idsOf = async () =>
    (await service.stores.sessions.listSessions(service.account.sub)).sessions.map(({ id }) => id)
  return { service, own, foreign, browser, page, ofOwn, ofForeign, press, idsOf }
}

const last = (service: OAuthService) => service.logged().at(-1)

describe('the page of an account', () => {
  test('is behind the sign-in, and shows who is signed in, where, and what is allowed', async () => {
    const { service, browser, page } = await setUp()
    const stranger = await openBrowser(service).go('GET', '/account')
    const { status, text, headers } = await browser.go('GET', '/account')

    expect([stranger.status, stranger.location]).toEqual([303, '/sign-in?to=/account'])
    expect([page.status, status, headers['cross-origin-opener-policy']]).toEqual([200, 200, 'same-origin'])
    for (const shown of [
      `<bdi>${service.username}</bdi>`,
      `<bdi>${service.username}@example.com</bdi>`,
      '<bdi>Shop</bdi></strong> (in this browser)',
      '<bdi>Other</bdi>',
      '<li>“orders:read”</li>',
      '<li>your e-mail address</li>',
      'href="/account/password"',
      'href="/account/email"',
      'href="/account/factors"',
      'action="/logout/confirm"',
    ])
      expect(text).toContain(shown)
    expect(last(service)).toMatchObject({ event: 'session_list', outcome: 'success', sub: service.account.sub })
  })

  test('tells the last use to the hour, and marks the sessions of this browser only', async () => {
    const { service, own, browser, ofOwn } = await setUp()
    await signInTo(service, own)
    await service.call('POST /login', { json: { username: service.username, password: service.password } })
    service.clock.advance(5400)
    await refresh(service, own, ofOwn.json.refresh_token)
    const { text } = await browser.go('GET', '/account')

    expect(text.match(/\(in this browser\)/g)).toHaveLength(2)
    expect(text.match(/action="\/account\/sessions\/end"/g)).toHaveLength(4)
    expect(text).toContain('<bdi>web</bdi>')
    const times = [...text.matchAll(/Signed in ([^<]+ UTC), last used ([^<]+ UTC)/g)]
    const [later = [], ...unused] = times.toSorted(([, , a = ''], [, , b = '']) => Date.parse(b) - Date.parse(a))
    expect(later[2]).toMatch(/:00\s/)
    // None of them was used before it began.
    expect(unused.map(([, began, used]) => began === used)).toEqual([true, true, true])
  })

  // REQ-186
  test('escapes names and addresses, and keeps their direction to themselves', async () => {
    const evil = '"><img src=x onerror=alert(1)>'
    const service = await createOAuthService(table, {
      account: { identifiers: [`evil-<b>&"'`], emailVerified: false },
    })
    const clients = [evil, 'x'.repeat(64)]
    const browser = openBrowser(service)
    for (const client_name of clients)
      await signInTo(service, await service.putClient({ first_party: false, client_name }), {}, browser)
    const { text } = await browser.go('GET', '/account')

    expect(text).not.toContain('<img')
    expect(text).toContain('<bdi>&quot;&gt;&lt;img src=x onerror=alert(1)&gt;</bdi>')
    expect(text).toContain('<bdi>evil-&lt;b&gt;&amp;&quot;&#39;</bdi>')
  })

  test('says so where there is nothing to show', async () => {
    const service = await createOAuthService(table)
    const page = await signInToAccount(openBrowser(service), service)

    expect(page.text).toContain('No app is signed in to your account.')
    expect(page.text).toContain('You have not allowed any app to use your account.')
  })
})

describe('a button', () => {
  // REQ-95
  test('ends one session, as DELETE /sessions/{id} does', async () => {
    const { service, own, ofOwn, press, idsOf } = await setUp()
    const { sid } = JSON.parse(Buffer.from(ofOwn.json.access_token.split('.')[1], 'base64url').toString())
    const answer = await press('/sessions/end', { id: sid })

    expect([answer.status, answer.location]).toEqual([303, '/account'])
    expect(last(service)).toMatchObject({ event: 'session_logout', outcome: 'success', sub: service.account.sub, sid })
    expect(await idsOf()).not.toContain(sid)
    expect(await refresh(service, own, ofOwn.json.refresh_token)).toMatchObject({ status: 400 })
    // Pressed twice.
    expect((await press('/sessions/end', { id: sid })).location).toBe('/account')
    expect(last(service)).toMatchObject({ outcome: 'failure', reason: 'unknown_session' })
  })

  test('ends all sessions, this browser’s too, and leads to the page that says so', async () => {
    const { service, own, foreign, browser, ofOwn, ofForeign, press, idsOf } = await setUp()
    const elsewhere = openBrowser(service)
    await signInToAccount(elsewhere, service)
    const answer = await press('/sessions/end-all')
    const shown = await browser.follow(answer)

    expect([answer.location, shown.status]).toEqual(['/logout', 200])
    expect(shown.text).toContain('You are signed out')
    expect([await idsOf(), browser.jar.has('__Host-latchkey')]).toEqual([[], false])
    for (const [client, { json }] of [
      [own, ofOwn],
      [foreign, ofForeign],
    ] as const)
      expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 400 })
    expect((await elsewhere.go('GET', '/account')).location).toBe('/sign-in?to=/account')
    // Pressed twice, or by the back button.
    expect((await press('/sessions/end-all')).location).toBe('/sign-in?to=/account')
  })

  // REQ-183
  test('withdraws what a client was allowed, and ends its sessions', async () => {
    const { service, own, foreign, browser, ofOwn, ofForeign, press } = await setUp()
    const answer = await press('/apps/withdraw', { client: foreign.id })

    expect([answer.status, answer.location]).toEqual([303, '/account'])
    expect(last(service)).toMatchObject({ event: 'authz_consent', reason: 'withdrawn', client_id: foreign.id })
    const { text } = await browser.go('GET', '/account')
    expect(text).not.toContain('<bdi>Other</bdi>')
    expect(await refresh(service, foreign, ofForeign.json.refresh_token)).toMatchObject({ status: 400 })
    expect(await refresh(service, own, ofOwn.json.refresh_token)).toMatchObject({ status: 200 })
    await press('/apps/withdraw', { client: foreign.id })
    expect(last(service)).toMatchObject({ outcome: 'failure', reason: 'unknown_app' })
  })

  test('of a page that a fault interrupts is pressed again, and all is ended', async () => {
    for (let at = 0; at < 20; at += 1) {
      const { service, browser, idsOf } = await setUp()
      const { client, calls } = failAt(table.client, at, false)
      const view = await createOAuthService(
        { client, name: table.name },
        { existing: service.account, clock: service.clock },
      )
      const seen = openBrowser(view)
      for (const [name, value] of browser.jar) seen.jar.set(name, value)
      const { status } = await seen.go('POST', '/account/sessions/end-all', { account: service.account.sub })
      if (calls.made <= at) {
        expect(at).toBeGreaterThan(4)
        return
      }
      expect([at, status]).toEqual([at, 503])
      await browser.go('POST', '/account/sessions/end-all', { account: service.account.sub })
      expect([at, await idsOf(), browser.jar.has('__Host-latchkey')]).toEqual([at, [], false])
    }
  })
})

describe('an attack', () => {
  const buttons = ['/sessions/end', '/sessions/end-all', '/apps/withdraw'] as const

  // REQ-185
  test.each(buttons)('by a form of another site does nothing: %s', async (path) => {
    const { foreign, press, idsOf } = await setUp()
    const before = await idsOf()
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
    ]) {
      const answer = await press(path, { id: before[0], client: foreign.id }, headers)
      expect([answer.status, answer.location]).toEqual([403, ''])
    }

    expect(await idsOf()).toEqual(before)
  })

  // REQ-185
  test.each(buttons)('by the page of somebody who was signed in before does nothing: %s', async (path) => {
    const { service, foreign, browser, press, idsOf } = await setUp()
    const bob = await createOAuthService(table)
    const bobsBrowser = openBrowser(bob)
    await signInTo(bob, await bob.putClient(), {}, bobsBrowser)
    const before = [await idsOf(), (await bob.stores.sessions.listSessions(bob.account.sub)).sessions.length]
    // Bob signs in in the same browser, in another tab.
    for (const [name, value] of bobsBrowser.jar) browser.jar.set(name, value)
    const answer = await press(path, { id: before[0], client: foreign.id })

    expect([answer.status, answer.location]).toEqual([303, '/account'])
    expect(last(service)).toMatchObject({ event: 'account_page', outcome: 'failure', reason: 'another_account' })
    const after = [await idsOf(), (await bob.stores.sessions.listSessions(bob.account.sub)).sessions.length]
    expect(after).toEqual(before)
    // And one without a name of an account, or with that of two.
    for (const fields of [{ account: '' }, { account: 'nobody' }])
      expect((await press(path, fields)).location).toBe('/account')
    expect(await idsOf()).toEqual(before[0])
  })

  test('with the id of somebody else’s session ends nothing', async () => {
    const { press, service } = await setUp()
    const bob = await setUp()
    for (const id of [...(await bob.idsOf()), '', 'EPOCH', '../x', 'x'.repeat(3000)])
      await press('/sessions/end', { id })

    expect(await bob.idsOf()).toHaveLength(2)
    expect(last(service)).toMatchObject({ event: 'session_logout', reason: 'unknown_session' })
  })

  // REQ-151
  test.each(['disabled', 'told that all sessions end', 'deleted'])(
    'with the cookie of somebody who is %s meanwhile shows and ends nothing',
    async (end) => {
      const { service, browser, foreign, press, idsOf } = await setUp()
      if (end === 'disabled') await service.lifecycle.disable(service.username)
      if (end === 'deleted') await service.lifecycle.remove(service.username)
      else await service.lifecycle.revokeSessions(service.username)
      const fresh = openBrowser(service)
      if (end.startsWith('told')) await signInTo(service, foreign, {}, fresh)
      const before = await idsOf()

      expect((await browser.go('GET', '/account')).location).toBe('/sign-in?to=/account')
      for (const path of buttons) {
        const answer = await press(path, { id: before[0] ?? 'x', client: foreign.id })
        expect([path, answer.location]).toEqual([path, '/sign-in?to=/account'])
      }
      expect(await idsOf()).toEqual(before)
    },
  )

  // REQ-184
  test('with the cookie of a browser that has signed out, or with another value, is nobody', async () => {
    const { service, browser, press } = await setUp()
    const cookie = browser.jar.get('__Host-latchkey') ?? ''
    await browser.go('POST', '/logout/confirm')
    for (const value of [cookie, '', 'x'.repeat(43), `${cookie.slice(1)}x`]) {
      browser.jar.set('__Host-latchkey', value)
      expect((await browser.go('GET', '/account')).location).toBe('/sign-in?to=/account')
      for (const path of buttons) expect((await press(path)).location).toBe('/sign-in?to=/account')
    }
    expect(last(service)).toMatchObject({ event: 'account_page', reason: 'sign_in' })
  })

  // REQ-186
  test('by a window that has opened the page is kept off, and only on pages of the account', async () => {
    const { service, foreign, browser } = await setUp()
    const consent = await browser.authorize(foreign, { prompt: 'consent' })
    const signIn = await openBrowser(service).go('GET', '/sign-in?to=/account')
    const logout = await browser.go('GET', '/logout')
    const opener = 'cross-origin-opener-policy'

    expect([consent.page, signIn, logout].map(({ headers }) => headers[opener])).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect((await browser.go('GET', '/account')).headers).toMatchObject({
      [opener]: 'same-origin',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; .*frame-ancestors 'none'; form-action 'self'$/,
      ),
    })
    for (const path of ['/account/sessions/end', '/account/sessions/end-all', '/account/apps/withdraw']) {
      const { status, headers } = await browser.go('POST', path, {}, { 'sec-fetch-site': 'cross-site' })
      expect([status, headers[opener]]).toEqual([403, 'same-origin'])
    }
  })
})

// DESIGN 18: one set of rules.
test('ends and shows by buttons what DELETE /sessions and GET /sessions do', async () => {
  const walk = async (by: 'page' | 'json') => {
    const { service, browser, ofOwn, press, idsOf } = await setUp()
    const from = service.logged().length
    const { access_token } = ofOwn.json
    const ids = [...(await idsOf()), 'unknown']
    const { sid } = JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url').toString())
    const json = (method: string, id?: string) => service.sessionsOf(access_token, method, id)
    by === 'page' ? await browser.go('GET', '/account') : await json('GET')
    for (const id of ids.filter((id) => id !== sid))
      by === 'page' ? await press('/sessions/end', { id }) : await json('DELETE', id)
    by === 'page' ? await press('/sessions/end-all') : await json('DELETE')
    const { epoch, sessions } = await service.stores.sessions.listSessions(service.account.sub)
    const lines = service.logged().slice(from)
    const seen = lines.map(({ event, outcome, reason, sub, sid: of }) => ({
      ...{ event, outcome, reason, isOwner: sub === service.account.sub, hasSid: of !== undefined },
    }))
    return { epoch, sessions, seen }
  }

  const [byPage, byJson] = [await walk('page'), await walk('json')]
  expect(byPage).toEqual(byJson)
  expect(byPage.seen).toHaveLength(4)
})

test('a code that was on its way begins no session after “sign out everywhere”', async () => {
  const { service, own, browser, press } = await setUp()
  const { verifier, page } = await browser.authorize(own)
  await press('/sessions/end-all')

  expect(await redeem(service, own, { code: responseIn(page)['code'] ?? '', code_verifier: verifier })).toMatchObject({
    status: 400,
  })
})
