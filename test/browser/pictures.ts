// npm run pictures: looks at the pages that `npm start` serves and writes them to docs/pictures, light and dark, narrow and wide.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TOTP } from 'otpauth'
import type { Page } from 'puppeteer-core'
import { openSignInService } from '../support/sign-in-service.ts'
import { addAuthenticator, look, openBrowser, openPage } from './browser.ts'

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
  { name: 'sign-up', open: (page, { url }) => page.goto(`${url}/sign-up`) },
  {
    name: 'confirm-address',
    open: async (page, service) => {
      await page.goto(`${service.url}/sign-up`)
      await submit(page, { email: 'grace@example.com', password: 'a long password of hers' })
    },
  },
  { name: 'forgot', open: (page, { url }) => page.goto(`${url}/forgot`) },
  {
    name: 'new-password',
    open: async (page, { url }) => {
      await page.goto(`${url}/forgot`)
      await submit(page, { username: 'ada' })
    },
  },
  {
    name: 'account',
    open: async (page, { url, demo, user }) => {
      await page.goto(`${url}/authorize?${new URLSearchParams(request)}`)
      await signIn(page, user)
      // Nobody answers there.
      await Promise.all([page.waitForNavigation().catch(() => undefined), page.click('button[value=allow]')])
      await page.goto(demo)
      await page.goto(`${url}/account`)
    },
  },
  { name: 'password', open: (page, service) => openOwnPage(page, service, '/account/password') },
  { name: 'email', open: (page, service) => openOwnPage(page, service, '/account/email') },
  {
    name: 'factors',
    open: async (page, service) => {
      await addAuthenticator(page, true)
      await openOwnPage(page, service, '/account/factors')
      await page.waitForSelector('#new-passkey:not([hidden])')
    },
  },
  { name: 'new-app', open: openNewApp },
  // From here on the user has a second factor.
  {
    name: 'recovery-codes',
    open: async (page, service) => {
      await openNewApp(page, service)
      const secret = String(await look(page, "document.querySelector('[name=secret]').value"))
      await submit(page, { code: new TOTP({ secret }).generate() })
    },
  },
  {
    name: 'second-factor',
    open: async (page, { demo, user }) => {
      await page.goto(demo)
      await signIn(page, user)
    },
  },
]

/** Those of a service where everybody needs a second factor. */
const strictPictures: readonly Picture[] = [
  {
    name: 'enrolment',
    open: async (page, { url, post }) => {
      const user = { username: 'grace', password: 'a long password of hers' }
      await post('/register', user)
      await addAuthenticator(page, true)
      await page.goto(`${url}/account`)
      await signIn(page, user)
      await page.waitForSelector('#new-passkey:not([hidden])')
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

/** Fills in the fields of the first form, and sends it. */
async function submit(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.locator(`#${name}`).fill(value)
  await Promise.all([page.waitForNavigation(), page.click('form[method=post] button')])
}

const signIn = (page: Page, { username, password }: Service['user']) => submit(page, { username, password })

async function openOwnPage(page: Page, { url, user }: Service, path: string): Promise<void> {
  await page.goto(url + path)
  await signIn(page, user)
}

async function openNewApp(page: Page, service: Service): Promise<void> {
  await openOwnPage(page, service, '/account/factors')
  await submit(page, {})
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

async function takeAll(pictures: readonly Picture[], settings: readonly string[]): Promise<void> {
  await using service = await openSignInService([...settings, 'accentColor=#0f766e'])
  for (const { name, open } of pictures) {
    await using opened = await openPage(browser)
    await open(opened.page, service)
    await take(opened.page, name)
  }
}

mkdirSync(folder, { recursive: true })
const browser = await openBrowser()
try {
  await takeAll(pictures, ['selfRegistration=true', 'emailFrom=no-reply@example.com'])
  await takeAll(strictPictures, ['selfRegistration=true', 'secondFactor=required'])
} finally {
  await browser.close()
}
