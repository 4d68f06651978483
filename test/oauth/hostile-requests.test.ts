import { createHash } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import {
  type Answer,
  allow,
  flowIn,
  hiddenIn,
  newPkce,
  openAttackedService,
  requestOf,
  type TestClient,
  tokensFor,
  type User,
} from './attacked-service.ts'

const evilScope = '<svg/onload=alert(1)>'
const service = await openAttackedService({
  ...{ scopes: `${evilScope},read`, serviceName: `<img src=x> & 'Shop'`, emailFrom: 'no-reply@example.com' },
  selfRegistration: 'true',
})
afterAll(service[Symbol.asyncDispose])
const { send, createUser, putClient, openBrowser, enrolTotp, lines } = service

const { challenge } = newPkce()
const markup = `"'><img src=x onerror=alert(1)></title><script>alert(1)</script>`
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const own = { 'sec-fetch-site': 'same-origin' }

/** Every page, each with hostile text wherever a stranger, a client or a user can put some. */
async function openPages(): Promise<ReadonlyMap<string, Answer>> {
  const client = await putClient({ client_name: markup.slice(0, 64), scope: evilScope, first_party: false })
  const user = await createUser(evilScope)
  const guarded = await createUser()
  await enrolTotp(guarded)
  const browser = openBrowser()
  const query = requestOf(client, challenge, { state: markup, login_hint: markup, scope: `openid ${evilScope}` })
  const begun = await browser.authorize(query)
  const flow = flowIn(begun)
  const pages: [string, Answer][] = [
    ['the sign-in page', begun],
    ['the same by its address', await browser.go(`/sign-in?flow=${flow}`)],
    ['a wrong password', await browser.submit('/sign-in', { flow, username: markup, password: markup })],
    ['no password', await browser.submit('/sign-in', { flow, username: markup })],
  ]
  const factor = (await browser.signIn(flow, guarded)).headers.get('location') ?? ''
  pages.push(['the factor page', await browser.go(factor)])
  const { searchParams } = new URL(factor, service.url)
  const wrong = { flow, step: searchParams.get('step') ?? '', kind: 'totp', code: markup }
  pages.push(['a wrong code', await browser.submit('/sign-in/factor', wrong)])
  await browser.signIn(flow, user)
  pages.push(['the consent page', await browser.go(`/consent?flow=${flow}`)])
  await allow(browser, flow)
  const account = await browser.go('/account')
  const changed = { ...hiddenIn(account.body), current: markup, new: markup, email: markup, password: markup }
  pages.push(['the page of an account', account])
  pages.push(['the page of the password', await browser.go('/account/password')])
  pages.push(['a wrong current password', await browser.submit('/account/password', changed)])
  pages.push(['the page of the address', await browser.go('/account/email')])
  pages.push(['a wrong address', await browser.submit('/account/email', changed)])
  const posting = await openBrowser().authorize(`${query}&response_mode=form_post&prompt=none`)
  pages.push(['a response by form', posting])
  pages.push(['the question before log-out', await browser.go(`/logout?state=${encodeURIComponent(markup)}`)])
  pages.push(['a foreign form', await browser.submit('/sign-in', { flow }, { origin: 'https://evil.example' })])
  pages.push(['an unknown flow', await browser.go(`/consent?flow=${encodeURIComponent(markup)}`)])
  pages.push(['an unknown client', await browser.go(`/authorize?client_id=${encodeURIComponent(markup)}`)])
  const elsewhere = requestOf(client, challenge, { redirect_uri: `https://evil.example/${markup}` })
  pages.push(['an unknown redirect URI', await browser.go(`/authorize?${elsewhere}`)])
  pages.push(['a form that is none', await browser.go('/authorize', { method: 'POST', body: markup })])
  pages.push(['the page after log-out', await browser.submit('/logout/confirm', { state: markup })])
  const typed = { flow: markup, username: markup, email: markup, password: markup, code: markup }
  pages.push(['the page for an account', await browser.go(`/sign-up?flow=${encodeURIComponent(markup)}`)])
  pages.push(['the same with a problem', await browser.submit('/sign-up', typed)])
  const registration = {
    username: markup.replaceAll('@', ''),
    email: `${user.username}@example.com`,
    password: user.password,
  }
  await browser.submit('/sign-up', registration)
  pages.push(['the page for its code', await browser.go('/sign-up/confirm')])
  pages.push(['a wrong code, and another name', await browser.submit('/sign-up/confirm', typed)])
  pages.push(['the end of a registration', await browser.go(`/sign-up?done=${encodeURIComponent(markup)}`)])
  pages.push(['the page for a forgotten password', await browser.go('/forgot')])
  pages.push(['a name that is none', await browser.submit('/forgot', { username: `\0${markup}` })])
  await browser.submit('/forgot', { username: markup })
  pages.push(['the page for a new password', await browser.go('/forgot/confirm')])
  pages.push(['a wrong code for it', await browser.submit('/forgot/confirm', typed)])
  pages.push([
    'a browser without a ticket',
    await openBrowser().go(`/forgot/confirm?flow=${encodeURIComponent(markup)}`),
  ])
  pages.push(['the end of a recovery', await browser.go(`/forgot?done=${encodeURIComponent(markup)}`)])
  return new Map(pages)
}

const pages = await openPages()
const titles = [...pages.keys()]
const pageOf = (title: string) => pages.get(title) as Answer
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

describe('every page', () => {
  // REQ-186
  test.each(titles)('shows hostile text as text: %s', (title) => {
    const { body, headers } = pageOf(title)

    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(body).not.toMatch(/<img|<svg|alert\(1\)<\/script>|"'>/)
    expect(body).toContain('&lt;img src=x&gt; &amp; &#39;Shop&#39;')
    // Each attribute has its quotes, and no text ends one.
    expect(body.replaceAll(/="[^"<>]*"/g, '')).not.toMatch(/<[^<>]*["'=]/)
  })

  // REQ-186, REQ-185
  test.each(titles)('is not framed, not kept, and runs only what has the right hash: %s', (title) => {
    const { body, headers } = pageOf(title)
    const policy = headers.get('content-security-policy') ?? ''
    const scripts = [...body.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) => hashOf(text))
    const styles = [...body.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text = '']) => hashOf(text))

    expect(policy.split('; ')).toEqual(
      expect.arrayContaining(["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]),
    )
    expect(policy).not.toMatch(/unsafe|\*|http/)
    for (const hash of [...scripts, ...styles]) expect(policy).toContain(hash)
    const tags = (body.match(/<[a-z][^<>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'))
    expect(tags.filter((tag) => / (on\w+|style|src)=/.test(tag))).toEqual([])
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
  })
})

const routes = [
  'GET /authorize',
  'POST /authorize',
  'GET /sign-in',
  'POST /sign-in',
  'GET /sign-in/factor',
  'POST /sign-in/factor',
  'POST /sign-in/passkey',
  'GET /consent',
  'POST /consent',
  'GET /logout',
  'POST /logout',
  'POST /logout/confirm',
  'GET /account',
  'POST /account/sessions/end',
  'POST /account/sessions/end-all',
  'POST /account/apps/withdraw',
  'GET /account/password',
  'POST /account/password',
  'GET /account/email',
  'POST /account/email',
  'GET /account/email/confirm',
  'POST /account/email/confirm',
  'GET /userinfo',
  'POST /userinfo',
  'GET /sign-up',
  'POST /sign-up',
  'GET /sign-up/confirm',
  'POST /sign-up/confirm',
  'GET /forgot',
  'POST /forgot',
  'GET /forgot/confirm',
  'POST /forgot/confirm',
]

const pairs = (make: (name: string) => string) =>
  [
    'client_id',
    'redirect_uri',
    'state',
    'flow',
    'step',
    'username',
    'password',
    'code',
    'id_token_hint',
    'access_token',
    'account',
    'id',
    'client',
  ]
    .map(make)
    .join('&')

/** Texts that are no good query and no good form. */
const hostileTexts: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['ampersands', '&'.repeat(4000)],
  ['equals signs', '='.repeat(4000)],
  ['half an escape', pairs((name) => `${name}=%f`)],
  ['escapes that are no UTF-8', pairs((name) => `${name}=%ff%c0%af`)],
  ['an escaped surrogate', pairs((name) => `${name}=%ed%a0%80`)],
  ['NUL', pairs((name) => `${name}=%00`)],
  ['line feeds', pairs((name) => `${name}=%0d%0aset-cookie:%20a=b`)],
  ['letters outside of ASCII', pairs((name) => `${name}=${encodeURIComponent('\u{1f4a9}ä')}`)],
  ['names of prototypes', '__proto__=x&constructor=x&toString=x&__proto__[flow]=x'],
  ['names of arrays', pairs((name) => `${name}[]=x&${name}[$ne]=x`)],
  ['everything twice', pairs((name) => `${name}=x&${name}=y`)],
  ['long values', pairs((name) => `${name}=${'x'.repeat(800)}`)],
  ['a long value', `flow=${'x'.repeat(9000)}`],
  ['a thousand parameters', Array.from({ length: 1000 }, (_, index) => `p${index}=x`).join('&')],
]

/** Bodies that only a form can have. */
const hostileBodies: readonly (readonly [string, string | Buffer, Record<string, string>?])[] = [
  ['letters that are not escaped', pairs((name) => `${name}=\u{1f4a9}ä "<>`)],
  ['bytes that are no UTF-8', Buffer.from('flow=\xff\xfe&username=\xed\xa0\x80', 'latin1')],
  ['20 KB', `flow=${'x'.repeat(20_000)}`],
  ['20 KB of quotes', '"'.repeat(20_000)],
  ['6 KB of quotes', '"'.repeat(5900)],
  ['a megabyte', 'flow='.padEnd(1_000_000, 'x')],
  ['JSON that says it is a form', '{"flow":"x"}'],
  ['JSON', '{"flow":"x","step":[],"credential":{"id":{}}}', { 'content-type': 'application/json' }],
  ['deep JSON', '['.repeat(15_000), { 'content-type': 'application/json' }],
  ['parts', '--x\r\n\r\nx\r\n--x--', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['plain text', 'flow=x', { 'content-type': 'text/plain' }],
  ['two types', 'flow=x', { 'content-type': 'application/x-www-form-urlencoded, text/plain' }],
  ['a type of semicolons', 'flow=x', { 'content-type': ';'.repeat(4000) }],
  ['another charset', 'flow=x', { 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' }],
]

async function surprisesOf(route: string, asked: readonly (readonly [string, string, RequestInit])[]) {
  const [method = '', path = ''] = route.split(' ')
  const surprises: unknown[] = []
  for (const [what, query, init] of asked) {
    const answer = await send(`${path}${query}`, { method, ...init })
    const location = answer.headers.get('location') ?? '/'
    const isOwn = location.startsWith('/') && !location.startsWith('//') && location.length < 10_000
    const isHarmless = answer.status < 500 && isOwn && !answer.headers.get('set-cookie')?.includes('a=b')
    if (!isHarmless) surprises.push([what, answer.status, location.slice(0, 100), answer.body.slice(0, 200)])
  }
  return surprises
}

// REQ-8, REQ-78, REQ-178, REQ-185
describe('hostile queries and forms are answered and break nothing', () => {
  test.each(routes)('%s', async (route) => {
    const isPost = route.startsWith('POST')
    const queries = hostileTexts.map(([what, text]) => [what, `?${text}`, isPost ? { headers: own } : {}] as const)
    const inForms = [...hostileTexts, ...hostileBodies].map(
      ([what, body, headers]) => [what, '', { headers: { ...own, ...form, ...headers }, body }] as const,
    )

    expect(await surprisesOf(route, isPost ? [...queries, ...inForms] : queries)).toEqual([])
  })
})

// REQ-8, REQ-78
test('hostile values in a good request are answered and break nothing', async () => {
  const client = await putClient()
  const values = ['\0', '\r\n', '\u{1f4a9}'.repeat(200), 'x'.repeat(3000), '\ufeff', ' ', '{}', '%', 'é'.repeat(600)]
  const names = ['state', 'nonce', 'scope', 'prompt', 'max_age', 'login_hint', 'acr_values', 'ui_locales', 'resource']

  const faults: unknown[] = []

  for (const name of names)
    for (const value of values)
      for (const mode of ['query', 'form_post']) {
        const query = requestOf(client, challenge, { [name]: value, response_mode: mode })
        const { status } = await send(`/authorize?${query}`)
        if (status >= 500) faults.push([name, value, mode, status])
      }
  expect(faults).toEqual([])
})

// REQ-202
test('a token of a third-party client asks for no change of the address, and confirms none', async () => {
  const user = await createUser()
  const { tokens } = await tokensFor(service, await putClient({ first_party: false }), user, { scope: 'openid email' })
  const asked = { email: 'thief@example.com', password: user.password }

  for (const [path, members] of [
    ['/email', asked],
    ['/email/confirm', { ticket: 'x'.repeat(43), code: '00000000' }],
  ] as const) {
    const { status, headers } = await service.as(tokens.access_token, 'POST', path, members)
    expect([path, status, headers.get('www-authenticate')]).toEqual([
      path,
      403,
      expect.stringContaining('insufficient_scope'),
    ])
  }
})

// REQ-12
test('a name and a password in the address sign nobody in', async () => {
  const [client, user] = [await putClient(), await createUser()]
  const browser = openBrowser()
  const flow = await browser.begin(requestOf(client, challenge))
  const query = new URLSearchParams({ flow, ...user })

  for (const answer of [
    await browser.go(`/sign-in?${query}`),
    await browser.submit(`/sign-in?${query}`, {}),
    await browser.submit(`/sign-in?${query}`, { flow }),
    await browser.go(`/sign-in?${query}`, { method: 'POST', headers: own }),
  ])
    expect(answer.headers.getSetCookie()).toEqual([])
  expect(browser.sso()).toBeUndefined()
})

// REQ-122, REQ-123, REQ-131
test('none of it was a fault of ours, or has told the log a secret', async () => {
  const [client, user]: readonly [TestClient, User] = [await putClient(), await createUser()]
  const browser = openBrowser()
  const flow = await browser.begin(requestOf(client, challenge))
  const answer = await browser.signIn(flow, user)
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
  const log = lines.join('\n')

  expect(lines.filter((line) => /"status":5\d\d|sys_crash|Error/.test(line))).toEqual([])
  expect([code.length, browser.sso()?.length, flow.length]).toEqual([43, 64, 43])
  for (const secret of [user.password, code, browser.sso() ?? '', flow, ...browser.jar.values()])
    expect(log).not.toContain(secret)
})
