import { afterAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'puppeteer-core'
import { addAuthenticator, look, openBrowser, openPage } from './browser.ts'
import { openRelyingParty } from './relying-party.ts'

const browser = await openBrowser()
afterAll(() => browser.close())

const call = (page: Page, expression: string) =>
  look(page, `import('/passkeys.js').then((passkeys) => passkeys.${expression})`)

const claimsOf = (tokens: unknown) => {
  const [, claims = ''] = String(Object(tokens).access_token).split('.')
  return JSON.parse(Buffer.from(claims, 'base64url').toString())
}

// REQ-173, REQ-176
describe('the module of the documentation', () => {
  test.each([
    ['Ed25519', -8, true],
    ['ES256', -7, false],
    ['RS256', -257, false],
  ])('adds a passkey with %s in a browser, and logs in with it', async (_, algorithm, backup) => {
    await using party = await openRelyingParty(algorithm)
    await using opened = await openPage(browser)
    const { page } = opened
    await addAuthenticator(page, backup)
    await page.goto(`${party.url}/passkeys.js`)

    const added = await call(page, `addPasskey("${party.token}", "Laptop")`)
    expect(added).toEqual({ id: expect.any(String), recovery_codes: expect.any(Array) })
    const tokens = await call(page, 'logInWithPasskey()')
    const { sub } = claimsOf({ access_token: party.token })
    expect(claimsOf(tokens)).toMatchObject({ sub, amr: ['pop', 'user', 'mfa'], acr: 'mfa' })
  })

  test('logs in by autofill on the page of the documentation, and by its button', async () => {
    await using party = await openRelyingParty(-7)
    await using opened = await openPage(browser)
    const { page, messages } = opened
    await addAuthenticator(page, true)
    await page.goto(`${party.url}/passkeys.js`)
    await call(page, `addPasskey("${party.token}", "Laptop")`)

    await page.goto(party.url)
    const logIns = async (count: number) => {
      const found = () => messages.filter((message) => message.startsWith('Logged in')).length
      while (found() < count) await page.waitForNetworkIdle({ idleTime: 50 })
      return party.answersOf('/login/passkey').filter(({ json }) => 'access_token' in json)
    }
    expect(await logIns(1)).toMatchObject([{ status: 200 }])
    await page.click('button')
    expect(await logIns(2)).toMatchObject([{ status: 200 }, { status: 200 }])
  })

  test('adds no second passkey to an authenticator that has one', async () => {
    await using party = await openRelyingParty(-7)
    await using opened = await openPage(browser)
    const { page } = opened
    await addAuthenticator(page, true)
    await page.goto(`${party.url}/passkeys.js`)
    await call(page, `addPasskey("${party.token}", "Laptop")`)
    // The token of a log-in with the passkey, which a change of factors asks for now.
    const { access_token } = Object(await call(page, 'logInWithPasskey()'))

    await expect(call(page, `addPasskey("${access_token}", "Laptop")`)).rejects.toThrow('InvalidStateError')
    expect(party.answersOf('/factors/passkeys/confirm')).toHaveLength(1)
  })
})
