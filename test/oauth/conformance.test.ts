import { rm } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeProtectedHeader, SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { en } from '../../functions/http/pages/texts/en.ts'
import { newFolder } from '../support/local-aws.ts'
import { openService } from '../support/local-service.ts'
import { fetchAt, openWebBrowser, type Shown } from '../support/web-browser.ts'

// The modules of the certification suite by their titles, in the plans Config OP, RP-Initiated Logout and Basic OP. As there,
// the client is confidential, registered by hand and no first-party client, and sends no PKCE but where the title says so. The
// libraries verify each ID token by the published keys, and each response by its issuer.

const issuer = 'https://auth.example.com'
const data = newFolder()
const service = await openService({ data, settings: { signInPages: 'true', scopes: 'orders:read', issuer } })
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await rm(data, { recursive: true, force: true })
})
const fetchService = fetchAt(issuer, service.url)
const openBrowser = () => openWebBrowser(issuer, fetchService)
type Browser = ReturnType<typeof openBrowser>

const user = { username: 'ada', password: 'correct horse battery staple' }
const { result: account } = await service.admin({ command: 'create-user', ...user })
await service.admin({ command: 'set-email', username: 'ada', email: 'ada@example.com', verified: true })
const { sub } = account
const callback = 'https://suite.example.org/test/a/latchkey/callback'
const goodbye = 'https://suite.example.org/test/a/latchkey/post_logout_redirect'

async function register(id: string, method: 'client_secret_basic' | 'client_secret_post' = 'client_secret_basic') {
  const client = {
    ...{ client_id: id, redirect_uris: [callback], post_logout_redirect_uris: [goodbye] },
    ...{ grant_types: ['authorization_code', 'refresh_token'], require_pkce: false },
    token_endpoint_auth_method: method,
  }
  const { result } = await service.admin({ command: 'put-client', client })
  const secret = String(result.client_secret)
  const authentication =
    method === 'client_secret_basic' ? openid.ClientSecretBasic(secret) : openid.ClientSecretPost(secret)
  const config = await openid.discovery(new URL(issuer), id, secret, authentication, {
    [openid.customFetch]: fetchService,
  })
  openid.enableNonRepudiationChecks(config)
  return config
}

const basic = await register('basic')
const metadata = basic.serverMetadata()
const userinfo = new URL(String(metadata.userinfo_endpoint))

type Parameters = Readonly<Record<string, string>>

const urlOf = (parameters: Parameters = {}, client = basic) =>
  openid.buildAuthorizationUrl(client, { redirect_uri: callback, scope: 'openid', ...parameters })
const answerIn = ({ url }: Shown): Parameters => Object.fromEntries(new URL(url).searchParams)

/** Signs in and allows where a page asks for it, until the browser is at the client. */
async function follow(browser: Browser, first: Shown): Promise<{ shown: Shown; asked: readonly string[] }> {
  const asked: string[] = []
  let shown = first
  while (shown.status !== 0) {
    asked.push(shown.heading)
    shown = shown.heading === en.signIn ? await browser.signIn(shown, user) : await browser.allow(shown)
  }
  return { shown, asked }
}

/** Goes through the flow and redeems the code. */
async function run(parameters: Parameters = {}, browser = openBrowser(), client = basic) {
  const [state, nonce] = [openid.randomState(), openid.randomNonce()]
  const { shown, asked } = await follow(browser, await browser.load(urlOf({ state, nonce, ...parameters }, client)))
  const checks = { expectedState: state, expectedNonce: nonce, idTokenExpected: true }
  const tokens = await openid.authorizationCodeGrant(client, new URL(shown.url), checks)
  return { browser, asked, answer: answerIn(shown), tokens: { ...tokens }, claims: claimsOf(tokens), nonce }
}

/** With `exp` as what it is after `iat`. */
function claimsOf(tokens: { claims: () => openid.IDToken | undefined }) {
  const claims = tokens.claims()
  if (!claims) throw new Error('There is no ID token.')
  return { ...claims, exp: claims.exp - claims.iat }
}

const idToken = (nonce: string | undefined, aud = 'basic') => ({
  ...{ iss: issuer, aud, sub, iat: expect.any(Number), exp: 900, auth_time: expect.any(Number), nonce },
  ...{ amr: ['pwd'], acr: 'pwd', sid: expect.any(String), at_hash: expect.any(String) },
})
const errorAnswer = (error: string, more: Parameters = {}) => ({
  ...{ error, error_description: expect.any(String), iss: issuer },
  ...more,
})

/** What the token endpoint refuses a request with. */
const refusal = async (request: Promise<unknown>): Promise<unknown> =>
  request.then(
    () => 'nothing',
    ({ status, error }: openid.ResponseBodyError) => [status, error],
  )

/** A sign-in, and what redeems its code, as often as one likes. */
async function newCode() {
  const browser = openBrowser()
  const { shown } = await follow(browser, await browser.load(urlOf()))
  return () => openid.authorizationCodeGrant(basic, new URL(shown.url))
}

const statusAtUserinfo = async (token: string): Promise<number> =>
  (await fetchService(userinfo, { headers: { authorization: `Bearer ${token}` } })).status

// For the last of the modules: most of the 30 seconds pass while the others run. Its consent holds for them too.
const earlyCode = await newCode()
const early = { accessToken: (await earlyCode()).access_token, redeemedAt: performance.now() }

// REQ-189
describe('Config OP', () => {
  test('oidcc-discovery-endpoint-verification', async () => {
    const options = { [oauth.customFetch]: fetchService }
    const documents = await Promise.all(
      (['oidc', 'oauth2'] as const).map(async (algorithm) => {
        const response = await oauth.discoveryRequest(new URL(issuer), { algorithm, ...options })
        return oauth.processDiscoveryResponse(new URL(issuer), response)
      }),
    )

    const methods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']
    const expected = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      revocation_endpoint: `${issuer}/revoke`,
      end_session_endpoint: `${issuer}/logout`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      scopes_supported: ['openid', 'profile', 'email', 'offline_access', 'orders:read'],
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'form_post'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: methods,
      token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
      revocation_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      acr_values_supported: ['pwd'],
      claims_supported: [
        ...['iss', 'aud', 'sub', 'iat', 'exp', 'auth_time', 'nonce', 'amr', 'acr', 'sid', 'at_hash'],
        ...['preferred_username', 'email', 'email_verified'],
      ],
      ui_locales_supported: ['en', 'de', 'fr', 'es'],
      claims_parameter_supported: false,
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
    }
    expect(documents).toEqual([expected, expected])
  })
})

// REQ-188
describe('RP-Initiated Logout', () => {
  const state = openid.randomState().repeat(3).slice(0, 128)
  const whole = (hint: string) => ({ id_token_hint: hint, post_logout_redirect_uri: goodbye, state })
  const logOut = (parameters: Parameters) => openid.buildEndSessionUrl(basic, parameters)

  /** What the browser gets that signs in without a page. */
  const silently = async (browser: Browser) => answerIn(await browser.load(urlOf({ prompt: 'none' })))
  const signedOut = errorAnswer('login_required')
  const signedIn = { code: expect.any(String), iss: issuer }

  test('oidcc-rp-initiated-logout-discovery-endpoint-verification', () => {
    expect(metadata.end_session_endpoint).toBe(`${issuer}/logout`)
  })

  test.each<[string, (hint: string) => Parameters, string]>([
    ['oidcc-rp-initiated-logout', whole, `${goodbye}?state=${state}`],
    [
      'oidcc-rp-initiated-logout-no-state',
      (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: goodbye }),
      goodbye,
    ],
  ])('%s: leads back to the client', async (_, parametersOf, address) => {
    const { browser, tokens } = await run()
    const { url } = await browser.load(logOut(parametersOf(String(tokens.id_token))))

    expect([url, await silently(browser)]).toEqual([address, signedOut])
  })

  test('oidcc-rp-initiated-logout-no-post-logout-redirect-uri: ends on a page', async () => {
    const { browser, tokens } = await run()
    const url = logOut({ id_token_hint: String(tokens.id_token), state })
    // The library adds no address, but the id of the client.
    const { heading } = await browser.load(url)

    expect([heading, await silently(browser)]).toEqual([en.signedOut, signedOut])
  })

  test.each<[string, (hint: string) => Parameters]>([
    [
      'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
      (hint) => ({ ...whole(hint), post_logout_redirect_uri: 'https://suite.example.org/test/a/latchkey/bad' }),
    ],
    [
      'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri',
      (hint) => ({ ...whole(hint), post_logout_redirect_uri: `${goodbye}?foo=bar` }),
    ],
    [
      'oidcc-rp-initiated-logout-modified-id-token-hint',
      (hint) => whole([base64url({ alg: 'none' }), hint.split('.')[1], ''].join('.')),
    ],
    ['oidcc-rp-initiated-logout-no-id-token-hint', () => ({ post_logout_redirect_uri: goodbye, state })],
    ['oidcc-rp-initiated-logout-no-params', () => ({})],
    ['oidcc-rp-initiated-logout-only-state', () => ({ state })],
  ])('%s: the person is asked, and stays on our pages', async (_, parametersOf) => {
    const { browser, tokens } = await run()
    await expectQuestion(browser, parametersOf(String(tokens.id_token)))
  })

  test('oidcc-rp-initiated-logout-bad-id-token-hint: the person is asked, and stays on our pages', async () => {
    const { browser } = await run()
    const hint = await new SignJWT({ iss: 'basic', aud: issuer, sub: 'SubjectID', nonce: 'flibble' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .setExpirationTime('5 minutes')
      .sign(Buffer.from(String(basic.clientMetadata().client_secret)))

    await expectQuestion(browser, whole(hint))
  })

  async function expectQuestion(browser: Browser, parameters: Parameters): Promise<void> {
    const asked = await browser.load(`${metadata.end_session_endpoint}?${new URLSearchParams(parameters)}`)
    const meanwhile = await silently(browser)
    const confirmed = await browser.goOn(asked)

    expect([asked.status, asked.heading, meanwhile]).toEqual([200, en.signOut, signedIn])
    expect([confirmed.heading, await silently(browser)]).toEqual([en.signedOut, signedOut])
  }
})

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

// REQ-178, REQ-181, REQ-182
describe('Basic OP', () => {
  test('oidcc-server', async () => {
    const { asked, answer, tokens, claims, nonce } = await run()

    expect(asked).toEqual([en.signIn])
    expect(answer).toEqual({ code: expect.any(String), state: expect.any(String), iss: issuer })
    expect(tokens).toEqual({
      ...{ access_token: expect.any(String), token_type: 'bearer', expires_in: 900, scope: 'openid' },
      ...{ id_token: expect.any(String), refresh_token: expect.any(String) },
    })
    expect(claims).toEqual(idToken(nonce))
  })

  test('oidcc-response-type-missing', async () => {
    const url = urlOf({ state: 's' })
    url.searchParams.delete('response_type')

    expect(answerIn(await openBrowser().load(url))).toEqual(errorAnswer('invalid_request', { state: 's' }))
  })

  test('oidcc-idtoken-signature', async () => {
    const { tokens } = await run()
    const response = await fetchService(String(metadata.jwks_uri))
    const { keys } = (await response.json()) as { readonly keys: readonly { readonly kid: string }[] }

    const [key] = keys
    expect(keys).toHaveLength(1)
    expect(decodeProtectedHeader(String(tokens.id_token))).toEqual({ alg: 'RS256', typ: 'JWT', kid: key?.kid })
  })

  test('oidcc-idtoken-unsigned is skipped: there are signed ID tokens only', () => {
    expect(metadata.id_token_signing_alg_values_supported).toEqual(['RS256'])
  })

  test.each<[string, (token: string) => Promise<Response>]>([
    ['get', (token) => fetchService(userinfo, { headers: { authorization: `Bearer ${token}` } })],
    [
      'post-header',
      (token) =>
        oauth.protectedResourceRequest(token, 'POST', userinfo, undefined, null, {
          [oauth.customFetch]: fetchService,
        }),
    ],
    [
      'post-body',
      (token) => fetchService(userinfo, { method: 'POST', body: new URLSearchParams({ access_token: token }) }),
    ],
  ])('oidcc-userinfo-%s', async (_, ask) => {
    const response = await ask((await run()).tokens.access_token)

    expect([response.status, await response.json()]).toEqual([200, { sub }])
  })

  test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
    const redeem = await newCode()

    expect(claimsOf(await redeem())).toEqual(idToken(undefined))
  })

  test.each([
    ['profile', { preferred_username: 'ada' }],
    ['email', { email: 'ada@example.com', email_verified: true }],
  ])('oidcc-scope-%s', async (scope, expected) => {
    const { tokens, claims, nonce } = await run({ scope: `openid ${scope}` })

    expect(await openid.fetchUserInfo(basic, tokens.access_token, sub)).toEqual({ sub, ...expected })
    expect([tokens.scope, claims]).toEqual([`openid ${scope}`, idToken(nonce)])
  })

  test.each([
    ['address', ['address']],
    ['phone', ['phone']],
    ['all', ['address', 'phone']],
  ])('oidcc-scope-%s is skipped: the metadata lists no such scope', async (_, missing) => {
    expect(metadata.scopes_supported?.filter((scope) => missing.includes(scope))).toEqual([])

    // A client that asks all the same gets what there is.
    const { tokens } = await run({ scope: `openid email ${missing.join(' ')}` })
    expect(tokens.scope).toBe('openid email')
  })

  test('oidcc-alternate-happy-flow', async () => {
    const browser = openBrowser()
    const { origin, pathname, searchParams } = urlOf({ scope: 'email openid', state: 's' })
    const reordered = new URLSearchParams([...searchParams].reverse())
    const { shown } = await follow(browser, await browser.load(`${origin}${pathname}?${reordered}`))
    const tokens = await openid.authorizationCodeGrant(basic, new URL(shown.url), { expectedState: 's' })

    const expected = { sub, email: 'ada@example.com', email_verified: true }
    expect(await openid.fetchUserInfo(basic, tokens.access_token, sub)).toEqual(expected)
  })

  test.each<[string, Parameters]>([
    ['oidcc-display-page', { display: 'page' }],
    ['oidcc-display-popup', { display: 'popup' }],
    ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
    ['oidcc-ui-locales', { ui_locales: 'se' }],
    ['oidcc-claims-locales', { claims_locales: 'se' }],
    ['oidcc-ensure-request-with-acr-values-succeeds', { acr_values: 'pwd' }],
    ['oidcc-claims-essential', { claims: '{"userinfo":{"name":{"essential":true}}}' }],
  ])('%s', async (_, parameters) => {
    const { asked, claims, nonce, tokens } = await run(parameters)

    expect([asked, claims]).toEqual([[en.signIn], idToken(nonce)])
    expect(await openid.fetchUserInfo(basic, tokens.access_token, sub)).toEqual({ sub })
  })

  test('oidcc-prompt-login', async () => {
    const first = await run()
    await setTimeout(1000)
    const second = await run({ prompt: 'login' }, first.browser)

    expect([second.asked, second.claims]).toEqual([[en.signIn], idToken(second.nonce)])
    expect(second.claims.auth_time).toBeGreaterThan(Number(first.claims.auth_time))
  })

  test('oidcc-prompt-none-not-logged-in', async () => {
    const shown = await openBrowser().load(urlOf({ prompt: 'none', state: 's' }))

    expect(answerIn(shown)).toEqual(errorAnswer('login_required', { state: 's' }))
  })

  test.each<[string, Parameters, (idToken: string) => Parameters]>([
    ['oidcc-prompt-none-logged-in', {}, () => ({ prompt: 'none' })],
    ['oidcc-max-age-10000', { max_age: '15000' }, () => ({ max_age: '10000' })],
    ['oidcc-id-token-hint', {}, (hint) => ({ prompt: 'none', id_token_hint: hint })],
  ])('%s: nobody is asked again', async (_, parameters, later) => {
    const first = await run(parameters)
    const second = await run(later(String(first.tokens.id_token)), first.browser)

    const { auth_time } = first.claims
    expect([second.asked, second.claims]).toEqual([[], { ...idToken(second.nonce), auth_time }])
  })

  test('oidcc-max-age-1', async () => {
    const first = await run()
    await setTimeout(2000)
    const second = await run({ max_age: '1' }, first.browser)

    expect([second.asked, second.claims]).toEqual([[en.signIn], idToken(second.nonce)])
    expect(second.claims.auth_time).toBeGreaterThan(Number(first.claims.auth_time))
  })

  test('oidcc-login-hint', async () => {
    const browser = openBrowser()
    const page = await browser.load(urlOf({ login_hint: 'ada@example.com' }))
    const { shown } = await follow(browser, await browser.send(page, { password: user.password }))

    expect([page.forms[0]?.fields['username'], answerIn(shown)]).toEqual([
      'ada@example.com',
      { code: expect.any(String), iss: issuer },
    ])
  })

  test('oidcc-codereuse', async () => {
    const redeem = await newCode()
    await redeem()

    expect(await refusal(redeem())).toEqual([400, 'invalid_grant'])
  })

  test('oidcc-ensure-registered-redirect-uri', async () => {
    const { status, heading } = await openBrowser().load(urlOf({ redirect_uri: `${callback}/JAaw9zWp3X` }))

    expect([status, heading]).toEqual([400, en.badRequest])
  })

  test('oidcc-ensure-post-request-succeeds', async () => {
    const { browser } = await run()
    const { origin, pathname, searchParams } = urlOf({ state: 's' })
    const shown = await browser.post(`${origin}${pathname}`, Object.fromEntries(searchParams))

    expect(answerIn(shown)).toEqual({ code: expect.any(String), state: 's', iss: issuer })
  })

  test('oidcc-server-client-secret-post', async () => {
    const { claims, nonce } = await run({}, openBrowser(), await register('post', 'client_secret_post'))

    expect(claims).toEqual(idToken(nonce, 'post'))
  })

  const requestObject = `${base64url({ alg: 'none' })}.${base64url({ client_id: 'basic', redirect_uri: callback })}.`

  test.each([
    ['request-uri-unsigned', 'request_uri', 'https://suite.example.org/request'],
    ['unsigned-request-object', 'request', requestObject],
  ])('oidcc-%s-supported-correctly-or-rejected-as-unsupported', async (_, name, value) => {
    // The library leaves out the response type beside a request object, the suite does not.
    for (const more of [{}, { response_type: 'code' }]) {
      const shown = await openBrowser().load(urlOf({ [name]: value, ...more }))
      expect(answerIn(shown)).toEqual(errorAnswer(`${name}_not_supported`))
    }
  })

  test('oidcc-ensure-request-object-with-redirect-uri', async () => {
    const redirect_uri = `${callback}/JAaw9zWp3X`
    const { status, heading } = await openBrowser().load(urlOf({ request: requestObject, redirect_uri }))

    expect([status, heading]).toEqual([400, en.badRequest])
  })

  test('oidcc-refresh-token', async () => {
    const scope = 'openid offline_access'
    const other = await register('other')
    const first = await run({ scope, prompt: 'consent' })
    const second = await run({ scope, prompt: 'consent' }, first.browser, other)
    const refreshed = await openid.refreshTokenGrant(basic, String(first.tokens.refresh_token), { scope })
    const token = String(second.tokens.refresh_token)

    expect([first.asked, second.asked]).toEqual([[en.signIn, en.consent('basic')], [en.consent('other')]])
    expect(refreshed).toEqual({
      ...{ access_token: expect.any(String), token_type: 'bearer', expires_in: 900, scope },
      refresh_token: expect.any(String),
    })
    expect(await openid.fetchUserInfo(basic, refreshed.access_token, sub)).toEqual({ sub })
    expect(await refusal(openid.refreshTokenGrant(basic, token))).toEqual([400, 'invalid_grant'])
    expect((await openid.refreshTokenGrant(other, token)).scope).toBe(scope)
  })

  test('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
    const browser = openBrowser()
    const pkceCodeVerifier = openid.randomPKCECodeVerifier()
    const code_challenge = await openid.calculatePKCECodeChallenge(pkceCodeVerifier)
    const url = urlOf({ code_challenge, code_challenge_method: 'S256' })
    const { shown } = await follow(browser, await browser.load(url))
    const tokens = await openid.authorizationCodeGrant(basic, new URL(shown.url), { pkceCodeVerifier })

    expect(claimsOf(tokens)).toEqual(idToken(undefined))
  })

  test('oidcc-codereuse-30seconds', async () => {
    const before = await statusAtUserinfo(early.accessToken)
    await setTimeout(Math.max(0, early.redeemedAt + 30_000 - performance.now()))

    expect(await refusal(earlyCode())).toEqual([400, 'invalid_grant'])
    expect([before, await statusAtUserinfo(early.accessToken)]).toEqual([200, 401])
  })
})
