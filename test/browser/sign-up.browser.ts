import { afterAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'puppeteer-core'
import { codeIn, waitForMail } from '../support/captured-mails.ts'
import { openSignInService } from '../support/sign-in-service.ts'
import { findBarriers } from './barriers.ts'
import { look, openBrowser, openPage } from './browser.ts'
import { fits, heading, press, type } from './pages.ts'

const [browser, service] = await Promise.all([
  openBrowser(),
  openSignInService(['selfRegistration=true', 'emailFrom=no-reply@example.com', 'addressFailures=0']),
])
afterAll(async () => {
  await browser.close()
  await service[Symbol.asyncDispose]()
})

const problem = (page: Page) => look(page, "document.querySelector('#problem')?.textContent")

/** Of the browser's messages those that say more than that a form was refused. */
const complaintsIn = (messages: readonly string[]) => messages.filter((message) => !message.includes('status of 400'))

const mailed = async (to: string, count?: number) => codeIn(await waitForMail(service.data, to, count))

// REQ-187
describe.each([true, false])('with script: %s', (hasScript) => {
  const name = hasScript ? 'grace' : 'hedy'
  const address = `${name}@example.com`
  const password = 'correct horse battery staple'
  const next = 'a better battery of horses'

  test('a person registers on the way to an app, by the keyboard, and gets there', async () => {
    await using opened = await openPage(browser, 320)
    const { page, messages } = opened
    // What looks for barriers is a script.
    const barriers = () => (hasScript ? findBarriers(page) : [])
    await page.setJavaScriptEnabled(hasScript)
    await page.goto(service.demo)
    await press(page, 'a[href^="/sign-up"]')
    expect([await heading(page), await barriers(), await fits(page)]).toEqual(['Create an account', [], true])
    await type(page, address, name, 'short')
    expect([await problem(page), await barriers()]).toEqual(['A password must have 15 to 256 characters.', []])
    await type(page, password)

    expect([await heading(page), await barriers()]).toEqual(['Confirm your e-mail address', []])
    await type(page, '00000000')
    expect([await problem(page), await barriers()]).toEqual([expect.stringMatching(/^This code is wrong/), []])
    await type(page, await mailed(address))
    expect([await heading(page), await barriers()]).toEqual(['Your account is ready', []])
    await press(page, 'a')
    await type(page, name, password)

    expect(page.url()).toContain('/callback?code=')
    expect(complaintsIn(messages)).toEqual([])
  })

  test('and sets another password when the first one is forgotten', async () => {
    await using opened = await openPage(browser, 320)
    const { page, messages } = opened
    const barriers = () => (hasScript ? findBarriers(page) : [])
    await page.setJavaScriptEnabled(hasScript)
    await page.goto(service.demo)
    await press(page, 'a[href^="/forgot"]')
    expect([await heading(page), await barriers(), await fits(page)]).toEqual(['Forgot your password?', [], true])
    await type(page, name)

    expect([await heading(page), await barriers()]).toEqual(['Set a new password', []])
    expect(await look(page, "document.querySelector('#username').value")).toBe(name)
    const code = await mailed(address, 2)
    await type(page, code, 'short')
    const short = 'A password must have 15 to 256 characters. Enter the code again, too.'
    expect([await problem(page), await barriers()]).toEqual([short, []])
    await page.focus('#code')
    await type(page, code, next)
    expect([await heading(page), await barriers()]).toEqual(['Your password is changed', []])
    await press(page, 'a')
    await type(page, name, next)

    expect(page.url()).toContain('/callback?code=')
    expect(complaintsIn(messages)).toEqual([])
  })
})

test('a browser that did not ask for the code is told to start again', async () => {
  await using opened = await openPage(browser)
  const { page } = opened
  for (const path of ['/sign-up', '/forgot']) {
    await page.goto(`${service.url}${path}/confirm`)
    expect([await heading(page), await findBarriers(page)]).toEqual(['This page is too old', []])
    await press(page, `a[href="${path}"]`)
    expect(page.url()).toBe(`${service.url}${path}`)
  }
})
