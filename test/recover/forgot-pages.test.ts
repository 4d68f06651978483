import { afterAll, describe, expect, test } from '@jest/globals'
import { createMailedPages } from '../support/builders/mailed-pages.ts'
import { openBrowser } from '../support/builders/oauth-browser.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

const former = 'the former password of ada'
const password = 'a better battery of horses'
const flow = 'f'.repeat(43)
const ticketCookie = '__Host-latchkey-forgot'
let made = 0

/** A service with an account, and a browser on its pages. */
async function setUp(settings: Parameters<typeof createMailedPages>[1] = {}) {
  made += 1
  const service = createMailedPages(table, settings)
  const [sub, username] = [`sub-${made}`, `forgetful-person-${made}`]
  await service.putAccount(sub, [username, `${username}@example.com`], former)
  const browser = openBrowser(service)
  /** Asks for a code, and what is mailed. */
  const ask = async (name = username) => {
    await browser.go('POST', '/forgot', { flow, username: name })
    return service.mailCode()
  }
  return { service, browser, sub, username, ask }
}

const isAtFault = (field: string) =>
  new RegExp(`id="${field}"[^>]* aria-describedby="problem[^>]*aria-invalid="true"[^>]* autofocus`)

// REQ-41, REQ-102, REQ-104
describe('a recovery', () => {
  test('asks for a code, sets the password for it, tells the owner, and leads to the sign-in', async () => {
    const { service, browser, sub, username } = await setUp()
    const page = await browser.go('GET', `/forgot?flow=${flow}`)
    const asked = await browser.go('POST', '/forgot', { ...page.fields, username: ` ${username.toUpperCase()} ` })
    expect(asked).toMatchObject({ status: 303, location: `/forgot/confirm?flow=${flow}` })
    expect(asked.cookies).toEqual([
      expect.stringMatching(/^__Host-latchkey-forgot=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/),
    ])

    const confirm = await browser.follow(asked)
    expect(confirm.text).not.toContain(browser.jar.get(ticketCookie))
    // For password managers, and for people who mistyped it.
    expect(confirm.text).toMatch(new RegExp(`value="${username}"[^>]* autocomplete="username"[^>]* readonly>`))
    const code = await service.mailCode()
    const done = await browser.go('POST', '/forgot/confirm', { ...confirm.fields, username, code, password })
    expect(done).toMatchObject({ status: 303, location: `/forgot?done=1&flow=${flow}` })
    expect([...browser.jar]).toEqual([])
    expect((await browser.follow(done)).text).toContain(`<a href="/sign-in?flow=${flow}">Sign in</a>`)

    expect(await service.isPassword(sub, password)).toBe(true)
    expect(service.notices).toMatchObject([{ kind: 'passwordChanged', sub }])
  })

  // REQ-38, REQ-187
  test.each<[string, (own: string) => string, string]>([
    ['a short password', () => 'short', 'A password must have 15 to 256 characters.'],
    ['no password', () => '', 'A password must have 15 to 256 characters.'],
    ['a password that is too long', () => 'x'.repeat(257), 'A password must have 15 to 256 characters.'],
    ['the name of the account', (own) => own, 'must not be your username'],
    ['the name of the service', () => 'Latchkey of the orders', 'the name of this service'],
    ['a common password', () => '!qazxsw2#edcvfr4', 'one of the most common'],
  ])('refuses %s, says why, and keeps the code good', async (_, typed, problem) => {
    const { service, browser, sub, username, ask } = await setUp()
    const code = await ask()
    const refused = await browser.go('POST', '/forgot/confirm', { flow, username, code, password: typed(username) })

    expect(refused).toMatchObject({ status: 400, cookies: [], fields: { flow } })
    expect(refused.text).toMatch(
      new RegExp(`<p role="alert" id="problem">[^<]*${problem}[^<]* Enter the code again, too.`),
    )
    expect(refused.text).toMatch(isAtFault('password'))
    expect(refused.text).toContain(`value="${username}"`)
    expect(await service.isPassword(sub, former)).toBe(true)
    expect(await browser.go('POST', '/forgot/confirm', { code, password })).toMatchObject({ status: 303 })
  })

  // REQ-107
  test('says of a wrong code, a used one and a name that nobody has what to do next', async () => {
    const { service, browser, sub, username, ask } = await setUp()
    const sent = { flow, username, password }
    await ask('nobody-of-this-name')
    const unknown = await browser.go('POST', '/forgot/confirm', { ...sent, code: '00000000' })
    const code = await ask()
    const wrong = await browser.go('POST', '/forgot/confirm', { ...sent, code: '00000000' })
    const ticket = browser.jar.get(ticketCookie) ?? ''
    await browser.go('POST', '/forgot/confirm', { ...sent, code })
    browser.jar.set(ticketCookie, ticket)
    const used = await browser.go('POST', '/forgot/confirm', { ...sent, code, password: `${password} too` })

    expect(wrong).toMatchObject({
      status: 400,
      text: expect.stringContaining('This code is wrong, too old or was used'),
    })
    expect(wrong.text).toMatch(isAtFault('code'))
    expect(wrong.text).toContain(`<a href="/forgot?flow=${flow}">Ask for a new code</a>`)
    expect([unknown.text, used.text]).toEqual([wrong.text, wrong.text])
    expect(await service.isPassword(sub, password)).toBe(true)
  })

  // REQ-187
  test('asks for a name that can be one', async () => {
    const { service, browser } = await setUp()
    for (const username of ['', 'a\u200bda']) {
      const answer = await browser.go('POST', '/forgot', { flow, username })
      expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('Enter your username or your e-mail') })
      expect(answer.text).toMatch(isAtFault('username'))
    }
    expect(service.asked).toEqual([])
  })

  test('asks a browser without a ticket, or with one that is over, to start again', async () => {
    const { service, browser, ask } = await setUp()
    const expected = {
      status: 400,
      text: expect.stringContaining(`<a href="/forgot?flow=${flow}">Start again</a>`),
    }
    const form = { flow, code: '00000000', password }
    expect(await browser.go('GET', `/forgot/confirm?flow=${flow}`)).toMatchObject(expected)
    expect(await browser.go('POST', '/forgot/confirm', form)).toMatchObject(expected)

    await ask()
    expect(await browser.go('GET', `/forgot/confirm?flow=${flow}`)).toMatchObject({ status: 200 })
    service.clock.advance(600)
    expect(await browser.go('GET', `/forgot/confirm?flow=${flow}`)).toMatchObject(expected)
  })

  // REQ-29
  test('is limited by the address of the browser', async () => {
    const { browser, ask, username } = await setUp({ addressFailures: 1 })
    const code = await ask()
    for (const limited of [
      await browser.go('POST', '/forgot', { username }),
      await browser.go('POST', '/forgot/confirm', { username, code, password }),
    ]) {
      expect(limited).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } })
      expect(limited.text).toContain('Too many attempts.')
    }
  })

  // REQ-185
  test.each(['/forgot', '/forgot/confirm'])('does nothing for a form of another site: %s', async (path) => {
    const { service, browser, sub, username, ask } = await setUp()
    const code = await ask()
    const asked = service.asked.length
    const form = { username, code, password }
    const answer = await browser.go('POST', path, form, { 'sec-fetch-site': 'same-site' })

    expect(answer).toMatchObject({ status: 403, cookies: [] })
    expect(service.asked).toHaveLength(asked)
    expect(await service.isPassword(sub, former)).toBe(true)
  })

  test('mails and speaks in the language of the browser, and says what device it is', async () => {
    const { service, browser, username } = await setUp()
    const headers = { 'accept-language': 'es' }
    browser.jar.set('__Host-latchkey-device', 'd'.repeat(43))
    await browser.go('POST', '/forgot', { username }, headers)
    const form = { username, code: await service.mailCode(), password }
    expect((await browser.go('POST', '/forgot/confirm', { ...form, password: 'corta' }, headers)).text).toContain(
      'Una contraseña debe tener de 15 a 256 caracteres.',
    )
    await browser.go('POST', '/forgot/confirm', form, headers)

    expect(service.asked).toMatchObject([{ language: 'es', device: expect.any(String) }])
    expect(service.notices).toMatchObject([{ language: 'es' }])
  })
})
