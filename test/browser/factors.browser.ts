import { afterAll, describe, expect, test } from '@jest/globals'
import { TOTP } from 'otpauth'
import type { Page } from 'puppeteer-core'
import { openSignInService } from '../support/sign-in-service.ts'
import { findBarriers } from './barriers.ts'
import { addAuthenticator, look, openBrowser, openPage } from './browser.ts'
import { follow, heading } from './pages.ts'

const [browser, service, strict] = await Promise.all([
  openBrowser(),
  openSignInService(),
  openSignInService(['secondFactor=required', 'selfRegistration=true']),
])
afterAll(async () => {
  await browser.close()
  await service[Symbol.asyncDispose]()
  await strict[Symbol.asyncDispose]()
})

const text = async (page: Page) => String(await look(page, 'document.body.innerText'))
const press = (page: Page, action: string) => follow(page, () => page.click(`form[action="${action}"] button`))
const shownCodes = (page: Page) => look(page, "document.querySelectorAll('ul.codes li').length")

/** Goes to the page of second factors, and types the password where it asks for it. */
async function open(page: Page, { url, user }: Pick<typeof service, 'url' | 'user'>) {
  await page.goto(`${url}/account/factors`)
  await page.type('#username', user.username)
  await page.type('#password', user.password)
  await follow(page, () => page.keyboard.press('Enter'))
}

/** Adds a passkey by the form of the page, and waits for what `until` finds. */
async function addPasskey(page: Page, name: string, until: string) {
  await page.waitForSelector('#new-passkey:not([hidden])')
  await page.type('#passkey-name', name)
  await page.keyboard.press('Enter')
  await page.waitForSelector(until)
}

// REQ-173, REQ-186, REQ-187
describe('the page of second factors', () => {
  test('adds a passkey, an app beside it, and removes the passkey', async () => {
    await using opened = await openPage(browser, 320)
    const { page, messages } = opened
    await addAuthenticator(page, true)
    await open(page, service)
    expect([await heading(page), await findBarriers(page)]).toEqual(['Second factors', []])
    await addPasskey(page, 'Laptop <b>', '#new-codes:not([hidden])')
    expect([await shownCodes(page), await look(page, 'document.activeElement.tagName')]).toEqual([10, 'H2'])
    expect(await findBarriers(page)).toEqual([])

    await page.goto(`${service.url}/account/factors`)
    expect(await heading(page)).toBe('One more step')
    await page.waitForSelector('#passkey:not([hidden])')
    await follow(page, () => page.click('#passkey'))
    expect([await heading(page), await findBarriers(page)]).toEqual(['Second factors', []])
    expect(await text(page)).toContain('Laptop <b>')
    await addPasskey(page, 'Again', '#passkey-problem:not([hidden])')
    expect(await text(page)).toContain('This device has a passkey for your account already.')

    await press(page, '/account/factors/totp')
    expect([await heading(page), await findBarriers(page)]).toEqual(['Set up an authenticator app', []])
    const { width, height } = Object(
      await look(page, "document.querySelector('.qr svg').getBoundingClientRect().toJSON()"),
    )
    expect([width, height].every((side) => side > 150 && side <= 256)).toBe(true)
    await page.keyboard.type('000000')
    await follow(page, () => page.keyboard.press('Enter'))
    expect([await look(page, 'document.activeElement.id'), await findBarriers(page)]).toEqual(['code', []])
    const secret = String(await look(page, "document.querySelector('[name=secret]').value"))
    await page.keyboard.type(new TOTP({ secret }).generate())
    await follow(page, () => page.keyboard.press('Enter'))
    expect(await text(page)).toMatch(/Authenticator app\s+Added on/)

    await page.click('ul.plain summary')
    expect(await findBarriers(page)).toEqual([])
    await press(page, '/account/factors/passkeys/remove')
    expect(await text(page)).not.toContain('Laptop')
    await look(page, "document.querySelectorAll('details').forEach((each) => { each.open = true })")
    await press(page, '/account/factors/recovery-codes')
    expect([await heading(page), await shownCodes(page)]).toEqual(['Save your recovery codes', 10])
    // The page after a wrong code, and nothing else.
    expect(messages).toEqual([expect.stringContaining('status of 400')])
  })

  test('is reached by a sign-in that sets up an app as the first factor', async () => {
    const user = { username: 'grace', password: 'a long password of hers' }
    await strict.post('/register', user)
    await using opened = await openPage(browser, 320)
    const { page } = opened
    await open(page, { ...strict, user })
    await press(page, '/sign-in/enrol/totp')
    expect([await heading(page), await findBarriers(page)]).toEqual(['Set up an authenticator app', []])
    await page.keyboard.type('000000')
    await follow(page, () => page.keyboard.press('Enter'))
    const secret = String(await look(page, "document.querySelector('[name=secret]').value"))
    await page.keyboard.type(new TOTP({ secret }).generate())
    await follow(page, () => page.keyboard.press('Enter'))
    expect([await shownCodes(page), await findBarriers(page)]).toEqual([10, []])
    await follow(page, () => page.reload())
    expect(await heading(page)).toBe('Second factors')
  })

  test('is reached by a sign-in that sets up a passkey as the first factor', async () => {
    await using opened = await openPage(browser)
    const { page, messages } = opened
    await addAuthenticator(page, true)
    await open(page, strict)
    expect([await heading(page), await findBarriers(page)]).toEqual(['You need a second factor first', []])
    await addPasskey(page, 'Key', '#new-codes:not([hidden])')
    expect(await shownCodes(page)).toBe(10)
    await press(page, '/consent')

    expect(await heading(page)).toBe('Second factors')
    expect(await text(page)).toContain('10 codes are left.')
    expect(messages).toEqual([])
  })
})
