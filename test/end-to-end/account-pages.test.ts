import { afterAll, expect, test } from '@jest/globals'
import { openMailService } from '../support/mail-service.ts'
import { openWebBrowser } from '../support/web-browser.ts'

const client = {
  ...{ client_id: 'shop', client_name: 'Shop of others', redirect_uris: ['https://shop.example/cb'] },
  ...{ token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], first_party: false },
}
const service = await openMailService({ signInPages: 'true', revocation: 'immediate' })
const { url, admin, lines, codeTo, mailTo, post } = service
afterAll(() => service[Symbol.asyncDispose]())

const password = 'correct horse battery staple'
const next = 'a better battery of many horses'

/** Somebody who is signed in in a browser; `first` signed in first. */
async function signIn(username: string) {
  await admin({ command: 'create-user', username, password })
  const browser = openWebBrowser(url)
  const page = await browser.signIn(await browser.load(`${url}/account`), { username, password })
  return { browser, page }
}

const open = (browser: ReturnType<typeof openWebBrowser>, path = '') => browser.load(`${url}/account${path}`)

// The functions as they are deployed, with the rights that they have.
test('somebody sees and ends sessions, and is signed out everywhere', async () => {
  const username = 'ada@example.net'
  const { browser, page } = await signIn(username)
  const { json } = await post('/login', { username, password })
  const listed = await open(browser)
  const session = listed.forms.find(({ action }) => action === '/account/sessions/end')
  const ended = await browser.send(listed, { id: session?.fields['id'] ?? '' })
  const { status } = await post('/token', { grant_type: 'refresh_token', refresh_token: json.refresh_token })
  await post('/login', { username, password })
  const again = await open(browser)
  const all = again.forms.find(({ action }) => action === '/account/sessions/end-all')
  const out = await browser.send({ ...again, forms: all ? [all] : [] }, {})

  expect([page.status, page.heading, listed.text.includes(`<bdi>${username}</bdi>`)]).toEqual([
    200,
    'Your account',
    true,
  ])
  expect([ended.status, ended.text.includes('No app is signed in'), status]).toEqual([200, true, 400])
  expect([out.status, out.heading]).toEqual([200, 'You are signed out'])
  expect((await open(browser)).heading).toBe('Sign in')
})

// REQ-183
test('somebody withdraws what a client was allowed', async () => {
  await admin({ command: 'put-client', client })
  const { browser } = await signIn('bob@example.net')
  const request = new URLSearchParams({
    ...{ client_id: 'shop', redirect_uri: 'https://shop.example/cb', response_type: 'code', scope: 'openid email' },
    ...{ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' },
  })
  const back = await browser.allow(await browser.load(`${url}/authorize?${request}`))
  const listed = await open(browser)
  const withdrawn = await browser.send(listed, { client: 'shop' })

  expect(new URL(back.url).searchParams.get('code')).toMatch(/^[\w-]{43}$/)
  expect(listed.text).toContain('<bdi>Shop of others</bdi>')
  expect([withdrawn.status, withdrawn.text.includes('Shop of others')]).toEqual([200, false])
  const asked = await browser.load(`${url}/authorize?${request}`)
  expect(asked.heading).toContain('Shop of others')
})

test('somebody changes the password and the address, and is told by mail', async () => {
  const [username, free] = ['eve@example.net', 'eve-too@example.net']
  const { browser } = await signIn(username)
  const wrong = await browser.send(await open(browser, '/password'), { current: 'wrong', new: next })
  const changed = await browser.send(await open(browser, '/password'), { current: password, new: next })
  const told = await mailTo(username)
  const confirm = await browser.send(await open(browser, '/email'), { email: free, password: next })
  const done = await browser.send(confirm, { code: await codeTo(free) })

  expect([wrong.status, changed.status]).toEqual([400, 200])
  expect(changed.text).toContain('Your password is changed.')
  expect(confirm.heading).toBe('Confirm your new e-mail address')
  expect([done.heading, done.text.includes(`<bdi>${free}</bdi>`)]).toEqual(['Your account', true])
  expect(told.subject).toContain('password')
  expect((await post('/login', { username: free, password: next })).status).toBe(200)
})

// REQ-104
test('no line of the log says a secret, and no function crashed', () => {
  const log = lines.join('\n')

  for (const secret of [password, next]) expect(log).not.toContain(secret)
  expect(log).not.toContain('sys_crash')
})
