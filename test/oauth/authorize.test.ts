import { afterAll, describe, expect, test } from '@jest/globals'
import { en } from '../../functions/http/pages/texts/en.ts'
import { openBrowser, responseIn, signInTo } from '../support/builders/oauth-browser.ts'
import { createOAuthService, issuer, newPkce } from '../support/builders/oauth-service.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

const queryOf = (parameters: Readonly<Record<string, string>>) => new URLSearchParams(parameters).toString()

const setUp = async (metadata: object = {}) => {
  const service = await createOAuthService(table)
  const client = await service.putClient(metadata)
  const { challenge } = newPkce()
  const good = {
    ...{ client_id: client.id, redirect_uri: client.redirectUri, response_type: 'code', scope: 'openid', state: 's' },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
  }
  return { service, client, good, browser: openBrowser(service) }
}

describe('an authorization request', () => {
  // REQ-178
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['an unknown client', { client_id: 'nobody' }, 'unknown_client'],
    ['no client', { client_id: '' }, 'missing_client'],
    ['no redirect URI', { redirect_uri: '' }, 'missing_redirect_uri'],
    ['an unregistered redirect URI', { redirect_uri: 'https://evil.example/' }, 'unregistered_redirect_uri'],
    [
      'a redirect URI below the registered one',
      { redirect_uri: 'https://app.example.com/callback/x' },
      'unregistered_redirect_uri',
    ],
    [
      'a redirect URI with a line end',
      { redirect_uri: 'https://app.example.com/callback\r\nSet-Cookie: a=b' },
      'unregistered_redirect_uri',
    ],
  ])('with %s is answered by a page, and the log says why', async (_, change, reason) => {
    const { service, browser, good } = await setUp()
    const page = await browser.go('GET', `/authorize?${queryOf({ ...good, ...change })}`)

    expect([page.status, page.location, page.headers['content-type']]).toEqual([400, '', 'text/html; charset=utf-8'])
    expect(page.text).not.toContain('evil.example')
    expect(service.logged()).toEqual([expect.objectContaining({ event: 'authorization', outcome: 'failure', reason })])
  })

  // REQ-178
  test.each(['client_id', 'redirect_uri', 'state', 'response_mode'])(
    'that repeats %s is answered by a page',
    async (name) => {
      const { browser, good } = await setUp()
      const page = await browser.go('GET', `/authorize?${queryOf(good)}&${name}=x&${name}=y`)

      expect([page.status, page.location]).toEqual([400, ''])
    },
  )

  // REQ-178, REQ-179, REQ-180
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['no response type', { response_type: '' }, 'invalid_request'],
    ['a token in the fragment', { response_type: 'token' }, 'unsupported_response_type'],
    ['an ID token in the fragment', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['the fragment as mode', { response_mode: 'fragment' }, 'invalid_request'],
    ['no challenge', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['a method without a challenge', { code_challenge: '' }, 'invalid_request'],
    ['a challenge without a method, which would be plain', { code_challenge_method: '' }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a short challenge', { code_challenge: 'a'.repeat(42) }, 'invalid_request'],
    ['a request object', { request: 'e30.e30.' }, 'request_not_supported'],
    ['a request object and nothing beside it', { request: 'e30.e30.', response_type: '' }, 'request_not_supported'],
    ['a request object elsewhere', { request_uri: 'https://evil.example/' }, 'request_uri_not_supported'],
    ['a registration', { registration: '{}' }, 'registration_not_supported'],
    ['a malformed scope', { scope: 'openid "x"' }, 'invalid_scope'],
    ['an unknown resource', { resource: 'https://evil.example/' }, 'invalid_target'],
    ['prompt=none beside another', { prompt: 'none login' }, 'invalid_request'],
    ['a negative max_age', { max_age: '-1' }, 'invalid_request'],
    ['a foreign ID token', { id_token_hint: 'a.b.c' }, 'invalid_request'],
  ])('with %s goes back to its client as an error', async (_, change, error) => {
    const { client, browser, good } = await setUp()
    const answer = await browser.go('GET', `/authorize?${queryOf({ ...good, ...change })}`)

    expect(answer.status).toBe(303)
    expect(answer.location.startsWith(`${client.redirectUri}?`)).toBe(true)
    expect(responseIn(answer)).toEqual({ error, error_description: expect.any(String), state: 's', iss: issuer })
  })

  test('of a client that is not registered for codes goes back to it as an error', async () => {
    const { browser, good } = await setUp({ grant_types: [] })

    expect(responseIn(await browser.go('GET', `/authorize?${queryOf(good)}`))).toMatchObject({
      error: 'unauthorized_client',
    })
  })

  test('ignores parameters that it does not know', async () => {
    const { browser, good } = await setUp()
    const page = await browser.go(
      'GET',
      `/authorize?${queryOf({ ...good, foo: 'bar', display: 'popup', claims: '{}' })}`,
    )

    expect([page.status, page.text.includes('name="password"')]).toEqual([200, true])
  })

  test('by POST is asked again by GET, to the byte', async () => {
    const { service, good } = await setUp()
    const state = 'a b+c&d=é%"<>\'#'
    const answer = await service.call('POST /authorize', {
      form: { ...good, state },
      headers: { origin: 'https://a.example' },
    })
    const [path, query = ''] = (answer.headers['location'] ?? '').split('?')

    expect([answer.status, path, answer.cookies]).toEqual([303, '/authorize', []])
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({ ...good, state })
  })

  // REQ-178
  test('gets its state back unchanged, in a form too', async () => {
    const { browser, good } = await setUp()
    const state = `"><script>alert('é & ü')</script>\u0001 +%20`
    const asked = { ...good, state, response_mode: 'form_post', prompt: 'none' }
    const { status, text, headers } = await browser.go('GET', `/authorize?${queryOf(asked)}`)

    expect(status).toBe(200)
    expect(text).not.toContain('<script>alert')
    expect(text).toContain(
      'name="state" value="&quot;&gt;&lt;script&gt;alert(&#39;é &amp; ü&#39;)&lt;/script&gt;\u0001 +%20"',
    )
    expect(text).toContain('<form method="post" action="https://app.example.com/callback">')
    expect(headers['content-security-policy']).not.toMatch(/form-action|unsafe/)
  })
})

describe('a page', () => {
  // REQ-186
  test('allows no script, frame or resource of others, and is not kept', async () => {
    const { browser, good } = await setUp()
    const { headers } = await browser.go('GET', `/authorize?${queryOf(good)}`)

    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    const policy = headers['content-security-policy'] ?? ''
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      expect.stringMatching(/^style-src 'sha256-[\w+/]{43}='$/),
      "img-src 'self' data:",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ])
  })

  // REQ-186
  test('escapes what others have written', async () => {
    const { browser, good } = await setUp({ client_name: `<img src=x onerror='a("b")'>` })
    const { text } = await browser.go('GET', `/authorize?${queryOf({ ...good, login_hint: '"><svg onload=x>' })}`)

    expect(text).not.toMatch(/<img|<svg/)
    expect(text).toContain('&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt;')
    expect(text).toContain('value="&quot;&gt;&lt;svg onload=x&gt;"')
    expect(text).toContain('Shop &amp; Co')
  })

  // REQ-187
  test('names its fields, for people and for password managers', async () => {
    const { browser, good } = await setUp()
    const { text } = await browser.go('GET', `/authorize?${queryOf(good)}`)

    expect(text).toMatch(/<html lang="en">/)
    for (const [id, autocomplete] of [
      ['username', 'username'],
      ['password', 'current-password'],
    ]) {
      expect(text).toContain(`<label for="${id}">`)
      expect(text).toMatch(new RegExp(`<input id="${id}"[^>]* autocomplete="${autocomplete}"`))
    }
  })

  // DESIGN 13
  // DESIGN 18
  test.each([
    { hasSignUp: false, hasForgot: false },
    { hasSignUp: true, hasForgot: false },
    { hasSignUp: true, hasForgot: true },
  ])('leads with its flow to the pages that there are, and again after a wrong password: %j', async (links) => {
    const service = await createOAuthService(table, { links })
    const browser = openBrowser(service)
    const { page } = await browser.authorize(await service.putClient())
    const { flow } = page.fields
    const linksOf = ({ text }: { readonly text: string }) => [...text.matchAll(/href="(\/[^"]*)"/g)].map(([, to]) => to)

    const expected = [
      ...(links.hasForgot ? [`/forgot?flow=${flow}`] : []),
      ...(links.hasSignUp ? [`/sign-up?flow=${flow}`] : []),
    ]
    expect(linksOf(page)).toEqual(expected)
    expect(linksOf(await browser.go('GET', `/sign-in?flow=${flow}`))).toEqual(expected)
    expect(linksOf(await browser.signIn(page, undefined, 'a wrong password'))).toEqual(expected)
  })

  test('is one request of at most 15 KB', async () => {
    const { browser, good } = await setUp()
    const { text } = await browser.go('GET', `/authorize?${queryOf(good)}`)

    expect(Buffer.byteLength(text)).toBeLessThan(15_000)
    expect(text).not.toMatch(/(src|href)="(?!\/|data:,")/)
  })
})

describe('a wrong password', () => {
  test('leads to the page again, with the name and without the password', async () => {
    const { service, browser, good } = await setUp()
    const page = await browser.go('GET', `/authorize?${queryOf(good)}`)
    const again = await browser.signIn(page, service.username, 'wrong battery staple')
    const unknown = await browser.signIn(page, 'nobody "here"', 'wrong battery staple')

    expect([again.status, again.fields]).toEqual([400, page.fields])
    expect(again.text).toContain(`value="${service.username}"`)
    expect(again.text).not.toContain('wrong battery staple')
    // REQ-174
    expect(unknown.text.replace('nobody &quot;here&quot;', service.username)).toBe(again.text)
    expect(responseIn(await browser.signIn(again))).toMatchObject({ code: expect.any(String) })
  })

  test('is counted as at the log-in, and locks both', async () => {
    const { service, browser, good } = await setUp()
    const page = await browser.go('GET', `/authorize?${queryOf(good)}`)
    for (let guess = 0; guess < 10; guess += 1) await browser.signIn(page, service.username, `wrong guess ${guess}`)
    const locked = await browser.signIn(page)
    const json = { username: service.username, password: service.password }

    expect([locked.status, locked.headers['retry-after']]).toEqual([429, '30'])
    expect((await service.call('POST /login', { json })).status).toBe(429)
  })
})

describe('a form', () => {
  // REQ-185
  test.each<[string, Readonly<Record<string, string>>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
    ['nowhere', { 'sec-fetch-site': 'none' }],
    ['another origin, of an old browser', { 'sec-fetch-site': '', origin: 'https://evil.example' }],
    ['no origin, of an old browser', { 'sec-fetch-site': '', origin: 'null' }],
  ])('of %s is refused', async (_, headers) => {
    const { service, browser, good } = await setUp({ first_party: false })
    const page = await browser.go('GET', `/authorize?${queryOf(good)}`)
    const consent = await browser.signIn(page)
    const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''))
    const cookies = [...browser.jar].map(([name, value]) => `${name}=${value}`)
    const post = (path: string, form: Readonly<Record<string, string>>) =>
      service.call(`POST ${path}`, { form, headers: sent, cookies })
    const credentials = { username: service.username, password: service.password }

    const answers = await Promise.all([
      post('/sign-in', { ...page.fields, ...credentials }),
      post('/sign-in/factor', { ...page.fields, step: 'x', kind: 'totp', code: '123456' }),
      post('/consent', { ...consent.fields, decision: 'allow' }),
      post('/logout/confirm', {}),
    ])
    expect(answers.map(({ status, cookies }) => [status, cookies])).toEqual(Array(4).fill([403, []]))
  })

  // REQ-185
  test('of a flow that another browser has begun is refused', async () => {
    const { service, browser, good } = await setUp()
    const page = await browser.go('GET', `/authorize?${queryOf(good)}`)
    const victim = openBrowser(service)
    const own = await victim.go('GET', `/authorize?${queryOf(good)}`)
    const without = await openBrowser(service).signIn(page)

    expect(own.status).toBe(200)
    for (const answer of [await victim.signIn(page), without])
      expect([answer.status, answer.cookies]).toEqual([400, []])
  })

  test('that is sent twice, or again after the back button, leads to the client each time', async () => {
    const { browser, good } = await setUp()
    const page = await browser.go('GET', `/authorize?${queryOf(good)}`)
    const answers = [...(await Promise.all([browser.signIn(page), browser.signIn(page)])), await browser.signIn(page)]

    expect(answers.map((answer) => Object.keys(responseIn(answer)))).toEqual(Array(3).fill(['code', 'state', 'iss']))
    expect(new Set(answers.map(({ location }) => location)).size).toBe(3)
  })

  test('of a page that is an hour old says what to do next', async () => {
    const { service, browser, good } = await setUp()
    const page = await browser.go('GET', `/authorize?${queryOf(good)}`)
    service.clock.advance(3600)
    const answer = await browser.signIn(page)

    expect([answer.status, answer.text.includes('sign in again')]).toEqual([400, true])
  })
})

describe('single sign-on', () => {
  test('signs in to a second client without a page', async () => {
    const { service, client, browser, good } = await setUp()
    const other = await service.putClient()
    await signInTo(service, client, {}, browser)
    const answer = await browser.go('GET', `/authorize?${queryOf({ ...good, client_id: other.id })}`)

    expect([answer.status, Object.keys(responseIn(answer))]).toEqual([303, ['code', 'state', 'iss']])
  })

  // REQ-184
  test('has another cookie after each sign-in, and the one before is worth nothing', async () => {
    const { service, client, browser, good } = await setUp()
    const { page } = await browser.authorize(client)
    const first = await browser.go('POST', '/sign-in', {
      ...page.fields,
      username: service.username,
      password: service.password,
    })
    const [before = ''] = first.cookies
    const again = await browser.authorize(client, { prompt: 'login' })
    await browser.signIn(again.page)
    const thief = openBrowser(service)
    thief.jar.set('__Host-latchkey', /=([^;]+)/.exec(before)?.[1] ?? '')

    expect(before).toMatch(/^__Host-latchkey=[\w-]{64}; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
    expect(browser.jar.get('__Host-latchkey')).not.toBe(thief.jar.get('__Host-latchkey'))
    expect(responseIn(await thief.go('GET', `/authorize?${queryOf({ ...good, prompt: 'none' })}`))).toMatchObject({
      error: 'login_required',
    })
  })

  // REQ-184
  test('takes no cookie of two of one name, of which a neighbour may have set one', async () => {
    const { service, client, browser, good } = await setUp()
    await signInTo(service, client, {}, browser)
    const cookies = [...browser.jar].map(([name, value]) => `${name}=${value}`)
    const query = queryOf({ ...good, prompt: 'none' })
    const twice = await service.call('GET /authorize', {
      query,
      cookies: [...cookies, `__Host-latchkey=${'a'.repeat(64)}`],
    })

    expect(twice.headers['location']).toContain('error=login_required')
  })

  // REQ-151, REQ-184
  test.each(['disable', 'remove', 'revokeSessions'] as const)('ends with %s', async (end) => {
    const { service, client, browser, good } = await setUp()
    await signInTo(service, client, {}, browser)
    await service.lifecycle[end](service.username)

    expect(responseIn(await browser.go('GET', `/authorize?${queryOf({ ...good, prompt: 'none' })}`))).toMatchObject({
      error: 'login_required',
    })
  })
})

describe('what a client asks of the sign-in', () => {
  const isPage = ({ status, text }: { readonly status: number | undefined; readonly text: string }) =>
    status === 200 && text.includes('name="password"')

  // REQ-182
  test('prompt=none shows no page, and says what is missing', async () => {
    const { service, client, browser, good } = await setUp()
    const third = await service.putClient({ first_party: false })
    const native = await service.putClient({ redirect_uris: ['http://localhost/callback'] })
    const ask = async (change: Readonly<Record<string, string>> = {}) =>
      responseIn(await browser.go('GET', `/authorize?${queryOf({ ...good, prompt: 'none', ...change })}`))['error']
    const before = await ask()
    await signInTo(service, client, {}, browser)

    expect(before).toBe('login_required')
    expect(await ask()).toBeUndefined()
    expect(await ask({ client_id: third.id })).toBe('consent_required')
    expect(await ask({ client_id: native.id, redirect_uri: 'http://localhost:1234/callback' })).toBe(
      'interaction_required',
    )
  })

  // REQ-182
  test('prompt=login and select_account ask for the password again, once', async () => {
    const { service, client, browser } = await setUp()
    await signInTo(service, client, {}, browser)
    for (const prompt of ['login', 'select_account']) {
      const { page } = await browser.authorize(client, { prompt })
      expect([isPage(page), Object.keys(responseIn(await browser.signIn(page)))]).toEqual([true, ['code', 'iss']])
    }
  })

  // REQ-176, REQ-182
  test('max_age asks again when the sign-in was longer ago', async () => {
    const { service, client, browser } = await setUp()
    const first = await signInTo(service, client, {}, browser)
    service.clock.advance(100)
    const recent = await browser.authorize(client, { max_age: '100' })
    const { page } = await browser.authorize(client, { max_age: '99' })
    const zero = await browser.authorize(client, { max_age: '0' })

    expect(first.status).toBe(200)
    expect([isPage(recent.page), isPage(page), isPage(zero.page)]).toEqual([false, true, true])
    expect(responseIn(await browser.signIn(zero.page))).toMatchObject({ code: expect.any(String) })
  })

  // REQ-182
  test('id_token_hint expects a person, and another one is an error', async () => {
    const { service, client, browser, good } = await setUp()
    const { json } = await signInTo(service, client, {}, browser)
    const hint = { id_token_hint: json.id_token }
    const same = await browser.authorize(client, hint)
    const other = await createOAuthService(table)
    const { page } = await openBrowser(service).authorize(client, hint)
    const foreign = openBrowser(service)
    const asked = await foreign.authorize(client, hint)
    const signedIn = await foreign.signIn(asked.page, other.username, other.password)
    const accessToken = { ...good, id_token_hint: json.access_token }

    expect(responseIn(same.page)).toMatchObject({ code: expect.any(String) })
    expect(isPage(page)).toBe(true)
    expect(responseIn(signedIn)).toMatchObject({ error: 'login_required' })
    expect(responseIn(await browser.go('GET', `/authorize?${queryOf(accessToken)}`))).toMatchObject({
      error: 'invalid_request',
    })
  })

  test('login_hint stands in the field', async () => {
    const { service, client, browser } = await setUp()
    const { page } = await browser.authorize(client, { login_hint: service.username })

    expect(page.text).toContain(`name="username" value="${service.username}"`)
  })
})

describe('consent', () => {
  // REQ-183
  test('is asked for once for each client and scope', async () => {
    const { service, browser } = await setUp()
    const third = await service.putClient({ first_party: false, client_name: 'Partner', scope: 'orders:read' })
    const { page } = await browser.authorize(third, { scope: 'openid email' })
    const consent = await browser.signIn(page)
    const allowed = await browser.decide(consent, 'allow')
    const again = await browser.authorize(third, { scope: 'openid' })
    const more = await browser.authorize(third, { scope: 'openid orders:read' })
    const asked = await browser.authorize(third, { scope: 'openid', prompt: 'consent' })

    expect(consent.text).toContain('Partner')
    expect(consent.text).toContain('app.example.com')
    expect(consent.text).toContain('your e-mail address')
    expect([allowed, again.page].map(responseIn)).toEqual(Array(2).fill({ code: expect.any(String), iss: issuer }))
    expect([more.page, asked.page].map(({ text }) => text.includes('value="allow"'))).toEqual([true, true])
  })

  // REQ-183
  test('that is denied goes back to the client, and nothing is remembered', async () => {
    const { service, browser } = await setUp()
    const third = await service.putClient({ first_party: false })
    const { page } = await browser.authorize(third)
    const denied = await browser.decide(await browser.signIn(page), 'deny')
    const again = await browser.authorize(third)

    expect(responseIn(denied)).toMatchObject({ error: 'access_denied' })
    expect(again.page.text).toContain('value="allow"')
  })

  // REQ-183
  test('is asked for each time by a client that any app could impersonate, first party or not', async () => {
    const { service, browser } = await setUp()
    const native = await service.putClient({ redirect_uris: ['com.example.app:/callback'] })
    const first = await browser.authorize(native)
    const consent = await browser.signIn(first.page)
    const allowed = await browser.decide(consent, 'allow')
    const again = await browser.authorize(native)

    expect(responseIn(allowed)).toMatchObject({ code: expect.any(String) })
    expect([consent, again.page].map(({ text }) => text.includes('value="allow"'))).toEqual([true, true])
  })

  test('of a client that was deleted does not hold for the next one of its id', async () => {
    const { service, browser } = await setUp()
    const third = await service.putClient({ first_party: false })
    const { page } = await browser.authorize(third)
    await browser.decide(await browser.signIn(page), 'allow')
    await service.deleteClient(third.id)
    await service.putClient({ client_id: third.id, first_party: false })
    const again = await browser.authorize(third)

    expect(again.page.text).toContain('value="allow"')
    expect(responseIn(await browser.decide(again.page, 'allow'))).toMatchObject({ code: expect.any(String) })
  })

  test('goes with the account', async () => {
    const { service, browser } = await setUp()
    const third = await service.putClient({ first_party: false })
    const { page } = await browser.authorize(third)
    await browser.decide(await browser.signIn(page), 'allow')
    await service.lifecycle.remove(service.username)
    const { sub } = service.account

    expect(await service.consentsOf(sub)).toEqual([])
  })
})

describe('log-out', () => {
  const registered = { post_logout_redirect_uris: ['https://app.example.com/bye', 'https://app.example.com/bye?a=b'] }
  const goodbye = 'https://app.example.com/bye'

  // REQ-188
  test.each([
    ['with state', goodbye, { state: 'a b' }, `${goodbye}?state=a%20b`],
    ['without state', goodbye, {}, goodbye],
    ['with a query', `${goodbye}?a=b`, { state: 's' }, `${goodbye}?a=b&state=s`],
  ])('with a valid hint leads back to the client at once: %s', async (_, uri, more, location) => {
    const { service, client, browser, good } = await setUp(registered)
    const { json } = await signInTo(service, client, {}, browser)
    service.clock.advance(3600)
    const query = queryOf({ id_token_hint: json.id_token, post_logout_redirect_uri: uri, ...more })
    const answer = await browser.go('GET', `/logout?${query}`)

    expect([answer.status, answer.location]).toEqual([303, location])
    expect(browser.jar.has('__Host-latchkey')).toBe(false)
    expect(responseIn(await browser.go('GET', `/authorize?${queryOf({ ...good, prompt: 'none' })}`))).toMatchObject({
      error: 'login_required',
    })
  })

  // REQ-188
  test.each<[string, (idToken: string) => Readonly<Record<string, string>>]>([
    ['no hint', () => ({ post_logout_redirect_uri: goodbye })],
    ['nothing', () => ({})],
    ['a malformed hint', () => ({ id_token_hint: 'x', post_logout_redirect_uri: goodbye })],
    [
      'a changed hint',
      (token) => ({ id_token_hint: `${token.slice(0, -8)}AAAAAAAA`, post_logout_redirect_uri: goodbye }),
    ],
    ['another client_id', (token) => ({ id_token_hint: token, client_id: 'x', post_logout_redirect_uri: goodbye })],
    [
      'an unregistered address',
      (token) => ({ id_token_hint: token, post_logout_redirect_uri: 'https://evil.example/' }),
    ],
    ['a query added to the address', (token) => ({ id_token_hint: token, post_logout_redirect_uri: `${goodbye}?a=c` })],
  ])('with %s asks first, and leads nowhere even then', async (_, parameters) => {
    const { service, client, browser } = await setUp(registered)
    const { json } = await signInTo(service, client, {}, browser)
    const asked = await browser.go('GET', `/logout?${queryOf(parameters(json.id_token))}`)
    const still = await browser.authorize(client, { prompt: 'none' })
    const confirmed = await browser.go('POST', '/logout/confirm')
    const gone = await browser.authorize(client, { prompt: 'none' })

    expect([asked.status, asked.location, asked.text.includes('/logout/confirm')]).toEqual([200, '', true])
    expect([confirmed.status, confirmed.location]).toEqual([200, ''])
    expect([still, gone].map(({ page }) => responseIn(page)['error'])).toEqual([undefined, 'login_required'])
  })

  test('says that an address is not registered, to the person and in the log', async () => {
    const { service, client, browser } = await setUp(registered)
    const { json } = await signInTo(service, client, {}, browser)
    const query = queryOf({ id_token_hint: json.id_token, post_logout_redirect_uri: 'https://evil.example/' })
    const { text } = await browser.go('GET', `/logout?${query}`)

    expect([text.includes(en.badRedirect), text.includes('evil.example')]).toEqual([true, false])
    expect(service.logged().at(-1)).toMatchObject({ event: 'session_logout', reason: 'unregistered_redirect_uri' })
  })

  test("with another person's ID token asks first", async () => {
    const { service, client, browser } = await setUp(registered)
    await signInTo(service, client, {}, browser)
    const other = await createOAuthService(table)
    const theirs = openBrowser(service)
    const { verifier, page } = await theirs.authorize(client)
    const { code = '' } = responseIn(await theirs.signIn(page, other.username, other.password))
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier, client_id: client.id }
    const { id_token } = JSON.parse((await service.call('POST /token', { form })).text)
    const asked = await browser.go(
      'GET',
      `/logout?${queryOf({ id_token_hint: id_token, post_logout_redirect_uri: goodbye })}`,
    )

    expect([asked.status, browser.jar.has('__Host-latchkey')]).toEqual([200, true])
  })
})

test('a sign-in that was begun in one tab and ended in another goes on in both', async () => {
  const { service, client, browser } = await setUp()
  const first = await browser.authorize(client)
  const second = await browser.authorize(client)
  const ended = await browser.signIn(second.page)
  const other = await browser.signIn(first.page)

  expect([ended, other].map((answer) => Object.keys(responseIn(answer)))).toEqual(Array(2).fill(['code', 'iss']))
  expect(service.logged().filter(({ event }) => event === 'authn_login_success')).toHaveLength(2)
})
