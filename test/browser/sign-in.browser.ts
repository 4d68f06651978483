import { afterAll, describe, expect, test } from '@jest/globals'
import { TOTP } from 'otpauth'
import type { Page } from 'puppeteer-core'
import { openSignInService } from '../support/sign-in-service.ts'
import { findBarriers } from './barriers.ts'
import { look, openBrowser, openPage } from './browser.ts'
import { follow, heading } from './pages.ts'

const [browser, service] = await Promise.all([openBrowser(), openSignInService()])
afterAll(async () => {
  await browser.close()
  await service[Symbol.asyncDispose]()
})

const text = async (page: Page) => String(await look(page, 'document.body.innerText'))

/** Types where the cursor stands, and goes on by the keyboard. */
async function typeCredentials(
  page: Page,
  { username, password }: { readonly username: string; readonly password: string },
) {
  await page.waitForSelector('input:focus')
  if ((await look(page, 'document.activeElement.id')) === 'username') {
    await page.keyboard.type(username)
    await page.keyboard.press('Tab')
  }
  await page.keyboard.type(password)
  await follow(page, () => page.keyboard.press('Enter'))
}

const client = {
  ...{
    redirect_uris: ['https://app.invalid/callback'],
    token_endpoint_auth_method: 'none',
    client_name: 'Partner <b>App</b>',
  },
}
const challenge = 'a'.repeat(43)
const authorize = (id: string, more: Readonly<Record<string, string>> = {}) =>
  `${service.url}/authorize?${new URLSearchParams({
    ...{ client_id: id, redirect_uri: 'https://app.invalid/callback', response_type: 'code', scope: 'openid email' },
    ...{ code_challenge: challenge, code_challenge_method: 'S256', ...more },
  })}`

// REQ-186, REQ-187
describe('the sign-in page', () => {
  test('leads by the keyboard to the claims, from the link that npm start prints, and signs out', async () => {
    await using opened = await openPage(browser)
    const { page, messages } = opened
    await page.goto(service.demo)
    expect([await heading(page), await findBarriers(page)]).toEqual(['Sign in', []])
    await typeCredentials(page, service.user)

    expect(await heading(page)).toBe('You are signed in')
    expect(await text(page)).toContain('"ada"')
    // Signed in already: no page in between.
    await page.goto(service.demo)
    expect(await heading(page)).toBe('You are signed in')
    await follow(page, () => page.click('a[href*="/logout"]'))
    expect(await heading(page)).toBe('You are signed out')
    await page.goto(service.demo)
    expect(await heading(page)).toBe('Sign in')
    expect(messages).toEqual([])
  })

  test('says what is wrong, keeps the name, and goes on after that', async () => {
    await using opened = await openPage(browser, 320)
    const { page } = opened
    await page.goto(service.demo)
    await typeCredentials(page, { ...service.user, password: 'not the password' })

    expect(await look(page, "document.querySelector('[role=alert]').textContent")).toBe('Wrong username or password.')
    expect(await look(page, "document.querySelector('#username').value")).toBe(service.user.username)
    expect(await look(page, 'document.activeElement.id')).toBe('password')
    expect(await findBarriers(page)).toEqual([])
    expect(await look(page, 'document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await page.waitForSelector('input:focus')
    await page.keyboard.type(service.user.password)
    await follow(page, () => page.keyboard.press('Enter'))
    expect(await heading(page)).toBe('You are signed in')
  })

  test('works without script, and after the back button', async () => {
    await using opened = await openPage(browser)
    const { page } = opened
    await page.setJavaScriptEnabled(false)
    await page.goto(service.demo)
    await typeCredentials(page, service.user)
    const first = page.url()
    // The page before is not kept, so it is asked for again, by somebody who is signed in.
    await page.goBack()

    for (const url of [first, page.url()]) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback\?code=/)
    expect(page.url()).not.toBe(first)
  })

  test('is an error page with a way out where the request is wrong', async () => {
    await using opened = await openPage(browser)
    const { page } = opened
    await page.goto(authorize('nobody'))

    expect([await heading(page), await findBarriers(page)]).toEqual(['This sign-in cannot start', []])
  })
})

// REQ-183
test('the consent page names the client and its host, and both answers lead back', async () => {
  await service.putClient({ ...client, client_id: 'partner' })
  await using opened = await openPage(browser)
  const { page } = opened
  const answers: string[] = []
  page.on('request', (request) => {
    if (request.url().startsWith('https://app.invalid/')) answers.push(new URL(request.url()).search)
  })
  await page.goto(authorize('partner'))
  await typeCredentials(page, service.user)
  expect(await heading(page)).toBe('Allow Partner <b>App</b> to use your account?')
  expect(await text(page)).toContain('app.invalid')
  expect(await findBarriers(page)).toEqual([])
  await page.click('button[value=deny]')
  await page.waitForNetworkIdle()
  await page.goto(authorize('partner'))
  await page.click('button[value=allow]')
  await page.waitForNetworkIdle()

  expect(answers).toEqual([
    expect.stringContaining('error=access_denied'),
    expect.stringMatching(/^\?code=[\w-]{43}&iss=/),
  ])
})

// REQ-187
test('long names without spaces fit on a narrow page', async () => {
  const long = { client_id: 'long', client_name: 'W'.repeat(64) }
  await service.putClient({ ...client, ...long })
  await using opened = await openPage(browser, 320)
  const { page } = opened
  const fits = () => look(page, 'document.documentElement.scrollWidth <= innerWidth')
  await page.goto(authorize('long', { login_hint: 'w'.repeat(256) }))
  expect([await fits(), await look(page, "document.querySelector('bdi').textContent")]).toEqual([true, 'W'.repeat(64)])
  await page.goto(authorize('long'))
  await typeCredentials(page, service.user)

  expect(await heading(page)).toContain('W'.repeat(64))
  expect([await fits(), await findBarriers(page)]).toEqual([true, []])
})

test('the log-out page asks where nothing proves who wants it', async () => {
  await using opened = await openPage(browser)
  const { page } = opened
  await page.goto(service.demo)
  await typeCredentials(page, service.user)
  await page.goto(`${service.url}/logout`)
  expect([await heading(page), await findBarriers(page)]).toEqual(['Sign out', []])
  await follow(page, () => page.click('button'))

  expect([await heading(page), await findBarriers(page)]).toEqual(['You are signed out', []])
})

/** An authenticator in the device, whose user agrees at once, until that is switched off. */
async function addAuthenticator(page: Page) {
  const devTools = await page.createCDPSession()
  await devTools.send('WebAuthn.enable', { enableUI: false })
  const options = {
    ...({ protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true } as const),
    ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  }
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', { options })
  return (enabled: boolean) => devTools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
}

// REQ-169, REQ-173
describe('a second factor', () => {
  test('is asked for after the password: the code of an app, a recovery code, a passkey, and a passkey alone', async () => {
    const token = await service.logIn()
    const { secret } = await service.post('/factors/totp', {}, token)
    const totp = new TOTP({ secret: String(secret) })
    // A code is good once, so each step takes that of another time, within the tolerance of one.
    const at = (steps: number) => totp.generate({ timestamp: Date.now() + steps * 30_000 })
    const { recovery_codes } = await service.post('/factors/totp/confirm', { code: at(-1) }, token)
    await using opened = await openPage(browser)
    const { page, context, messages } = opened
    const signIn = async () => {
      await page.goto(service.demo)
      await typeCredentials(page, service.user)
    }
    await signIn()
    expect([await heading(page), await findBarriers(page)]).toEqual(['One more step', []])
    await page.waitForSelector('input:focus')
    await page.keyboard.type('000000')
    await follow(page, () => page.keyboard.press('Enter'))
    expect(await look(page, "document.querySelector('#problem').textContent")).toBe(
      'That code is wrong, or it was used before.',
    )
    expect(await findBarriers(page)).toEqual([])
    await page.waitForSelector('input:focus')
    await page.keyboard.type(at(0))
    await follow(page, () => page.keyboard.press('Enter'))
    expect(await text(page)).toMatch(/acr\s*"mfa"/)

    await page.goto(`${service.url}/logout`)
    await follow(page, () => page.click('button'))
    await signIn()
    await page.click('summary')
    await page.type('#recovery_code', 'wrong')
    await follow(page, () => page.keyboard.press('Enter'))
    // What was tried is open, and has the focus.
    await page.waitForSelector('#recovery_code:focus')
    await page.keyboard.type(String(Object(recovery_codes)[0]))
    await follow(page, () => page.keyboard.press('Enter'))
    expect(await heading(page)).toBe('You are signed in')

    const agreeAtOnce = await addAuthenticator(page)
    const { auth_session } = await service.post('/login', service.user)
    const fresh = await service.post('/login', { auth_session, recovery_code: Object(recovery_codes)[1] })
    const made = await service.post('/factors/passkeys', {}, String(fresh['access_token']))
    await page.goto(`${service.url}/.well-known/jwks.json`)
    const credential = await look(
      page,
      `navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(made['options'])}) }).then((made) => made.toJSON())`,
    )
    await service.post('/factors/passkeys/confirm', { credential }, String(fresh['access_token']))
    await page.goto(`${service.url}/logout`)
    await follow(page, () => page.click('button'))

    // As soon as the page is there, the browser offers the passkey in the field, and its user agrees at once.
    await page.goto(service.demo)
    await page.waitForSelector('dl')
    expect(await text(page)).toMatch(/amr\s*\["pop","user","mfa"\]/)
    const keptFor = async () =>
      (await context.cookies())
        .filter(({ name }) => /^latchkey(-device)?-\d+$/.test(name))
        .map(({ expires }) =>
          expires === -1 ? 'until it is closed' : Math.round((expires - Date.now() / 1000) / 86_400),
        )
    expect(await keptFor()).toEqual(['until it is closed'])
    await page.goto(`${service.url}/logout`)
    await follow(page, () => page.click('button'))

    // The box is ticked while the browser offers the passkey already.
    await agreeAtOnce(false)
    await page.goto(service.demo)
    await page.waitForNetworkIdle()
    await agreeAtOnce(true)
    await page.click('#keep')
    await page.waitForSelector('dl')
    expect((await keptFor()).toSorted()).toEqual([180, 90])

    await page.goto(`${service.url}/logout`)
    await follow(page, () => page.click('button'))
    await page.goto(authorize('partner'))
    expect(messages.filter((message) => !/app\.invalid|ERR_NAME_NOT_RESOLVED|40\d/.test(message))).toEqual([])
  }, 120_000)
})
