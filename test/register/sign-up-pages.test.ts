import { afterAll, describe, expect, test } from '@jest/globals'
import { Unavailable } from '../../functions/domain/unavailable.ts'
import { createMailedPages } from '../support/builders/mailed-pages.ts'
import { openBrowser } from '../support/builders/oauth-browser.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

const password = 'correct horse battery staple'
const flow = 'f'.repeat(43)
let made = 0

/** A service, and a browser on its page with a name and an address that nobody has. */
function setUp(settings: Parameters<typeof createMailedPages>[1] = {}) {
  made += 1
  const service = createMailedPages(table, settings)
  const username = `new-person-${made}`
  return { service, browser: openBrowser(service), username, email: `${username}@example.com` }
}

const ticketCookie = '__Host-latchkey-sign-up'
const isAtFault = (field: string) =>
  new RegExp(`id="${field}"[^>]* aria-describedby="problem[^>]*aria-invalid="true"[^>]* autofocus`)

// REQ-41, REQ-104
describe('a registration with mail', () => {
  test('asks for a code, creates the account for it, and leads to the sign-in without signing anybody in', async () => {
    const { service, browser, username, email } = setUp()
    const page = await browser.go('GET', `/sign-up?flow=${flow}`)
    expect(page).toMatchObject({ status: 200, fields: { flow }, headers: { 'cache-control': 'no-store' } })

    const asked = await browser.go('POST', '/sign-up', { ...page.fields, username, email, password })
    expect(asked).toMatchObject({ status: 303, location: `/sign-up/confirm?flow=${flow}` })
    expect(asked.cookies).toEqual([
      expect.stringMatching(
        /^__Host-latchkey-sign-up=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
      ),
    ])

    const confirm = await browser.follow(asked)
    expect(confirm.text).not.toContain(browser.jar.get(ticketCookie))
    const confirmed = await browser.go('POST', '/sign-up/confirm', {
      ...confirm.fields,
      code: await service.mailCode(),
    })
    expect(confirmed).toMatchObject({ status: 303, location: `/sign-up?done=1&flow=${flow}` })
    expect([...browser.jar]).toEqual([])

    expect((await browser.follow(confirmed)).text).toContain(`<a href="/sign-in?flow=${flow}">Sign in</a>`)
    const { sub } = service.logged().findLast(({ event }) => event === 'user_created')
    expect(await service.stores.accounts.findSubject(username)).toBe(sub)
    expect(await service.stores.accounts.findSubject(email)).toBe(sub)
    expect(await service.isPassword(sub, password)).toBe(true)
  })

  test('needs no name', async () => {
    const { service, browser, email } = setUp()
    await browser.go('POST', '/sign-up', { email, password })
    const confirmed = await browser.go('POST', '/sign-up/confirm', { code: await service.mailCode() })

    expect(confirmed).toMatchObject({ status: 303, location: '/sign-up?done=1' })
    expect(await service.stores.accounts.findSubject(email)).toBeDefined()
  })

  // REQ-38, REQ-187
  test.each<[string, object, string, string]>([
    ['no address', { email: '' }, 'email', 'Enter an e-mail address'],
    ['neither address nor name', { email: '', username: '' }, 'email', 'Enter an e-mail address'],
    ['an address without @', { email: 'ada', username: '' }, 'email', 'Enter an e-mail address'],
    ['an address that cannot be mailed', { email: 'ada@localhost' }, 'email', 'Enter an e-mail address'],
    ['an address as the name', { username: 'ada@example.com' }, 'username', 'must not contain @'],
    ['a name that is none', { username: 'a\u200bda' }, 'username', 'This cannot be a username'],
    ['a password that is too long', { password: 'x'.repeat(257) }, 'password', 'must have 15 to 256 characters.'],
    ['a short password', { password: 'short' }, 'password', 'A password must have 15 to 256 characters.'],
    ['the name of the service', { password: 'latchkey of the orders' }, 'password', 'the name of this service'],
    ['a common password', { password: '!qazxsw2#edcvfr4' }, 'password', 'one of the most common'],
  ])('shows the page again for %s, with what was typed but the password', async (_, typed, field, problem) => {
    const { service, browser, username, email } = setUp()
    const sent = { flow, username, email, password, ...typed }
    const answer = await browser.go('POST', '/sign-up', sent)

    expect(answer).toMatchObject({ status: 400, cookies: [], fields: { flow } })
    expect(answer.text).toMatch(new RegExp(`<p role="alert" id="problem">[^<]*${problem}`))
    expect(answer.text).toMatch(isAtFault(field))
    expect(answer.text.match(/aria-invalid/g)).toHaveLength(1)
    for (const value of [sent.username, sent.email]) expect(answer.text).toContain(`value="${value}"`)
    expect(answer.text).not.toContain(`value="${sent.password}`)
    expect(service.asked).toEqual([])
  })

  test('lets somebody whose name was taken meanwhile choose another with the same code', async () => {
    const { service, browser, username, email } = setUp()
    await browser.go('POST', '/sign-up', { username, email, password })
    const code = await service.mailCode()
    await service.putAccount(`taken-${made}`, [username], 'the password of somebody else')

    const taken = await browser.go('POST', '/sign-up/confirm', { flow, code })
    expect(taken).toMatchObject({ status: 400, cookies: [] })
    expect(taken.text).toMatch(isAtFault('username'))
    expect(taken.text).toContain('This username is taken.')
    for (const [name, problem] of [
      ['ada@example.com', 'must not contain @'],
      [password, 'must not be your password'],
      [username, 'is taken'],
    ]) {
      const refused = await browser.go('POST', '/sign-up/confirm', { code, username: name ?? '' })
      expect(refused).toMatchObject({ status: 400, text: expect.stringContaining(problem ?? '') })
      expect(refused.text).toContain(`value="${name}"`)
    }

    const other = await browser.go('POST', '/sign-up/confirm', { code, username: `${username}-too` })
    expect(other).toMatchObject({ status: 303, location: '/sign-up?done=1' })
    expect(await service.stores.accounts.findSubject(`${username}-too`)).toBeDefined()
  })

  // REQ-107
  test('says of a wrong code, a used one and a second press of the button what to do next', async () => {
    const { service, browser, username, email } = setUp()
    await browser.go('POST', '/sign-up', { username, email, password })
    const code = await service.mailCode()
    const jar = new Map(browser.jar)
    const wrong = await browser.go('POST', '/sign-up/confirm', { flow, code: '0000 0000' })
    await browser.go('POST', '/sign-up/confirm', { code })
    for (const [name, value] of jar) browser.jar.set(name, value)
    const used = await browser.go('POST', '/sign-up/confirm', { flow, code })

    expect(wrong).toMatchObject({
      status: 400,
      text: expect.stringContaining('This code is wrong, too old or was used'),
    })
    expect(wrong.text).toMatch(isAtFault('code'))
    expect(wrong.text).toContain(`<a href="/sign-up?flow=${flow}">Ask for a new code</a>`)
    expect(used.text).toBe(wrong.text)
  })

  test.each([
    ['GET', undefined],
    ['POST', { flow, code: '00000000' }],
  ] as const)('asks a browser without the ticket to start again: %s', async (method, form) => {
    const { browser } = setUp()
    const answer = await browser.go(method, `/sign-up/confirm?flow=${flow}`, form)

    expect(answer).toMatchObject({
      status: 400,
      text: expect.stringContaining('only in the browser that asked for it'),
    })
    expect(answer.text).toContain(`<a href="/sign-up?flow=${flow}">Start again</a>`)
  })

  // REQ-29
  test('is limited by the address of the browser', async () => {
    const { browser, email } = setUp({ addressFailures: 1 })
    await browser.go('POST', '/sign-up', { email, password })
    const limited = await browser.go('POST', '/sign-up', { email, password })

    expect(limited).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } })
    expect(limited.text).toContain('Too many attempts.')
    expect(await browser.go('POST', '/sign-up/confirm', { code: '00000000' })).toMatchObject({ status: 429 })
  })

  test('is a page that asks for patience where nobody takes the mail', async () => {
    const { browser, email } = setUp({
      requestCode: async () => {
        throw new Unavailable('No mail.')
      },
    })
    const answer = await browser.go('POST', '/sign-up', { email, password })

    expect(answer).toMatchObject({ status: 503, cookies: [], text: expect.stringContaining('Try again in a moment.') })
  })
})

describe('a registration without mail', () => {
  test('creates the account at once, and leads to the sign-in', async () => {
    const { service, browser, username } = setUp({ withMail: false })
    const page = await browser.go('GET', '/sign-up')
    expect(page.text).not.toContain('name="email"')

    const created = await browser.go('POST', '/sign-up', { ...page.fields, username, password })
    expect(created).toMatchObject({ status: 303, location: '/sign-up?done=1', cookies: [] })
    expect((await browser.follow(created)).text).toContain('<a href="/sign-in">Sign in</a>')
    expect(await service.stores.accounts.findSubject(username)).toBeDefined()
  })

  test.each<[string, object, string, string]>([
    ['no name', { username: '' }, 'username', 'This cannot be a username'],
    ['an address as the name', { username: 'ada@example.com' }, 'username', 'must not contain @'],
    ['a short password', { password: 'short' }, 'password', 'A password must have 15 to 256 characters.'],
  ])('shows the page again for %s', async (_, typed, field, problem) => {
    const { browser, username } = setUp({ withMail: false })
    const answer = await browser.go('POST', '/sign-up', { username, password, ...typed })

    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining(problem) })
    expect(answer.text).toMatch(isAtFault(field))
  })

  test('says that a name is taken', async () => {
    const { service, browser, username } = setUp({ withMail: false })
    await service.putAccount(`taken-${made}`, [username], 'the password of somebody else')
    const taken = await browser.go('POST', '/sign-up', { username, password })

    expect(taken).toMatchObject({ status: 400, text: expect.stringContaining('This username is taken.') })
    expect(taken.text).toMatch(isAtFault('username'))
  })

  test('has no page for a code', async () => {
    const { browser } = setUp({ withMail: false })

    expect(await browser.go('GET', '/sign-up/confirm')).toMatchObject({ status: 500 })
  })
})

test.each(['short', `${flow}x`, '"><script>alert(1)</script>', `${flow.slice(1)}%22`])(
  'a flow that is no token is dropped: %s',
  async (token) => {
    const { browser, email } = setUp()
    const page = await browser.go('GET', `/sign-up?flow=${encodeURIComponent(token)}`)
    expect(page.fields).toEqual({})
    expect(page.text).toContain('<a href="/sign-in">Back to sign-in</a>')

    const asked = await browser.go('POST', '/sign-up', { flow: token, email, password })
    expect(asked.location).toBe('/sign-up/confirm')
  },
)

// REQ-185
test.each(['/sign-up', '/sign-up/confirm'])('a form of another site does nothing: %s', async (path) => {
  const { service, browser, email } = setUp()
  browser.jar.set(ticketCookie, 't'.repeat(43))
  const form = { email, password, code: '00000000' }
  const answer = await browser.go('POST', path, form, { 'sec-fetch-site': 'cross-site' })

  expect(answer).toMatchObject({ status: 403, cookies: [] })
  expect(service.asked).toEqual([])
  expect(service.logged().at(-1)).toMatchObject({ outcome: 'failure', reason: 'cross_site' })
})

test('pages and mail are in the language of the browser, or in that of the sign-in before it', async () => {
  const { service, browser, email } = setUp()
  const german = { 'accept-language': 'de' }
  const page = await browser.go('POST', '/sign-up', { email, password: 'kurz' }, german)
  expect(page.text).toContain('Ein Passwort muss 15 bis 256 Zeichen haben.')
  browser.jar.set('__Host-latchkey-language', 'fr')
  await browser.go('POST', '/sign-up', { email, password }, german)

  expect(service.asked).toMatchObject([{ kind: 'code', language: 'fr' }])
})
