import { rm } from 'node:fs/promises'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { newFolder } from '../support/local-aws.ts'
import { openService } from '../support/local-service.ts'
import { openWebBrowser, type Shown } from '../support/web-browser.ts'

// The modules of the certification suite, by their titles: Basic OP, Config OP and RP-Initiated Logout. As there, the client
// is confidential and sends no PKCE, but where the title says so.

const data = newFolder()
const service = await openService({ data, settings: { signInPages: 'true', scopes: 'orders:read' } })
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await rm(data, { recursive: true, force: true })
})

const user = { username: 'ada', password: 'correct horse battery staple' }
const { result: account } = await service.admin({ command: 'create-user', ...user })
await service.admin({ command: 'set-email', username: 'ada', email: 'ada@example.com', verified: true })
const redirectUri = 'https://client.example.org/callback'
const goodbye = 'https://client.example.org/bye'

async function register(id: string, more: object = {}) {
  const metadata = {
    ...{ client_id: id, client_name: id, redirect_uris: [redirectUri], post_logout_redirect_uris: [goodbye] },
    ...{ grant_types: ['authorization_code', 'refresh_token'], require_pkce: false, first_party: true },
    ...more,
  }
  const { ok, result } = await service.admin({ command: 'put-client', client: metadata })
  if (!ok) throw new Error('The client was not registered.')
  const secret = String(result.client_secret)
  const isPost = 'token_endpoint_auth_method' in more
  const authentication = isPost ? openid.ClientSecretPost(secret) : openid.ClientSecretBasic(secret)
  const options = { execute: [openid.allowInsecureRequests] }
  return openid.discovery(new URL(service.url), id, secret, authentication, options)
}

const config = await register('basic')
const metadata = config.serverMetadata()
const keys = createRemoteJWKSet(new URL(metadata.jwks_uri ?? ''))

type Parameters = Readonly<Record<string, string>>

const base = { redirect_uri: redirectUri, scope: 'openid', response_type: 'code' }
const urlOf = (parameters: Parameters = {}, client = config) =>
  openid.buildAuthorizationUrl(client, { ...base, ...parameters })

const isSignIn = ({ status, text }: Shown): boolean => status === 200 && text.includes('name="password"')
const answerIn = ({ url }: Shown): Parameters => Object.fromEntries(new URL(url).searchParams)

/** Goes through the flow, signs in where it is asked to, and exchanges the code. */
async function run(parameters: Parameters = {}, browser = openWebBrowser(service.url), client = config) {
  const nonce = parameters['nonce'] ?? openid.randomNonce()
  const state = openid.randomState()
  const first = await browser.load(urlOf({ nonce, state, ...parameters }, client))
  const shown = isSignIn(first) ? await browser.signIn(first, user) : first
  const tokens = await openid.authorizationCodeGrant(client, new URL(shown.url), {
    ...{ expectedNonce: nonce, expectedState: state },
  })
  return { browser, asked: isSignIn(first), shown, tokens, claims: tokens.claims() }
}

/** What an error of the library says of the answer. */
const errorOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: { readonly error?: unknown; readonly code?: unknown }) => error.error ?? error.code,
  )

describe('Basic OP', () => {
  test('oidcc-server', async () => {
    const { claims, tokens } = await run()

    expect(claims).toMatchObject({ iss: service.url, aud: 'basic', sub: account.sub, acr: 'pwd', amr: ['pwd'] })
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 900, scope: 'openid' })
  })

  test('oidcc-response-type-missing', async () => {
    const url = urlOf()
    url.searchParams.delete('response_type')
    const shown = await openWebBrowser(service.url).load(url)

    expect(answerIn(shown)).toMatchObject({ error: 'invalid_request', iss: service.url })
  })

  test('oidcc-idtoken-signature', async () => {
    const { tokens } = await run()
    const { protectedHeader } = await jwtVerify(tokens.id_token ?? '', keys, { issuer: service.url, audience: 'basic' })

    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) })
  })

  test('oidcc-userinfo-get', async () => {
    const { tokens } = await run()

    expect(await openid.fetchUserInfo(config, tokens.access_token, account.sub)).toMatchObject({ sub: account.sub })
  })

  test.each([
    ['oidcc-userinfo-post-header', (token: string) => ({ headers: { authorization: `Bearer ${token}` } })],
    ['oidcc-userinfo-post-body', (token: string) => ({ body: new URLSearchParams({ access_token: token }) })],
  ])('%s', async (_, how) => {
    const { tokens } = await run()
    const response = await fetch(metadata.userinfo_endpoint ?? '', { method: 'POST', ...how(tokens.access_token) })

    expect([response.status, Object(await response.json()).sub]).toEqual([200, account.sub])
  })

  test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
    const browser = openWebBrowser(service.url)
    const shown = await browser.signIn(await browser.load(urlOf()), user)
    const tokens = await openid.authorizationCodeGrant(config, new URL(shown.url))

    expect(tokens.claims()).not.toHaveProperty('nonce')
  })

  test.each<[string, string, Parameters | object]>([
    ['oidcc-scope-profile', 'openid profile', { preferred_username: 'ada' }],
    ['oidcc-scope-email', 'openid email', { email: 'ada@example.com', email_verified: true }],
    [
      'oidcc-scope-all',
      'openid profile email',
      { preferred_username: 'ada', email: 'ada@example.com', email_verified: true },
    ],
  ])('%s', async (_, scope, claims) => {
    const { tokens } = await run({ scope })

    expect(await openid.fetchUserInfo(config, tokens.access_token, account.sub)).toEqual({
      sub: account.sub,
      ...claims,
    })
  })

  test.each(['oidcc-scope-address', 'oidcc-scope-phone'])('%s is skipped: the scope is not supported', (title) => {
    expect(metadata.scopes_supported).not.toContain(title.split('-').at(-1))
  })

  test('oidcc-alternate-happyflow', async () => {
    expect((await run({ response_mode: 'query' })).claims).toMatchObject({ sub: account.sub })
  })

  test.each([
    ['oidcc-display-page', { display: 'page' }],
    ['oidcc-display-popup', { display: 'popup' }],
    ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
    ['oidcc-ui-locales', { ui_locales: 'se sv' }],
    ['oidcc-claims-locales', { claims_locales: 'se' }],
    ['oidcc-ensure-request-with-acr-values-succeeds', { acr_values: '1 2' }],
    ['oidcc-claims-essential', { claims: '{"userinfo":{"name":{"essential":true}}}' }],
  ])('%s', async (_, parameters) => {
    expect((await run(parameters)).claims).toMatchObject({ sub: account.sub })
  })

  test('oidcc-prompt-login', async () => {
    const first = await run()
    const second = await run({ prompt: 'login' }, first.browser)

    expect([first.asked, second.asked, second.claims?.sub]).toEqual([true, true, account.sub])
  })

  test('oidcc-prompt-none-not-logged-in', async () => {
    const shown = await openWebBrowser(service.url).load(urlOf({ prompt: 'none', state: 's' }))

    expect(answerIn(shown)).toMatchObject({ error: 'login_required', state: 's' })
  })

  test('oidcc-prompt-none-logged-in', async () => {
    const first = await run()
    const second = await run({ prompt: 'none' }, first.browser)

    expect([second.asked, second.claims?.sub, second.claims?.['auth_time']]).toEqual([
      false,
      account.sub,
      first.claims?.['auth_time'],
    ])
  })

  test('oidcc-max-age-1', async () => {
    const first = await run()
    await new Promise((resolve) => setTimeout(resolve, 2100))
    const second = await run({ max_age: '1' }, first.browser)

    expect(second.asked).toBe(true)
    expect(Number(second.claims?.['auth_time'])).toBeGreaterThan(Number(first.claims?.['auth_time']))
  })

  test('oidcc-max-age-10000', async () => {
    const first = await run()
    const second = await run({ max_age: '10000' }, first.browser)

    expect([second.asked, second.claims?.['auth_time']]).toEqual([false, first.claims?.['auth_time']])
  })

  test('oidcc-id-token-hint', async () => {
    const first = await run()
    const hint = { prompt: 'none', id_token_hint: first.tokens.id_token ?? '' }

    expect((await run(hint, first.browser)).claims?.sub).toBe(account.sub)
  })

  test('oidcc-login-hint', async () => {
    const page = await openWebBrowser(service.url).load(urlOf({ login_hint: 'ada@example.com' }))

    expect(page.text).toContain('value="ada@example.com"')
  })

  test.each(['oidcc-codereuse', 'oidcc-codereuse-30seconds'])('%s', async () => {
    const browser = openWebBrowser(service.url)
    const shown = await browser.signIn(await browser.load(urlOf()), user)
    const redeem = () => openid.authorizationCodeGrant(config, new URL(shown.url))
    const { access_token } = await redeem()

    // The time that passes changes nothing: a used code is known for an hour.
    expect(await errorOf(redeem())).toBe('invalid_grant')
    const headers = { authorization: `Bearer ${access_token}` }
    expect((await fetch(metadata.userinfo_endpoint ?? '', { headers })).status).toBe(401)
  })

  test('oidcc-ensure-registered-redirect-uri', async () => {
    const shown = await openWebBrowser(service.url).load(urlOf({ redirect_uri: 'https://client.example.org/other' }))

    expect([shown.status, shown.url.startsWith(service.url)]).toEqual([400, true])
  })

  test('oidcc-ensure-post-request-succeeds', async () => {
    const browser = openWebBrowser(service.url)
    const { origin, pathname, searchParams } = urlOf({ state: 's' })
    const page = await browser.post(`${origin}${pathname}`, Object.fromEntries(searchParams))
    const shown = await browser.signIn(page, user)

    expect(answerIn(shown)).toEqual({ code: expect.any(String), state: 's', iss: service.url })
  })

  test('oidcc-server-client-secret-post', async () => {
    const post = await register('post', { token_endpoint_auth_method: 'client_secret_post' })

    expect((await run({}, openWebBrowser(service.url), post)).claims).toMatchObject({ aud: 'post', sub: account.sub })
  })

  test.each([
    [
      'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported',
      'request_uri',
      'https://client.example.org/r',
    ],
    [
      'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
      'request',
      'eyJhbGciOiJub25lIn0.e30.',
    ],
  ])('%s', async (_, name, value) => {
    const shown = await openWebBrowser(service.url).load(urlOf({ [name]: value, state: 's' }))

    expect(answerIn(shown)).toMatchObject({ error: `${name}_not_supported`, state: 's' })
  })

  test('oidcc-refresh-token', async () => {
    const { tokens, claims } = await run({ scope: 'openid offline_access' })
    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
    const other = await register('other')

    expect(refreshed.scope).toBe('openid offline_access')
    expect(await openid.fetchUserInfo(config, refreshed.access_token, String(claims?.sub))).toMatchObject({
      sub: account.sub,
    })
    expect(await errorOf(openid.refreshTokenGrant(other, refreshed.refresh_token ?? ''))).toBe('invalid_grant')
  })

  test('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
    const browser = openWebBrowser(service.url)
    const pkceCodeVerifier = openid.randomPKCECodeVerifier()
    const challenge = await openid.calculatePKCECodeChallenge(pkceCodeVerifier)
    const page = await browser.load(urlOf({ code_challenge: challenge, code_challenge_method: 'S256' }))
    const shown = await browser.signIn(page, user)

    const tokens = await openid.authorizationCodeGrant(config, new URL(shown.url), { pkceCodeVerifier })
    expect(tokens.claims()).toMatchObject({ sub: account.sub })
  })
})

describe('Config OP', () => {
  test('oidcc-discovery-endpoint-verification', async () => {
    const issuer = new URL(service.url)
    const insecure = { [oauth.allowInsecureRequests]: true }
    const found = await Promise.all(
      (['oidc', 'oauth2'] as const).map(async (algorithm) =>
        oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...insecure })),
      ),
    )

    expect(found[0]).toEqual(found[1])
    expect(found[0]).toMatchObject({
      issuer: service.url,
      scopes_supported: expect.arrayContaining(['openid']),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: expect.arrayContaining(['sub']),
    })
    const endpoints = [
      'authorization_endpoint',
      'token_endpoint',
      'userinfo_endpoint',
      'end_session_endpoint',
      'jwks_uri',
    ]
    for (const name of endpoints) expect(found[0]).toHaveProperty(name, expect.stringContaining(service.url))
  })
})

describe('RP-Initiated Logout', () => {
  const logOut = (parameters: Parameters) => `${metadata.end_session_endpoint}?${new URLSearchParams(parameters)}`

  /** Whether somebody is still signed in. */
  const isIn = async (browser: ReturnType<typeof openWebBrowser>) =>
    answerIn(await browser.load(urlOf({ prompt: 'none' })))['code'] !== undefined

  test.each<[string, (idToken: string) => Parameters, string]>([
    [
      'oidcc-rp-initiated-logout',
      (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: goodbye, state: 's' }),
      `${goodbye}?state=s`,
    ],
    [
      'oidcc-rp-initiated-logout-no-state',
      (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: goodbye }),
      goodbye,
    ],
  ])('%s', async (_, parameters, location) => {
    const { browser, tokens } = await run()
    const shown = await browser.load(logOut(parameters(tokens.id_token ?? '')))

    expect([shown.url, await isIn(browser)]).toEqual([location, false])
  })

  test.each<[string, (idToken: string) => Parameters]>([
    ['oidcc-rp-initiated-logout-no-post-logout-redirect-uri', (hint) => ({ id_token_hint: hint })],
  ])('%s', async (_, parameters) => {
    const { browser, tokens } = await run()
    const shown = await browser.load(logOut(parameters(tokens.id_token ?? '')))

    expect([shown.status, shown.url.startsWith(service.url), await isIn(browser)]).toEqual([200, true, false])
  })

  const modified = (token: string) => `${token.slice(0, -10)}${token.endsWith('A') ? 'B' : 'A'}${token.slice(-9)}`

  test.each<[string, (idToken: string) => Parameters]>([
    [
      'oidcc-rp-initiated-logout-bad-id-token-hint',
      () => ({ id_token_hint: 'bad', post_logout_redirect_uri: goodbye }),
    ],
    [
      'oidcc-rp-initiated-logout-modified-id-token-hint',
      (hint) => ({ id_token_hint: modified(hint), post_logout_redirect_uri: goodbye }),
    ],
    ['oidcc-rp-initiated-logout-no-id-token-hint', () => ({ post_logout_redirect_uri: goodbye, state: 's' })],
    [
      'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
      (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: 'https://client.example.org/other' }),
    ],
    [
      'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri',
      (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: `${goodbye}?foo=bar` }),
    ],
    ['oidcc-rp-initiated-logout-no-params', () => ({})],
    ['oidcc-rp-initiated-logout-only-state', () => ({ state: 's' })],
  ])('%s', async (_, parameters) => {
    const { browser, tokens } = await run()
    const asked = await browser.load(logOut(parameters(tokens.id_token ?? '')))
    const still = await isIn(browser)
    const confirmed = await browser.confirmLogOut()

    expect([asked.status, asked.url.startsWith(service.url), still]).toEqual([200, true, true])
    expect([confirmed.status, confirmed.url.startsWith(service.url), await isIn(browser)]).toEqual([200, true, false])
  })

  test('the library makes the same address', () => {
    const url = openid.buildEndSessionUrl(config, { post_logout_redirect_uri: goodbye })

    expect(url.href.startsWith(String(metadata.end_session_endpoint))).toBe(true)
  })
})
