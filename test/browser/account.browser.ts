import { afterAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'puppeteer-core'
import { codeIn, waitForMail } from '../support/captured-mails.ts'
import { runLocal } from '../support/local-server.ts'
import { openSignInService } from '../support/sign-in-service.ts'
import { findBarriers } from './barriers.ts'
import { look, openBrowser, openPage } from './browser.ts'
import { fits, follow, heading, press, type } from './pages.ts'

const [browser, service] = await Promise.all([
  openBrowser(),
  openSignInService(['emailFrom=no-reply@example.com', 'addressFailures=0']),
])
const partner = { client_id: 'partner', client_name: 'W'.repeat(64), token_endpoint_auth_method: 'none' }
await service.putClient({ ...partner, redirect_uris: ['https://app.invalid/callback'] })
afterAll(async () => {
  await browser.close()
  await service[Symbol.asyncDispose]()
})

const password = 'correct horse battery staple'
const next = 'a better battery of horses'

async function createUser(name: string): Promise<string> {
  const { code, stderr } = await runLocal('admin', ['create-user', name, '--data', service.data], password)
  if (code !== 0) throw new Error(stderr)
  return name
}

const text = async (page: Page) => String(await look(page, 'document.body.innerText'))

async function open(page: Page, path: string, name: string, secret = password) {
  await page.goto(service.url + path)
  await type(page, name, secret)
}

/** What is announced, the field that has the focus, and whether that field says that it is the one at fault. */
async function faultOf(page: Page) {
  await page.waitForSelector('input:focus')
  return look(
    page,
    `(({ id, ariaInvalid }, alert) => [alert.textContent, id, ariaInvalid, document.activeElement.getAttribute('aria-describedby').split(' ').includes(alert.id)])(document.activeElement, document.querySelector('[role=alert]'))`,
  )
}

const forget = async (page: Page, cookie: RegExp) => {
  const cookies = await page.browserContext().cookies()
  await page.browserContext().deleteCookie(...cookies.filter(({ name }) => cookie.test(name)))
}

/** Signs in to an app of somebody else, which answers nothing, and allows it what it asks for. */
async function connectApp(page: Page) {
  const { client_id } = partner
  const request = { client_id, redirect_uri: 'https://app.invalid/callback', response_type: 'code', scope: 'openid' }
  const challenge = { code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' }
  await page.goto(`${service.url}/authorize?${new URLSearchParams({ ...request, ...challenge })}`)
  await page.click('button[value=allow]')
  await page.waitForNetworkIdle()
}

/** Of the browser's messages those that say more than that a form was refused. */
const complaintsIn = (messages: readonly string[]) => messages.filter((message) => !message.includes('status of 400'))

// REQ-187
describe.each([true, false])('by the keyboard, with script: %s', (hasScript) => {
  const openNarrow = async () => {
    const opened = await openPage(browser, 320)
    await opened.page.setJavaScriptEnabled(hasScript)
    // What looks for barriers is a script.
    return { ...opened, barriers: () => (hasScript ? findBarriers(opened.page) : []) }
  }

  test('a person changes the password, and is told at the field what is wrong', async () => {
    const name = await createUser(`password-${hasScript}`)
    await using opened = await openNarrow()
    const { page, messages, barriers } = opened
    await open(page, '/account/password', name)
    expect([await heading(page), await barriers(), await fits(page)]).toEqual(['Change your password', [], true])
    await type(page, 'not the password', next)
    const wrong = 'The current password is wrong, or it was changed meanwhile.'
    expect([await faultOf(page), await barriers()]).toEqual([[wrong, 'current', 'true', true], []])
    await type(page, password, 'short')
    const short = 'A password must have 15 to 256 characters.'
    expect([await faultOf(page), await barriers()]).toEqual([[short, 'new', 'true', true], []])
    await page.keyboard.down('Shift')
    await page.keyboard.press('Tab')
    await page.keyboard.up('Shift')
    await type(page, password, next)

    expect(await look(page, "document.querySelector('[role=status]').textContent")).toMatch(/^Your password is changed/)
    expect([await barriers(), await fits(page)]).toEqual([[], true])
    await press(page, 'a[href="/account"]')
    expect(await heading(page)).toBe('Your account')
    expect(complaintsIn(messages)).toEqual([])
  })

  test('a person changes the address by a code, and is told at the field what is wrong', async () => {
    const name = await createUser(`email-${hasScript}`)
    const address = `${name}@example.com`
    await using opened = await openNarrow()
    const { page, messages, barriers } = opened
    await open(page, '/account/email', name)
    expect([await heading(page), await barriers(), await fits(page)]).toEqual(['Change your e-mail address', [], true])
    await type(page, 'ada@example', password)
    const malformed = 'Enter a plain e-mail address such as ada@example.com.'
    expect([await faultOf(page), await barriers()]).toEqual([[malformed, 'email', 'true', true], []])
    // What was typed is selected by nobody, so it is replaced.
    await page.keyboard.down('Control')
    await page.keyboard.press('KeyA')
    await page.keyboard.up('Control')
    await type(page, address, 'not the password')
    expect([await faultOf(page), await barriers()]).toEqual([['The password is wrong.', 'password', 'true', true], []])
    await type(page, password)

    const confirm = ['Confirm your new e-mail address', [], true]
    expect([await heading(page), await barriers(), await fits(page)]).toEqual(confirm)
    await type(page, '00000000')
    const wrong = expect.stringMatching(/^That code is wrong/)
    expect([await faultOf(page), await barriers()]).toEqual([[wrong, 'code', 'true', true], []])
    await type(page, codeIn(await waitForMail(service.data, address)))
    expect([await heading(page), await text(page)]).toEqual(['Your account', expect.stringContaining(address)])
    expect(complaintsIn(messages)).toEqual([])
  })

  test('a person ends a session, takes back what an app may do, and signs out everywhere', async () => {
    const name = await createUser(`account-${hasScript}`)
    await using opened = await openNarrow()
    const { page, barriers } = opened
    await open(page, '/account', name)
    expect([await heading(page), await barriers(), await fits(page)]).toEqual(['Your account', [], true])
    await page.goto(service.demo)
    await connectApp(page)
    await page.goto(`${service.url}/account`)
    expect([await barriers(), await fits(page)]).toEqual([[], true])
    expect(await text(page)).toMatch(/Demo app \(in this browser\)[\s\S]*W{64}\s+You allow it to have:/)

    await press(page, 'form[action="/account/sessions/end"] button')
    expect(await text(page)).toContain('No app is signed in to your account.')
    await press(page, 'form[action="/account/apps/withdraw"] button')
    expect(await text(page)).toContain('You have not allowed any app to use your account.')
    expect(await barriers()).toEqual([])
    await press(page, 'form[action="/account/sessions/end-all"] button')
    expect([await heading(page), await barriers()]).toEqual(['You are signed out', []])
    await page.goto(`${service.url}/account`)
    expect(await heading(page)).toBe('Sign in')
  })
})

// REQ-187
test.each([
  ['of 256 characters', 'w'.repeat(256)],
  ['from right to left', 'عائشة بنت أحمد'],
])('a name %s fits on a narrow page', async (_, name) => {
  await createUser(name)
  await using opened = await openPage(browser, 320)
  const { page } = opened
  await open(page, '/account', name)
  expect(await look(page, "document.querySelector('bdi').textContent")).toBe(name)
  for (const path of ['', '/password', '/email', '/factors']) {
    await page.goto(`${service.url}/account${path}`)
    expect([path, await fits(page), await findBarriers(page)]).toEqual([path, true, []])
  }
})

describe('what is pressed too late, twice, or by somebody else', () => {
  test('in a sign-in that is over leads to the account', async () => {
    const name = await createUser('late')
    await using opened = await openPage(browser, 320)
    const { page } = opened
    await page.goto(`${service.url}/account`)
    // By then it has asked for a challenge of passkeys.
    await page.waitForNetworkIdle()
    await forget(page, /-flow-/)
    await type(page, name, password)

    expect([await heading(page), await findBarriers(page)]).toEqual(['This page is too old', []])
    await press(page, 'a[href="/account"]')
    await type(page, name, password)
    expect(await heading(page)).toBe('Your account')
  })

  test.each(['/account', '/account/password', '/account/email', '/account/email/confirm'])(
    'where nobody is signed in any more leads through the sign-in: %s',
    async (path) => {
      const name = await createUser(`over${path.replaceAll('/', '-')}`)
      await using opened = await openPage(browser, 320)
      const { page } = opened
      await open(page, path.replace('/confirm', ''), name)
      const fields = path === '/account/password' ? [password, next] : [`${name}@example.com`, password]
      if (path.endsWith('/confirm')) await type(page, ...fields)
      await forget(page, /^latchkey-\d+$/)
      if (path === '/account') await press(page, 'form[action="/account/sessions/end-all"] button')
      else await type(page, ...(path.endsWith('/confirm') ? ['00000000'] : fields))

      expect(await heading(page)).toBe('Sign in')
      await type(page, name, password)
      expect(page.url()).toBe(service.url + path.replace('/confirm', ''))
    },
  )

  test('in a tab that another person has signed in beside shows what is theirs, and changes nothing', async () => {
    const [first, second] = [await createUser('first'), await createUser('second')]
    await using opened = await openPage(browser)
    const { page, context } = opened
    await open(page, '/account/password', first)
    const tab = await context.newPage()
    await tab.goto(`${service.url}/logout`)
    await follow(tab, () => tab.click('button'))
    await open(tab, '/account', second)
    await page.bringToFront()
    await type(page, password, next)

    expect([await heading(page), await look(page, "document.querySelector('[role=status]')")]).toEqual([
      'Change your password',
      null,
    ])
    expect(await text(page)).toContain(`You are signed in as ${second}.`)
    await tab.close()
    const stillGood = await service.post('/login', { username: first, password })
    expect(stillGood).toHaveProperty('access_token')
  })

  test('after the back button says that the password is another one', async () => {
    const name = await createUser('back')
    await using opened = await openPage(browser)
    const { page } = opened
    await open(page, '/account/password', name)
    await type(page, password, next)
    await page.goBack()
    await type(page, password, next)

    expect(await faultOf(page)).toEqual([expect.stringContaining('it was changed meanwhile'), 'current', 'true', true])
  })

  test('by a double click changes the password once, and ends on a page that says what to do', async () => {
    const name = await createUser('double')
    await using opened = await openPage(browser)
    const { page } = opened
    await open(page, '/account/password', name)
    await page.waitForSelector('input:focus')
    await page.keyboard.type(password)
    await page.keyboard.press('Tab')
    await page.keyboard.type(next)
    await follow(page, () => page.click('form button', { count: 2, delay: 30 }))
    await page.waitForNetworkIdle()

    expect(['Change your password', 'Sign in']).toContain(await heading(page))
    expect(await service.post('/login', { username: name, password: next })).toHaveProperty('access_token')
  })

  test('for an address by a double click changes it, and leads to the account', async () => {
    const name = await createUser('twice')
    const address = `${name}@example.com`
    await using opened = await openPage(browser)
    const { page } = opened
    await open(page, '/account/email', name)
    await type(page, address, password)
    await page.keyboard.type(codeIn(await waitForMail(service.data, address)))
    await follow(page, () => page.click('form button', { count: 2, delay: 30 }))
    await page.waitForNetworkIdle()
    if ((await heading(page)) !== 'Your account') await press(page, 'a[href="/account"]')

    expect(await text(page)).toContain(`Your e-mail address is ${address}.`)
  })
})
