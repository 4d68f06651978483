import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import type { Page } from 'puppeteer-core'
import { createDataFolder } from '../support/local-server.ts'
import { readCodeFiles, writeApp } from '../support/page-code.ts'
import { openSignInService } from '../support/sign-in-service.ts'
import { look, openBrowser, openPage } from './browser.ts'

const files = readCodeFiles('docs/apps.md')
const kinds = [
  { section: 'A page without a server', main: 'main.js', signIn: '#sign-in', signOut: '#sign-out' },
  { section: 'React', main: 'main.jsx', signIn: '#root > button', signOut: '#root output + button' },
] as const

/** Serves the page of an app, and one script that holds its modules and their packages. */
async function openApp() {
  const served = { page: '', script: '' }
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') return void response.writeHead(204).end()
    const isScript = request.url?.startsWith('/main.js') === true
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? served.script : served.page)
  })
  await once(server.listen(0, 'localhost'), 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    serve: async ({ section, main }: (typeof kinds)[number]) => {
      using folder = createDataFolder()
      const ours = files.filter((file) => file.section === section || file.name === 'session.js')
      const code = `import './${main}'; import { authorizedFetch } from './session.js'; Object.assign(window, { authorizedFetch })`
      writeApp(folder.path, [
        ...ours.map((file) => ({ ...file, code: file.code.replaceAll('http://localhost:3000', service.url) })),
        { section, name: 'entry.js', code },
      ])
      const { outputFiles } = await build({
        ...{
          entryPoints: [join(folder.path, 'entry.js')],
          bundle: true,
          write: false,
          format: 'esm',
          jsx: 'automatic',
        },
        ...{ nodePaths: [join(import.meta.dirname, 'node_modules')], preserveSymlinks: true, minify: true },
      })
      served.page = ours.find(({ name }) => name === 'index.html')?.code ?? ''
      served.script = outputFiles[0]?.text ?? ''
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
const client = files.find(({ name }) => name === 'shop-page.json')?.code ?? ''
await service.putClient(JSON.parse(client.replaceAll('http://localhost:5173', app.url)))

async function signIn(page: Page): Promise<void> {
  await page.waitForSelector('#username:focus')
  await page.keyboard.type(service.user.username)
  await page.keyboard.press('Tab')
  await page.keyboard.type(service.user.password)
  await page.keyboard.press('Enter')
}

async function decide(page: Page, decision: 'allow' | 'deny'): Promise<void> {
  await page.waitForSelector(`button[value=${decision}]`)
  await page.click(`button[value=${decision}]`)
}

const press = async (page: Page, selector: string) => {
  await page.waitForSelector(selector)
  await page.click(selector)
}

// A tab in the background draws no frames, so it is asked by a timer.
const becomes = (page: Page, expression: string) => page.waitForFunction(expression, { polling: 100 })
const shows = (page: Page, words: string) =>
  becomes(page, `document.body?.innerText.includes(${JSON.stringify(words)})`)
const me = '"client_id":"shop-page"'

const stored = "Object.entries(localStorage).find(([key]) => key.startsWith('oidc.user:'))"
const user = async (page: Page) => JSON.parse(String(await look(page, `${stored}?.[1] ?? null`)))
const change = (page: Page, members: object) =>
  look(
    page,
    `(([key, user]) => localStorage.setItem(key, JSON.stringify({ ...JSON.parse(user), ...${JSON.stringify(members)} })))(${stored})`,
  )

/** How the service has answered to each refresh of the page. */
function renewalsOf(page: Page): readonly number[] {
  const statuses: number[] = []
  page.on('response', (response) => {
    const isRenewal = response.url() === `${service.url}/token` && response.request().method() === 'POST'
    if (isRenewal) statuses.push(response.status())
  })
  return statuses
}

const askThrice = "Promise.all([1, 2, 3].map(() => authorizedFetch('/me').then((response) => response.status)))"

describe.each(kinds)('the code on the page for: $section', (kind) => {
  test('signs in, refreshes once for all requests before expiry and after a refusal, and signs out', async () => {
    await app.serve(kind)
    await using opened = await openPage(browser)
    const { page, context } = opened
    await page.goto(app.url)
    await press(page, kind.signIn)
    await signIn(page)
    await decide(page, 'allow')
    await shows(page, me)
    const first = await user(page)
    expect(await look(page, 'location.href')).toBe(`${app.url}/`)

    const renewals = renewalsOf(page)
    for (const worn of [{ expires_at: 0 }, { access_token: 'refused' }]) {
      await change(page, worn)
      expect(await look(page, askThrice)).toEqual([200, 200, 200])
    }
    expect(renewals).toEqual([200, 200])
    expect((await user(page)).refresh_token).not.toBe(first.refresh_token)

    // What one tab stores can reach the other late, so each of them may refresh.
    await change(page, { expires_at: 0 })
    const tab = await context.newPage()
    await Promise.all([page.goto(app.url), tab.goto(app.url)])
    await Promise.all([shows(page, me), shows(tab, me)])
    await tab.close()
    await page.bringToFront()

    await press(page, kind.signOut)
    await becomes(page, `location.href === '${app.url}/'`)
    expect(await user(page)).toBeNull()
    await press(page, kind.signIn)
    await page.waitForSelector('#username')
  })

  test('forgets the tokens of a session that is over, and shows that the person did not allow it', async () => {
    await app.serve(kind)
    await using opened = await openPage(browser)
    const { page } = opened
    await page.goto(app.url)
    await press(page, kind.signIn)
    await signIn(page)
    await decide(page, 'allow')
    await shows(page, me)
    await change(page, { expires_at: 0, refresh_token: 'over' })
    await page.goto(app.url)
    await becomes(page, `${stored} === undefined`)

    await press(page, kind.signIn)
    await decide(page, 'deny')
    await shows(page, 'The user did not allow it.')
  })
})
