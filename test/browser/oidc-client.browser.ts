import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { openSignInService } from '../support/sign-in-service.ts'
import { look, openBrowser, openPage } from './browser.ts'

const library = readFileSync(
  createRequire(import.meta.url)
    .resolve('oidc-client-ts')
    .replace(/dist\/.*$/, 'dist/browser/oidc-client-ts.min.js'),
)

/** An app of another origin that signs people in with oidc-client-ts, as its documentation says. */
async function openApp() {
  const served = { settings: '' }
  const page = () => `<!doctype html><title>App</title><script src="/oidc.js"></script><script>
const users = new oidc.UserManager({ ...${served.settings}, userStore: new oidc.WebStorageStateStore({ store: localStorage }) })
const back = location.pathname === '/callback' ? users.signinCallback() : Promise.resolve()
</script>`
  const server = createServer((request, response) => {
    if (request.url === '/oidc.js')
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(library)
    if (request.url === '/favicon.ico') return void response.writeHead(204).end()
    return void response.writeHead(200, { 'content-type': 'text/html' }).end(page())
  })
  await once(server.listen(0, 'localhost'), 'listening')
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    url,
    serve: (settings: object) => {
      served.settings = JSON.stringify(settings)
    },
    close: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

const [browser, app] = await Promise.all([openBrowser(), openApp()])
const service = await openSignInService([`corsOrigins=${app.url}`])
afterAll(async () => {
  await browser.close()
  await service[Symbol.asyncDispose]()
  await app.close()
})
await service.putClient({
  ...{ client_id: 'app', client_name: 'App', first_party: true, token_endpoint_auth_method: 'none' },
  ...{ redirect_uris: [`${app.url}/callback`], post_logout_redirect_uris: [`${app.url}/bye`] },
  grant_types: ['authorization_code', 'refresh_token'],
})
app.serve({
  ...{ authority: service.url, client_id: 'app', redirect_uri: `${app.url}/callback`, scope: 'openid profile' },
  ...{
    post_logout_redirect_uri: `${app.url}/bye`,
    popup_redirect_uri: `${app.url}/callback`,
    automaticSilentRenew: false,
    loadUserInfo: true,
  },
})

const userIn = (page: Page) => look(page, 'back.then(() => users.getUser()).then((user) => user && user.profile)')

// The app is on this machine, so any program could say that it is this client, and the person is asked.
async function signIn(page: Page): Promise<void> {
  await page.waitForSelector('#username:focus')
  await page.keyboard.type(service.user.username)
  await page.keyboard.press('Tab')
  await page.keyboard.type(service.user.password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('button[value=allow]')
  await page.click('button[value=allow]')
}

const popupOf = async (opened: Browser, act: () => Promise<unknown>): Promise<Page> => {
  const target = new Promise<Page>((resolve) => {
    opened.once('targetcreated', (created) => void created.page().then((page) => resolve(page as Page)))
  })
  await act()
  return target
}

test('oidc-client-ts signs in by redirect, refreshes in two tabs at once, and signs out', async () => {
  await using opened = await openPage(browser)
  const { page, context, messages } = opened
  await page.goto(app.url)
  await look(page, 'void users.signinRedirect()')
  await signIn(page)
  await page.waitForFunction("location.pathname === '/callback'")
  const profile = await userIn(page)
  expect(profile).toMatchObject({ iss: service.url, aud: 'app', preferred_username: service.user.username })

  const other = await context.newPage()
  await other.goto(app.url)
  const renew = (tab: Page) => look(tab, 'users.signinSilent().then((user) => user.access_token.split(".").length)')
  expect(await Promise.all([renew(page), renew(other)])).toEqual([3, 3])
  expect(await renew(other)).toBe(3)

  await look(page, 'void users.signoutRedirect()')
  await page.waitForFunction("location.pathname === '/bye'")
  await page.goto(app.url)
  expect(await userIn(page)).toBeNull()
  await look(page, 'void users.signinRedirect()')
  await page.waitForSelector('#username')
  expect(messages).toEqual([])
})

test('oidc-client-ts signs in by a popup', async () => {
  await using opened = await openPage(browser)
  const { page } = opened
  await page.goto(app.url)
  const popup = await popupOf(browser, () => look(page, 'void (window.signedIn = users.signinPopup())'))
  await signIn(popup)

  expect(await look(page, 'signedIn.then((user) => user.profile.preferred_username)')).toBe(service.user.username)
})
