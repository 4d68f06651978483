import { afterAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'puppeteer-core'
import { look, openBrowser, openPage } from './browser.ts'
import { openRelyingParty } from './relying-party.ts'

const browser = await openBrowser()
afterAll(() => browser.close())

/** An authenticator in the device, whose user agrees at once. */
async function addAuthenticator(page: Page, backup: boolean) {
  const devTools = await page.createCDPSession()
  await devTools.send('WebAuthn.enable', { enableUI: false })
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      defaultBackupEligibility: backup,
      defaultBackupState: backup,
    },
  })
}

const call = (page: Page, expression: string) =>
  look(page, `import('/passkeys.js').then((passkeys) => passkeys.${expression})`)

// REQ-173
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

    const added = await call(page, 'addPasskey("token", "Laptop")')
    expect(party.passkeys).toMatchObject([{ name: 'Laptop', backupEligible: backup, backedUp: backup }])
    expect(party.passkeys).toMatchObject([added])
    expect(await call(page, 'logInWithPasskey()')).toEqual({ access_token: 'of ada' })
  })

  test('logs in by autofill on the page of the documentation, and by its button', async () => {
    await using party = await openRelyingParty(-7)
    await using opened = await openPage(browser)
    const { page, messages } = opened
    await addAuthenticator(page, true)
    await page.goto(`${party.url}/passkeys.js`)
    await call(page, 'addPasskey("token", "Laptop")')

    await page.goto(party.url)
    const logIns = async (count: number) => {
      const found = () => messages.filter((message) => message.startsWith('Logged in')).length
      while (found() < count) await page.waitForNetworkIdle({ idleTime: 50 })
      return party.results.slice(1)
    }
    expect(await logIns(1)).toMatchObject([{ ok: true }])
    await page.click('button')
    expect(await logIns(2)).toMatchObject([{ ok: true }, { ok: true }])
  })

  test('adds no second passkey to an authenticator that has one', async () => {
    await using party = await openRelyingParty(-7)
    await using opened = await openPage(browser)
    const { page } = opened
    await addAuthenticator(page, true)
    await page.goto(`${party.url}/passkeys.js`)
    await call(page, 'addPasskey("token", "Laptop")')

    await expect(call(page, 'addPasskey("token", "Laptop")')).rejects.toThrow('InvalidStateError')
    expect(party.passkeys).toHaveLength(1)
  })
})
