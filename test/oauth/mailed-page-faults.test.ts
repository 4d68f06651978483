import { afterAll, describe, expect, test } from '@jest/globals'
import { createMailedPages } from '../support/builders/mailed-pages.ts'
import { openBrowser } from '../support/builders/oauth-browser.ts'
import { failAt } from '../support/fakes/failing-client.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

const password = 'correct horse battery staple'
const next = 'a better battery of horses'
let made = 0

type Browser = ReturnType<typeof openBrowser>

/** Somebody who has asked for a code to register with, and somebody else who has asked for one to recover. */
async function openScene() {
  made += 1
  const service = createMailedPages(table)
  const [sub, owner, name] = [`sub-${made}`, `owner-${made}`, `new-person-${made}`]
  await service.putAccount(sub, [owner, `${owner}@example.com`], password)
  const browser = openBrowser(service)
  await browser.go('POST', '/forgot', { username: owner })
  const recoveryCode = await service.mailCode()
  const registration = { username: name, email: `${name}@example.com`, password }
  await browser.go('POST', '/sign-up', registration)
  const code = await service.mailCode()
  return { service, jar: browser.jar, sub, owner, name, registration, code, recoveryCode }
}

type Scene = Awaited<ReturnType<typeof openScene>>

const acts: Readonly<Record<string, (browser: Browser, scene: Scene) => ReturnType<Browser['go']>>> = {
  'a registration': (browser, { registration }) => browser.go('POST', '/sign-up', registration),
  'the code of a registration': (browser, { code }) => browser.go('POST', '/sign-up/confirm', { code }),
  'a question for a code': (browser, { owner }) => browser.go('POST', '/forgot', { username: owner }),
  'the page for a new password': (browser) => browser.go('GET', '/forgot/confirm'),
  'a new password': (browser, { recoveryCode }) =>
    browser.go('POST', '/forgot/confirm', { code: recoveryCode, password: next }),
}

// REQ-131, REQ-132
describe.each(Object.keys(acts))('a fault of DynamoDB during %s', (name) => {
  test.each([
    ['of a call that was not made', false],
    ['of a call whose answer got lost', true],
  ])('%s is a page that asks to try again, where it is not made good at once', async (_, isSent) => {
    const statuses: (number | undefined)[] = []
    for (let at = 0; at < 30; at += 1) {
      const scene = await openScene()
      const { client, calls } = failAt(table.client, at, isSent)
      const browserOf = (service: Scene['service']) => {
        const browser = openBrowser(service)
        for (const [cookie, value] of scene.jar) browser.jar.set(cookie, value)
        return browser
      }
      const failed = await acts[name]?.(browserOf(createMailedPages({ client, name: table.name })), scene)
      if (calls.made <= at) break
      statuses.push(failed?.status)
      // A transaction whose answer got lost is recognised, and the person goes on.
      const isRecognised = isSent && failed?.status === 303
      const page = { cookies: [], text: expect.stringContaining('Try again in a moment.') }
      expect(failed).toMatchObject(isRecognised ? { location: expect.stringContaining('?done=') } : page)

      // The same page again. What was done already needs no second time.
      const again = await acts[name]?.(browserOf(scene.service), scene)
      const isRegistered = (await scene.service.stores.accounts.findSubject(scene.name)) !== undefined
      const isRecovered = await scene.service.isPassword(scene.sub, next)
      expect((again?.status ?? 500) < 400 || isRegistered || isRecovered).toBe(true)
    }

    expect(statuses.length).toBeGreaterThan(0)
    expect(statuses.filter((status) => status !== 503 && !(isSent && status === 303))).toEqual([])
    expect(statuses).toContain(503)
  })
})
