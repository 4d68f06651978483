// npm run pictures: looks at the pages that `npm start` serves and writes them to docs/pictures, light and dark, narrow and wide.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { openSignInService } from '../support/sign-in-service.ts'
import { openBrowser, openPage } from './browser.ts'

type Service = Awaited<ReturnType<typeof openSignInService>>

/** A page of ours: `open` leads to it in a browser that has nothing yet. They are taken in this order, in one service. */
type Picture = { readonly name: string; readonly open: (page: Page, service: Service) => Promise<unknown> }

const folder = join(import.meta.dirname, '../../docs/pictures')
const maxBytes = 40_000

const pictures: readonly Picture[] = [
  { name: 'sign-in', open: (page, { demo }) => page.goto(demo) },
  {
    name: 'wrong-password',
    open: async (page, { demo, user }) => {
      await page.goto(demo)
      await signIn(page, { ...user, password: 'not the password' })
    },
  },
  {
    name: 'consent',
    open: async (page, { url, user, putClient }) => {
      await putClient(partner)
      await page.goto(`${url}/authorize?${new URLSearchParams(request)}`)
      await signIn(page, user)
    },
  },
  {
    name: 'sign-out',
    open: async (page, { url, demo, user }) => {
      await page.goto(demo)
      await signIn(page, user)
      await page.goto(`${url}/logout`)
    },
  },
  { name: 'signed-out', open: (page, { url }) => page.goto(`${url}/logout`) },
  { name: 'error', open: (page, { url }) => page.goto(`${url}/authorize?client_id=nobody`) },
  // From here on the user has a second factor.
  {
    name: 'second-factor',
    open: async (page, { demo, user, logIn, post }) => {
      await enrolTotp(await logIn(), post)
      await page.goto(demo)
      await signIn(page, user)
    },
  },
]

const partner = {
  ...{ client_id: 'photos', client_name: 'Photo Prints', token_endpoint_auth_method: 'none' },
  redirect_uris: ['https://prints.example/callback'],
}
const request = {
  ...{ client_id: 'photos', redirect_uri: 'https://prints.example/callback', response_type: 'code' },
  ...{ scope: 'openid profile email', code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' },
}

async function signIn(page: Page, { username, password }: Service['user']): Promise<void> {
  await page.locator('#username').fill(username)
  await page.type('#password', password)
  await Promise.all([page.waitForNavigation(), page.click('form button')])
}

async function enrolTotp(token: string, post: Service['post']): Promise<void> {
  const { TOTP } = await import('otpauth')
  const { secret } = await post('/factors/totp', {}, token)
  const code = new TOTP({ secret: String(secret) }).generate()
  await post('/factors/totp/confirm', { code }, token)
}

const widths = { narrow: 320, wide: 1280 }

async function take(page: Page, name: string): Promise<void> {
  for (const [size, width] of Object.entries(widths)) {
    await page.setViewport({ width, height: 600 })
    for (const scheme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
      const picture = await page.screenshot({ type: 'webp', quality: 80, fullPage: true })
      const file = `${name}-${size}-${scheme}.webp`
      if (picture.length > maxBytes) throw new Error(`${file} has ${picture.length} bytes, more than ${maxBytes}.`)
      writeFileSync(join(folder, file), picture)
    }
  }
}

mkdirSync(folder, { recursive: true })
await using service = await openSignInService(['accentColor=#0f766e'])
const browser = await openBrowser()
try {
  for (const { name, open } of pictures) {
    await using opened = await openPage(browser)
    await open(opened.page, service)
    await take(opened.page, name)
  }
} finally {
  await browser.close()
}
