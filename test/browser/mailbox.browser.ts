import { afterAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'puppeteer-core'
import { openTestMailbox } from '../support/mailbox.ts'
import { look, openBrowser, openForeignServer, openPage } from './browser.ts'

const browser = await openBrowser()
afterAll(() => browser.close())

const waitFor = (page: Page, expression: string) => page.waitForFunction(expression)
const textOf = (page: Page) => look(page, 'document.body.innerText')

async function frameOf(page: Page) {
  const frame = await (await page.waitForSelector('iframe'))?.contentFrame()
  if (!frame) throw new Error('The page has no frame.')
  await frame.waitForSelector('body')
  return frame
}

test('the list shows a mail as soon as it arrives, and the mail its text, its code and its HTML', async () => {
  await using mailbox = await openTestMailbox()
  await using opened = await openPage(browser)
  const { page, messages } = opened
  await page.goto(mailbox.url)
  expect(await textOf(page)).toContain('No mail yet')

  await mailbox.put({ subject: 'Ihr Code für Läden', html: '<p style="color: rgb(1, 2, 3)">1234 <b>5678</b></p>' })
  await page.waitForSelector('li a')
  await page.click('li a')
  await page.waitForSelector('output')

  expect(await textOf(page)).toContain('Your code is 1234 5678.')
  expect(await look(page, 'document.querySelector("h1").textContent')).toBe('Ihr Code für Läden')
  expect(await look(page, 'document.querySelector("output").textContent')).toBe('12345678')
  const frame = await frameOf(page)
  expect(await look(frame, 'document.body.innerText')).toBe('1234 5678')
  expect(await look(frame, 'getComputedStyle(document.querySelector("p")).color')).toBe('rgb(1, 2, 3)')
  expect(messages).toEqual([])
})

test('the code is copied by a button', async () => {
  await using mailbox = await openTestMailbox()
  const id = await mailbox.put()
  await using opened = await openPage(browser)
  const { page, context } = opened
  const { origin } = new URL(mailbox.url)
  await context.overridePermissions(origin, ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write'])
  await page.goto(`${origin}/mails/${id}`)
  await page.bringToFront()
  await page.click('button')
  await waitFor(page, 'document.querySelector("button").textContent === "Copied"')

  expect(await look(page, 'navigator.clipboard.readText()')).toBe('12345678')
})

test('a mail that someone reads stays when another arrives, and a line leads to the new one', async () => {
  await using mailbox = await openTestMailbox()
  const id = await mailbox.put({ subject: 'First' })
  await using opened = await openPage(browser)
  const { page } = opened
  await page.goto(new URL(`/mails/${id}`, mailbox.url).href)
  expect(await textOf(page)).not.toContain('A new mail')

  await mailbox.put({ subject: 'Second' })
  await page.waitForSelector('.new:not([hidden]) a')
  expect(await look(page, 'document.querySelector("h1").textContent')).toBe('First')
  await page.click('.new a')
  await page.waitForSelector('li')
  expect(await textOf(page)).toContain('Second')
})

const hostileHtml = (foreign: string) => `</iframe></pre></script><script>document.title = 'run'; alert(1)</script>
<img src="x" onerror="parent.document.title = 'run'; alert(2)"><img src="${foreign}/image">
<body onload="alert(3)" background="${foreign}/background">
<link rel="stylesheet" href="${foreign}/style"><link rel="preload" as="image" href="${foreign}/preload">
<link rel="prefetch" href="${foreign}/prefetch"><link rel="preconnect" href="${foreign}">
<style>@import "${foreign}/import"; p { background: url("${foreign}/css") } @font-face { font-family: f; src: url("${foreign}/font") } p { font-family: f }</style>
<meta http-equiv="refresh" content="0;url=${foreign}/refresh"><base href="${foreign}/">
<form action="${foreign}/form" method="post" id="form"><input name="a" autofocus onfocus="alert(4)"><button id="submit">Go</button></form>
<iframe src="${foreign}/frame"></iframe><iframe srcdoc="<script>alert(5)</script>"></iframe>
<object data="${foreign}/object"></object><embed src="${foreign}/embed"><video src="${foreign}/video" poster="${foreign}/poster"></video>
<svg onload="alert(6)"><image href="${foreign}/svg" /><script>alert(7)</script></svg>
<a id="top" href="${foreign}/top" target="_top">top</a><a id="blank" href="${foreign}/blank" target="_blank">blank</a>
<a id="self" href="${foreign}/self" ping="${foreign}/ping">self</a><a id="script" href="javascript:alert(8)">script</a>
<p>the end</p>`
const hostileText = (foreign: string) =>
  `</pre></iframe><script>document.title = 'run'; alert(9)</script><img src="${foreign}/text" onerror="alert(10)">"'\u2028\u2029\u0000 &lt; ${'x'.repeat(500)}`

// REQ-167
describe('a hostile mail runs nothing, loads nothing and leads nowhere', () => {
  async function openHostile() {
    await using opened = new AsyncDisposableStack()
    const mailbox = opened.use(await openTestMailbox())
    const foreign = opened.use(await openForeignServer())
    const text = hostileText(foreign.url)
    const id = await mailbox.put({ subject: text, to: text, from: text, text, html: hostileHtml(foreign.url) })
    const { page, messages } = opened.use(await openPage(browser))
    const running = opened.move()
    const dialogs = () => messages.filter((message) => message.startsWith('dialog'))
    const path = `/mails/${id}`
    return { mailbox, foreign, text, path, page, dialogs, [Symbol.asyncDispose]: () => running.disposeAsync() }
  }

  test('in our pages, which show it as it is', async () => {
    await using hostile = await openHostile()
    const { page, mailbox, path, text, foreign } = hostile
    for (const url of ['/', path]) {
      await page.goto(new URL(url, mailbox.url).href, { waitUntil: 'networkidle2' })
      // HTML has no NUL, which a browser shows as U+FFFD or leaves out.
      expect(String(await textOf(page))).toContain(text.slice(0, 40))
      expect(await look(page, 'document.title')).not.toBe('run')
      expect(await look(page, 'document.querySelectorAll("script").length')).toBe(1)
      expect(await look(page, 'document.querySelectorAll("img").length')).toBe(0)
    }

    expect([hostile.dialogs(), foreign.requests]).toEqual([[], []])
  })

  test.each(['#submit', '#top', '#blank', '#self', '#script'])(
    'in its frame, after a click on %s',
    async (selector) => {
      await using hostile = await openHostile()
      const { page, mailbox, path, foreign } = hostile
      const address = new URL(path, mailbox.url).href
      await page.goto(address, { waitUntil: 'networkidle2' })
      const frame = await frameOf(page)
      expect(await look(frame, 'document.body.innerText')).toContain('the end')
      expect(foreign.connections()).toBe(0)
      const before = (await browser.pages()).length
      await (await frame.waitForSelector(selector))?.evaluate((element) => (element as HTMLElement).click())
      await page.waitForNetworkIdle({ concurrency: 1 })

      expect(page.url()).toBe(address)
      expect(await browser.pages()).toHaveLength(before)
      expect([hostile.dialogs(), foreign.requests]).toEqual([[], []])
    },
  )

  test('opened outside its frame', async () => {
    await using hostile = await openHostile()
    const { page, mailbox, path, foreign } = hostile
    await page.goto(new URL(`${path}/html`, mailbox.url).href, { waitUntil: 'networkidle2' })

    expect(await look(page, 'window.origin')).toBe('null')
    expect(await look(page, 'document.title')).not.toBe('run')
    expect([hostile.dialogs(), foreign.requests, foreign.connections()]).toEqual([[], [], 0])
  })
})

test('a page of another origin reads no mail and frames none', async () => {
  await using mailbox = await openTestMailbox()
  const id = await mailbox.put()
  await using foreign = await openForeignServer()
  await using opened = await openPage(browser)
  const { page } = opened
  await page.goto(foreign.url)
  const url = (path: string) => JSON.stringify(new URL(path, mailbox.url).href)
  const fetching = (path: string, mode: string) =>
    look(page, `fetch(${url(path)}, { mode: '${mode}' }).then((r) => r.text(), (error) => error.name)`)
  const events = `new Promise((done) => {
    const events = new EventSource(${url('/events?after=')})
    events.onmessage = () => done('message')
    events.onerror = () => done('error')
  })`
  const framing = (path: string) =>
    look(
      page,
      `new Promise((done) => {
        const frame = document.createElement('iframe')
        frame.onload = done
        frame.src = ${url(path)}
        document.body.append(frame)
      })`,
    )

  for (const path of ['/', `/mails/${id}`, `/mails/${id}/html`]) {
    expect(await fetching(path, 'cors')).toBe('TypeError')
    expect(await fetching(path, 'no-cors')).toBe('TypeError')
    await framing(path)
  }
  expect(await look(page, events)).toBe('error')
  const texts = await Promise.all(page.frames().map((frame) => look(frame, 'document.body.innerText')))
  expect(texts.join()).not.toContain('1234 5678')
})

test.each([320, 768, 1280])('at %i pixels nothing is wider than the page', async (width) => {
  await using mailbox = await openTestMailbox()
  const long = 'averylongwordwithoutanyspaceinit'.repeat(8)
  const id = await mailbox.put({ subject: long, to: `${long}@example.net`, text: `${long} 1234 5678` })
  await using opened = await openPage(browser, width)
  const { page } = opened
  for (const path of ['/', `/mails/${id}`]) {
    await page.goto(new URL(path, mailbox.url).href)

    expect(await look(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
  }
})

test.each([
  ['light', 'rgb(0, 0, 0)'],
  ['dark', 'rgb(255, 255, 255)'],
])('in %s the text is %s', async (value, color) => {
  await using mailbox = await openTestMailbox()
  await using opened = await openPage(browser)
  const { page } = opened
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }])
  await page.goto(mailbox.url)

  expect(await look(page, 'getComputedStyle(document.body).color')).toBe(color)
})
