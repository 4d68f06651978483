import { afterAll, expect, test } from '@jest/globals'
import { interruptAt } from '../factors/interrupted.ts'
import { openBrowser, responseIn } from '../support/builders/oauth-browser.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { putTotp } from '../support/builders/put-totp.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

type Jar = ReadonlyMap<string, string>

/** Somebody who is signed in by the password, and whose browser shows the page that asks for the second factor. */
async function openScene() {
  const service = await createOAuthService(table, { secondFactor: 'optional' })
  const client = await service.putClient()
  const browser = openBrowser(service)
  await browser.signIn((await browser.authorize(client)).page)
  const code = await putTotp(table, service)
  const { page } = await browser.authorize(client, { acr_values: 'mfa' })
  const seen = (through: Pick<typeof service, 'call' | 'username' | 'password'>, jar: Jar = browser.jar) => {
    const other = openBrowser(through)
    for (const [name, value] of jar) other.jar.set(name, value)
    return other
  }
  const isSignedIn = async (jar: Jar) => {
    const silent = (await seen(service, jar).authorize(client, { prompt: 'none' })).page
    return responseIn(silent)['code'] !== undefined
  }
  return { service, page, code, seen, isSignedIn }
}

/** The step, with something else before its call number `at`. Undefined where it makes fewer. */
async function stepUp(at: number, act: (scene: Awaited<ReturnType<typeof openScene>>) => Promise<unknown>) {
  const scene = await openScene()
  const { service, page, code, seen } = scene
  const { client, calls } = interruptAt(table.client, at, () => act(scene))
  const view = await createOAuthService(
    { client, name: table.name },
    { existing: service.account, clock: service.clock, secondFactor: 'optional' },
  )
  const browser = seen(view)
  await browser.go('POST', '/sign-in/factor', { ...page.fields, kind: 'totp', code: code() })
  return calls.made > at ? scene.isSignedIn(browser.jar) : undefined
}

// REQ-184, REQ-188
test('a log-out at any moment of a step-up leaves nobody signed in, and without one the step succeeds', async () => {
  const left: (boolean | undefined)[] = []
  do {
    left.push(await stepUp(left.length, ({ service, seen }) => seen(service).go('POST', '/logout/confirm')))
  } while (left.at(-1) !== undefined)

  expect(left.length).toBeGreaterThan(5)
  expect(left.slice(0, -1)).toEqual(Array(left.length - 1).fill(false))
  expect(await stepUp(0, async () => {})).toBe(true)
})
