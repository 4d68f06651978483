import { afterAll, describe, expect, test } from '@jest/globals'
import { openBrowser } from '../support/builders/oauth-browser.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { putTotp } from '../support/builders/put-totp.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

const day = 86_400
const sessionCookie = '__Host-latchkey'
const deviceCookie = '__Host-latchkey-device'

const setUp = async (secondFactor: 'off' | 'optional' = 'off') => {
  const service = await createOAuthService(table, { secondFactor })
  const client = await service.putClient()
  const browser = openBrowser(service)
  const post = async (more: Readonly<Record<string, string>> = {}) => {
    const { page } = await browser.authorize(client)
    return browser.go('POST', '/sign-in', {
      ...page.fields,
      ...{ username: service.username, password: service.password },
      ...more,
    })
  }
  const isSignedIn = async () => (await browser.authorize(client)).page.location !== ''
  const guess = () => service.call('POST /login', { json: { username: service.username, password: 'a wrong one' } })
  return { service, client, browser, post, isSignedIn, guess }
}

/** The attributes of a cookie that a response sets. */
const attributesOf = ({ cookies }: { readonly cookies: readonly string[] }, name: string) =>
  cookies.find((cookie) => cookie.startsWith(`${name}=`))?.replace(/^[^;]*; /, '')

const fixed = 'Path=/; HttpOnly; SameSite=Lax; Secure'

// REQ-184
describe('who does not ask to stay signed in', () => {
  test('has a session until the browser is closed, or for 12 hours without use, and no device is remembered', async () => {
    const { service, browser, post, isSignedIn } = await setUp()
    const { page } = await browser.authorize(await service.putClient())
    expect(page.text).toContain('<input type="checkbox" id="keep" name="keep">')

    const signedIn = await post()

    expect(attributesOf(signedIn, sessionCookie)).toBe(fixed)
    expect(browser.jar.has(deviceCookie)).toBe(false)
    service.clock.advance(day / 2)
    expect(await isSignedIn()).toBe(false)
  })
})

// REQ-184
describe('who asks to stay signed in', () => {
  test('has a session that outlives the browser, for 30 days without use and 90 at most', async () => {
    const { service, post, isSignedIn } = await setUp()
    const signedIn = await post({ keep: 'on' })
    expect(attributesOf(signedIn, sessionCookie)).toBe(`${fixed}; Max-Age=${90 * day}`)

    for (const _ of Array(3)) {
      service.clock.advance(29 * day)
      expect(await isSignedIn()).toBe(true)
    }
    service.clock.advance(4 * day)
    expect(await isSignedIn()).toBe(false)
  })

  test('is signed out after 30 days without use', async () => {
    const { service, post, isSignedIn } = await setUp()
    await post({ keep: 'on' })

    service.clock.advance(30 * day)

    expect(await isSignedIn()).toBe(false)
  })

  test('is let in from there while strangers guess, also after signing out', async () => {
    const { service, browser, post, guess } = await setUp()
    const signedIn = await post({ keep: 'on' })
    expect(attributesOf(signedIn, deviceCookie)).toBe(`${fixed}; Max-Age=${180 * day}`)
    await browser.go('POST', '/logout/confirm')
    expect([browser.jar.has(sessionCookie), browser.jar.has(deviceCookie)]).toEqual([false, true])
    for (const _ of Array(11)) await guess()

    const elsewhere = openBrowser(service)
    const { page } = await elsewhere.authorize(await service.putClient())
    expect(await elsewhere.signIn(page)).toMatchObject({ status: 429 })
    expect(await post()).toMatchObject({ status: 303 })
  })

  test('keeps the same device at the next sign-in that asks for it', async () => {
    const { browser, post } = await setUp()
    await post({ keep: 'on' })
    const device = browser.jar.get(deviceCookie)
    await browser.go('POST', '/logout/confirm')

    const again = await post({ keep: 'on' })

    expect([again.status, browser.jar.get(deviceCookie)]).toEqual([303, device])
  })

  test('keeps a device that is known, when signing in for this once', async () => {
    const { browser, post } = await setUp()
    await post({ keep: 'on' })
    await browser.go('POST', '/logout/confirm')

    const signedIn = await post()

    expect([attributesOf(signedIn, sessionCookie), attributesOf(signedIn, deviceCookie)]).toEqual([fixed, undefined])
    expect(browser.jar.has(deviceCookie)).toBe(true)
  })

  test('finds the box still ticked after a wrong password', async () => {
    const { post } = await setUp()
    const page = await post({ keep: 'on', password: 'a wrong password' })

    expect([page.status, page.text.includes('name="keep" checked>')]).toEqual([400, true])
    expect(page.cookies).toEqual([])
  })

  test('stays signed in after the second factor, and is asked for it all the same on a known device', async () => {
    const { service, browser, post } = await setUp('optional')
    const codeOf = await putTotp(table, service)
    for (const _ of Array(2)) {
      service.clock.advance(30)
      const asked = await browser.follow(await post({ keep: 'on' }))
      expect(asked.text).toContain('name="kind" value="totp"')
      expect(browser.jar.has(sessionCookie)).toBe(false)

      const signedIn = await browser.go('POST', '/sign-in/factor', { ...asked.fields, kind: 'totp', code: codeOf() })

      expect(attributesOf(signedIn, sessionCookie)).toBe(`${fixed}; Max-Age=${90 * day}`)
      expect(attributesOf(signedIn, deviceCookie)).toBe(`${fixed}; Max-Age=${180 * day}`)
      await browser.go('POST', '/logout/confirm')
    }
  })

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['kept', { keep: 'on' }, `${fixed}; Max-Age=${90 * day}`],
    ['not kept', {}, fixed],
  ])('has a session that is %s also after a factor that is asked for later', async (_, more, expected) => {
    const { service, client, browser, post } = await setUp('optional')
    await post(more)
    const codeOf = await putTotp(table, service)

    const { page } = await browser.authorize(client, { acr_values: 'mfa' })
    const steppedUp = await browser.go('POST', '/sign-in/factor', { ...page.fields, kind: 'totp', code: codeOf() })

    expect([steppedUp.status, attributesOf(steppedUp, sessionCookie)]).toEqual([303, expected])
  })
})

// REQ-156
describe('the device of a browser', () => {
  test('is counted on: ten wrong passwords make it unknown, and it helps nobody else', async () => {
    const { service, browser, post, guess } = await setUp()
    await post({ keep: 'on' })
    await browser.go('POST', '/logout/confirm')
    for (const _ of Array(11)) await guess()
    for (const _ of Array(10)) expect(await post({ password: 'a wrong one' })).toMatchObject({ status: 400 })

    expect(await post()).toMatchObject({ status: 429 })
    expect(service.logged().at(-1)).toMatchObject({ event: 'authn_login_lock', reason: 'account_locked' })
  })

  test('that is no token of ours is as good as none', async () => {
    const { browser, post } = await setUp()
    browser.jar.set(deviceCookie, 'x'.repeat(43))

    expect(await post({ keep: 'on' })).toMatchObject({ status: 303 })
    expect(browser.jar.get(deviceCookie)).not.toBe('x'.repeat(43))
  })
})
