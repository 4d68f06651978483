import { afterAll, describe, expect, test } from '@jest/globals'
import { en } from '../../functions/http/pages/texts/en.ts'
import { isSampled } from '../oauth/sample.ts'
import { viewPagesOfFactors } from '../support/builders/factor-pages.ts'
import { failAt } from '../support/fakes/failing-client.ts'
import { openTable } from '../support/table.ts'
import { list, newPasskey, setUpPages } from './pages.ts'

const table = await openTable()
afterAll(table.close)

type Browser = Awaited<ReturnType<typeof setUpPages>>['browser']
type Seen = { readonly status: number | undefined; readonly text?: string }

/** Somebody with an app on the list, with another app and a passkey that are about to be confirmed. */
async function openScene() {
  const service = await setUpPages(table)
  const { browser, holder, open, setUpApp, stepUp } = service
  const { secret } = await setUpApp(await open())
  const { fields } = await stepUp(secret)
  const account = fields['account'] ?? ''
  const begun = await browser.go('POST', `${list}/totp`, { account })
  const code = holder.codeOf(begun.fields['secret'] ?? '')
  const { json } = await browser.send('/account/passkeys/options', { account })
  const credential = newPasskey().create(json['options'] as never)
  return { service, fields, confirmation: { ...begun.fields, code }, passkey: { account, credential } }
}

/** Somebody without a factor, whose sign-in asks for one. */
async function openSignIn() {
  const service = await setUpPages(table, { policy: 'required' })
  const { fields } = await service.open()
  const begun = await service.browser.go('POST', '/sign-in/enrol/totp', fields)
  const code = service.holder.codeOf(begun.fields['secret'] ?? '')
  return { service, fields, confirmation: { ...begun.fields, code }, passkey: {} }
}

type Scene = Omit<Awaited<ReturnType<typeof openScene>>, 'passkey'> & { readonly passkey: object }
type Act = (browser: Browser, scene: Scene) => Promise<Seen>

const submit =
  (path: string): Act =>
  (browser, { fields }) =>
    browser.go('POST', path, fields)

const acts: readonly (readonly [string, () => Promise<Scene>, Act])[] = [
  ['the list', openScene, (browser) => browser.go('GET', list)],
  ['the beginning of an app', openScene, submit(`${list}/totp`)],
  ['an app', openScene, (browser, { confirmation }) => browser.go('POST', `${list}/totp/confirm`, confirmation)],
  ['a removal', openScene, submit(`${list}/totp/remove`)],
  ['new recovery codes', openScene, submit(`${list}/recovery-codes`)],
  ['the options of a passkey', openScene, (browser, { passkey }) => browser.send('/account/passkeys/options', passkey)],
  ['a passkey', openScene, (browser, { passkey }) => browser.send('/account/passkeys', passkey)],
  [
    'a first app in a sign-in',
    openSignIn,
    (browser, { confirmation }) => browser.go('POST', '/sign-in/enrol/totp/confirm', confirmation),
  ],
]

// REQ-131, REQ-169
describe.each(acts)('a fault of DynamoDB during %s', (_, open, act) => {
  test.each([
    ['of a call that was not made', false],
    ['of a call whose answer got lost', true],
  ])('%s is 503 and a page that says so, and a log-in asks for a factor where there is one', async (_, isSent) => {
    const seen: Seen[] = []
    for (let at = 0; at < 30; at += 1) {
      if (!isSampled(at, isSent)) continue
      const scene = await open()
      const { account, browser, clock, factors, logIn, wiring } = scene.service
      const { client, calls } = failAt(table.client, at, isSent)
      const policy = wiring.env.SECOND_FACTOR
      const view = viewPagesOfFactors({ client, name: table.name }, account, { clock, policy }).openBrowser()
      for (const [name, value] of browser.jar) view.jar.set(name, value)
      const answer = await act(view, scene)
      if (calls.made <= at) break
      seen.push(answer)
      const { totp } = (await factors.findCredentials(account.sub)).factors
      const { status, json } = await logIn()
      expect([status, 'enrol' in json]).toEqual(totp || policy === 'required' ? [403, !totp] : [200, false])
    }

    expect(seen.length).toBeGreaterThan(0)
    for (const { status, text } of seen) {
      expect(status).toBe(503)
      if (text !== undefined) expect(text).toContain(en.unavailable)
    }
  })
})
