import { once } from 'node:events'
import { request } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { en } from '../../functions/http/pages/texts/en.ts'
import {
  type Answer,
  allow,
  basic,
  codeFor,
  flowIn,
  hiddenIn,
  newPkce,
  openAttackedService,
  requestOf,
  responseIn,
  tokensFor,
} from './attacked-service.ts'

const service = await openAttackedService()
afterAll(service[Symbol.asyncDispose])
const { url, command, send, as, token, refresh, createUser, putClient, openBrowser, logIn } = service

const { challenge } = newPkce()
const thirdParty = { first_party: false }
const confidential = { token_endpoint_auth_method: 'client_secret_basic' }
const invalidGrant = { status: 400, body: expect.stringContaining('"invalid_grant"') }
const said = ({ status, headers }: Answer) => [status, headers.get('location')]
const isAlive = async (accessToken: string) => (await as(accessToken, 'GET', '/me')).status === 200
const authorize = (query: string) => send(`/authorize?${query}`)

describe('a redirect URI', () => {
  // REQ-178, REQ-180
  test('that is not the registered one to the letter gets a page and no redirect', async () => {
    const client = await putClient({ redirect_uris: ['https://app.example/cb', 'https://app.example/cb?a=1'] })
    const tricks = [
      'https://app.example/CB',
      'https://APP.example/cb',
      'HTTPS://app.example/cb',
      'http://app.example/cb',
      'https://app.example/cb/',
      'https://app.example/cb/../cb',
      'https://app.example/cb/..%2fevil',
      'https://app.example/%63b',
      'https://app.example/cb%2f',
      'https://app.example//cb',
      'https://app.example\\cb',
      'https://app.example\\@evil.example/cb',
      'https://app.example:443/cb',
      'https://app.example:8443/cb',
      'https://app.example./cb',
      'https://app.example@evil.example/cb',
      'https://app.example:x@evil.example/cb',
      'https://evil.example#app.example/cb',
      'https://app.example/cb#',
      'https://app.example/cb#evil',
      'https://app.example/cb?',
      'https://app.example/cb?b=2',
      'https://app.example/cb?a=1&b=2',
      'https://app.example/cb;x',
      'https://app.example/cb\r\nset-cookie: a=b',
      'https://app.example/cb\0',
      ' https://app.example/cb',
      'https://app.example/cb ',
      'https://\u0430pp.example/cb',
      'https://app.example\u3002evil.example/cb',
      'https://sub.app.example/cb',
      'https://app.example.evil.example/cb',
      '//app.example/cb',
      '/cb',
      'javascript:alert(1)//https://app.example/cb',
      'data:text/html,x',
    ]

    for (const redirect_uri of tricks) {
      const answer = await authorize(requestOf(client, challenge, { redirect_uri }))
      expect([redirect_uri, ...said(answer)]).toEqual([redirect_uri, 400, null])
      expect(answer.body).not.toContain('evil')
    }
  })

  // REQ-178
  test('on the loopback interface has a free port, and nothing else that is free', async () => {
    const client = await putClient({ redirect_uris: ['http://localhost:3000/cb', 'http://127.0.0.1/cb'] })
    const ask = (redirect_uri: string) => authorize(requestOf(client, challenge, { redirect_uri }))
    const tricks = [
      'http://localhost.evil.example/cb',
      'http://localhost:80@evil.example/cb',
      'http://localhost@evil.example:3000/cb',
      'http://localhost:3000.evil.example/cb',
      'http://localhost:3000/cb/../evil',
      'http://localhost:3000/evil',
      'http://localhost:3000/cb?x',
      'http://localhost:3000/cb#x',
      'http://localhost:99999/cb',
      'http://localhost:/cb',
      'http://localhost:0003000/cb',
      'https://localhost:3000/cb',
      'http://LOCALHOST:3000/cb',
      'http://[::1]:3000/cb',
      'http://127.0.0.2/cb',
      'http://127.1/cb',
      'http://2130706433/cb',
      'http://0x7f000001/cb',
      'http://127.0.0.1.evil.example/cb',
      'http://127.0.0.1:3000\\@evil.example/cb',
    ]

    for (const good of ['http://localhost:51234/cb', 'http://127.0.0.1:51234/cb'])
      expect((await ask(good)).status).toBe(200)
    for (const trick of tricks) expect([trick, ...said(await ask(trick))]).toEqual([trick, 400, null])
  })

  // REQ-178
  test('is not chosen by repeating a parameter, in whatever spelling', async () => {
    const client = await putClient()
    const other = await putClient()
    const query = requestOf(client, challenge)
    const evil = encodeURIComponent('https://evil.example/')
    const tricks = [
      `${query}&redirect_uri=${evil}`,
      `redirect_uri=${evil}&${query}`,
      `${query}&redirect%5furi=${evil}`,
      `${query}&client_id=${other.id}`,
      `${query}&state=another`,
      `${query}&response_mode=form_post&response_mode=query`,
      `${query}&redirect_uri[]=${evil}`.replace('redirect_uri=', 'redirect_uri[]='),
    ]

    for (const trick of tricks) expect(said(await authorize(trick))).toEqual([400, null])
  })

  // REQ-178
  test('is answered with an error of any other repeated parameter', async () => {
    const client = await putClient()

    for (const name of ['scope', 'code_challenge', 'nonce', 'prompt', 'response_type', 'unknown']) {
      const answer = await authorize(`${requestOf(client, challenge)}&${name}=x&${name}=y`)
      expect(responseIn(answer)).toMatchObject({ to: client.redirectUri, said: { error: 'invalid_request' } })
    }
  })

  // REQ-178
  test('of another client is none', async () => {
    const [client, { redirectUri }] = [await putClient(), await putClient()]

    expect(said(await authorize(requestOf(client, challenge, { redirect_uri: redirectUri })))).toEqual([400, null])
  })
})

// REQ-178
test('mix-up: every response names its issuer and returns the state unchanged, errors too, in both modes', async () => {
  const client = await putClient()
  const user = await createUser()
  const state = '\'"><script>alert(1)</script>&amp;\r\nset-cookie: a=b\u2028 +%2B'
  const browser = openBrowser()
  const good = await browser.signIn(await browser.begin(requestOf(client, challenge, { state })), user)
  const responses = [
    good,
    await browser.authorize(requestOf(client, challenge, { state })),
    await authorize(requestOf(client, challenge, { state, prompt: 'none' })),
    await authorize(requestOf(client, challenge, { state, response_type: 'token' })),
    await authorize(requestOf(client, challenge, { state, code_challenge: undefined })),
  ]

  for (const response of responses) {
    expect(responseIn(response)).toMatchObject({ to: client.redirectUri, said: { state, iss: url } })
    expect(response.headers.get('location')).not.toMatch(/[\r\n<>" ]/)
    expect(response.headers.get('set-cookie') ?? '').not.toContain('a=b')
  }
  const posted = await browser.authorize(requestOf(client, challenge, { state: 'a state', response_mode: 'form_post' }))
  expect(hiddenIn(posted.body)).toMatchObject({ state: 'a state', iss: url, code: expect.any(String) })
})

describe('PKCE', () => {
  // REQ-179
  test('cannot be left out, nor made plain, nor weak', async () => {
    const client = await putClient()
    const downgrades = [
      { code_challenge: undefined, code_challenge_method: undefined },
      { code_challenge: undefined },
      { code_challenge: '' },
      { code_challenge_method: undefined },
      { code_challenge_method: 'plain' },
      { code_challenge_method: 's256' },
      { code_challenge: 'x' },
      { code_challenge: `${challenge}=` },
      { code_challenge: challenge.slice(1) },
    ]

    for (const changes of downgrades) {
      const answer = await authorize(requestOf(client, challenge, changes))
      expect(responseIn(answer).said).toMatchObject({ error: 'invalid_request' })
    }
  })

  // REQ-179
  test('refuses a code without its verifier, with another, or with the challenge', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const { grant, verifier, redeem } = await codeFor(service, client, user)
    const { code_verifier: _, ...without } = grant
    const wrong = ['', verifier.slice(1), `${verifier}=`, verifier.toUpperCase(), newPkce().verifier, challenge]

    expect(await token(client, without)).toMatchObject({ status: 400 })
    for (const code_verifier of wrong) expect((await token(client, { ...grant, code_verifier })).status).toBe(400)
    expect((await redeem()).status).toBe(200)
  })

  // REQ-179: a code that was injected into a client that asked without a challenge, or with one.
  test('downgrade: a client that need not use it cannot be made to take a code of another flow', async () => {
    const client = await putClient({ ...confidential, require_pkce: false })
    const user = await createUser()
    const bare = await codeFor(service, client, user, { code_challenge: undefined, code_challenge_method: undefined })
    const bound = await codeFor(service, client, user)
    const { code_verifier: _, ...unverified } = bound.grant
    const { code_verifier: __, ...good } = bare.grant
    const { redirect_uri: ___, ...unnamed } = good

    expect(await token(client, bare.grant)).toMatchObject(invalidGrant)
    expect(await token(client, unverified)).toMatchObject(invalidGrant)
    expect(await token(client, unnamed)).toMatchObject(invalidGrant)
    expect([(await token(client, good)).status, (await bound.redeem()).status]).toEqual([200, 200])
  })
})

// REQ-180
test('no implicit or hybrid flow, no fragment, no request object', async () => {
  const client = await putClient()
  const asked: readonly (readonly [Record<string, string>, string])[] = [
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: 'id_token' }, 'unsupported_response_type'],
    [{ response_type: 'code id_token' }, 'unsupported_response_type'],
    [{ response_type: 'code token' }, 'unsupported_response_type'],
    [{ response_type: 'CODE' }, 'unsupported_response_type'],
    [{ response_type: 'none' }, 'unsupported_response_type'],
    [{ response_mode: 'fragment' }, 'invalid_request'],
    [{ response_mode: 'web_message' }, 'invalid_request'],
    [{ request: 'e30.e30.' }, 'request_not_supported'],
    [{ request_uri: 'http://169.254.169.254/' }, 'request_uri_not_supported'],
    [{ registration: '{}' }, 'registration_not_supported'],
  ]

  for (const [changes, error] of asked)
    expect(responseIn(await authorize(requestOf(client, challenge, changes))).said).toMatchObject({ error })
})

describe('a code', () => {
  // REQ-179
  test('that is redeemed ten times at once gives tokens once, and then none that last', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const { redeem } = await codeFor(service, client, user)

    const answers = await Promise.all(Array.from({ length: 10 }, redeem))

    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(400)])
    const [given] = answers.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body))
    expect(await refresh(client, given)).toMatchObject(invalidGrant)
    expect(await isAlive(given.access_token)).toBe(false)
  })

  // REQ-179
  test('that is used again later ends the session, refreshed or not', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const { redeem, tokens } = await redeemed(client, user)
    const refreshed = JSON.parse((await refresh(client, tokens)).body)

    expect(await redeem()).toMatchObject(invalidGrant)
    expect(await refresh(client, refreshed)).toMatchObject(invalidGrant)
    expect([await isAlive(tokens.access_token), await isAlive(refreshed.access_token)]).toEqual([false, false])
  })

  // REQ-179
  test('of another client, redirect URI or verifier is refused, not used up, and ends nothing when it was used', async () => {
    const user = await createUser()
    const [client, other] = [
      await putClient({ redirect_uris: ['https://a.example/1', 'https://a.example/2'] }),
      await putClient(),
    ]
    const { redeem, grant } = await codeFor(service, client, user)
    const wrong = () => [
      token(other, grant),
      token(client, { ...grant, redirect_uri: 'https://a.example/2' }),
      token(client, { ...grant, redirect_uri: 'https://a.example/1/' }),
      token(client, { ...grant, code_verifier: newPkce().verifier }),
      token(client, { ...grant, code: `${grant.code}A` }),
    ]

    for (const answer of await Promise.all(wrong())) expect(answer).toMatchObject(invalidGrant)
    const tokens = JSON.parse((await redeem()).body)
    for (const answer of await Promise.all(wrong())) expect(answer).toMatchObject(invalidGrant)
    expect(await isAlive(tokens.access_token)).toBe(true)
    expect((await refresh(client, tokens)).status).toBe(200)
  })

  const ends: readonly (readonly [string, (user: { username: string; password: string }) => Promise<unknown>])[] = [
    ['the user was disabled', ({ username }) => command('disable-user', { username })],
    ['the user was deleted', ({ username }) => command('delete-user', { username })],
    [
      'the user was deleted and another has the name',
      async (user) => {
        await command('delete-user', { username: user.username })
        await command('create-user', user)
      },
    ],
    [
      'an administrator has set the password',
      ({ username }) => command('set-password', { username, password: 'another long password' }),
    ],
    [
      'the user has changed the password',
      async (user) => {
        const { access_token } = await logIn(user)
        const members = { current_password: user.password, new_password: 'another long password' }
        expect((await as(access_token, 'POST', '/password', members)).status).toBe(200)
      },
    ],
    ['all sessions were ended', ({ username }) => command('revoke-sessions', { username })],
    ['the user has signed out everywhere', async (user) => as((await logIn(user)).access_token, 'DELETE', '/sessions')],
  ]

  // REQ-179, REQ-184
  test.each(ends)('is worth nothing after %s', async (_, end) => {
    const [client, user] = [await putClient(), await createUser()]
    const scope = 'openid offline_access'
    const [plain, offline] = [await codeFor(service, client, user), await codeFor(service, client, user, { scope })]
    await end(user)

    expect(await plain.redeem()).toMatchObject(invalidGrant)
    expect(await offline.redeem()).toMatchObject(invalidGrant)
    expect((await plain.browser.authorize(requestOf(client, challenge))).body).toContain('name="password"')
  })

  // REQ-179, REQ-188
  test.each(['openid', 'openid offline_access'])(
    'for "%s" is worth nothing after its browser has signed out',
    async (scope) => {
      const [client, user] = [await putClient(), await createUser()]
      const { browser, redeem } = await codeFor(service, client, user, { scope })
      await browser.submit('/logout/confirm', {})

      expect(await redeem()).toMatchObject(invalidGrant)
    },
  )

  // REQ-179
  test.each([
    ['was deleted', {}, false],
    ['was deleted and registered again', {}, true],
    ['may no longer use codes', { grant_types: [], redirect_uris: [] }, true],
    ['has lost its redirect URI', { redirect_uris: ['https://new.example/cb'] }, true],
  ])('is worth nothing when its client %s', async (what, changes, again) => {
    const metadata = { client_id: `gone-${what.length}`, redirect_uris: ['https://old.example/cb'] }
    const client = await putClient(metadata)
    const user = await createUser()
    const { redeem } = await codeFor(service, client, user)
    if (what.includes('deleted')) await command('delete-client', { client_id: client.id })
    if (again) await putClient({ ...metadata, ...changes })

    expect((await redeem()).status).toBe(again ? 400 : 401)
  })

  // REQ-183, REQ-202
  test('of a client that is no longer first-party gives it nothing that nobody has allowed', async () => {
    const client = await putClient()
    const { redeem } = await codeFor(service, client, await createUser())
    await putClient({ client_id: client.id, redirect_uris: [client.redirectUri], ...thirdParty })

    expect(await redeem()).toMatchObject(invalidGrant)
  })

  // REQ-203
  test('gives no more scope than its client may have by then', async () => {
    const metadata = { client_id: 'narrowed', redirect_uris: ['https://narrowed.example/cb'], scope: 'read write' }
    const client = await putClient(metadata)
    const { redeem } = await codeFor(service, client, await createUser('read write'), { scope: 'openid read write' })
    await putClient({ ...metadata, scope: 'read' })

    expect(JSON.parse((await redeem()).body).scope).toBe('openid read')
  })
})

async function redeemed(
  ...[client, user, changes]: [
    Parameters<typeof codeFor>[1],
    Parameters<typeof codeFor>[2],
    Parameters<typeof codeFor>[3]?,
  ]
) {
  return tokensFor(service, client, user, changes).then(({ grant, ...rest }) => ({
    ...rest,
    redeem: () => token(client, grant),
  }))
}

describe('a token in the place of another', () => {
  // REQ-181
  test('an ID token opens nothing, and an access token is no hint', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const { tokens, browser } = await tokensFor(service, client, user)
    const { id_token, access_token } = tokens

    for (const path of ['/me', '/sessions', '/userinfo']) expect((await as(id_token, 'GET', path)).status).not.toBe(200)
    expect(await refresh(client, { refresh_token: id_token })).toMatchObject(invalidGrant)
    await token(client, { token: id_token })
    const hinted = await browser.authorize(requestOf(client, challenge, { id_token_hint: access_token }))
    expect(responseIn(hinted).said).toMatchObject({ error: 'invalid_request' })
    expect((await browser.go(`/logout?id_token_hint=${access_token}`)).body).toContain('/logout/confirm')
    expect(browser.sso()).toBeDefined()
  })

  // REQ-181
  test('a hint of another client, of another issuer, without a signature or of a forged one is refused', async () => {
    const [client, other, user] = [await putClient(), await putClient(), await createUser()]
    const { tokens, browser } = await tokensFor(service, client, user)
    const [header = '', payload = '', signature = ''] = tokens.id_token.split('.')
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const hints = [
      `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`,
      `${header}.${payload}.`,
      `${header}.${encode({ ...decodeJwt(tokens.id_token), sub: 'another' })}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      'x',
    ]

    for (const id_token_hint of hints) {
      const answer = await browser.authorize(requestOf(client, challenge, { id_token_hint }))
      expect(responseIn(answer).said).toMatchObject({ error: 'invalid_request' })
    }
    const foreign = await browser.authorize(requestOf(other, challenge, { id_token_hint: tokens.id_token }))
    expect(responseIn(foreign).said).toMatchObject({ error: 'invalid_request' })
  })

  // REQ-181
  test('userinfo refuses tokens without openid, of a log-in, and of a session that has ended', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const { access_token } = await logIn(user)
    const bare = await tokensFor(service, client, user, { scope: 'profile' })
    const good = await tokensFor(service, client, user)

    expect((await as(access_token, 'GET', '/userinfo')).status).toBe(403)
    expect((await as(bare.tokens.access_token, 'GET', '/userinfo')).status).toBe(403)
    expect((await as(good.tokens.access_token, 'GET', '/userinfo')).status).toBe(200)
    await good.browser.submit('/logout/confirm', {})
    expect((await as(good.tokens.access_token, 'GET', '/userinfo')).status).not.toBe(200)
    expect((await send(`/userinfo?access_token=${good.tokens.access_token}`)).status).toBe(401)
  })

  // REQ-12, REQ-70
  test('a token at userinfo is taken from the header or the form of a POST, once, and from nowhere else', async () => {
    const { tokens } = await tokensFor(service, await putClient(), await createUser())
    const { access_token } = tokens
    const inForm = `access_token=${access_token}`
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const bearer = { authorization: `Bearer ${access_token}` }
    const ask = async (method: string, headers: Record<string, string>, body = '', query = '') => {
      const { port } = new URL(url)
      const sent = request({ port, method, path: `/userinfo${query}`, headers, agent: false }).end(body)
      const [response] = await once(sent, 'response')
      response.resume()
      return response.statusCode
    }

    expect(await ask('GET', bearer)).toBe(200)
    expect(await ask('POST', bearer)).toBe(200)
    expect(await ask('POST', form, inForm)).toBe(200)
    expect([
      await ask('GET', { ...form, 'content-length': String(inForm.length) }, inForm),
      await ask('GET', {}, '', `?${inForm}`),
      await ask('POST', {}, '', `?${inForm}`),
      await ask('POST', { 'content-type': 'application/json' }, JSON.stringify({ access_token })),
      await ask('POST', { 'content-type': 'text/plain' }, inForm),
      await ask('POST', form, `${inForm}&${inForm}`),
      await ask('POST', { ...form, ...bearer }, inForm),
      await ask('GET', { cookie: inForm }),
    ]).toEqual(Array(8).fill(401))
  })

  // REQ-202
  test('a token of a third-party client changes and reads nothing of the account', async () => {
    const user = await createUser('read')
    const client = await putClient({ ...thirdParty, scope: 'read' })
    const { tokens } = await tokensFor(service, client, user, { scope: 'openid profile email offline_access read' })
    const me = tokens.access_token
    const { sid } = decodeJwt(me)
    const requests: readonly (readonly [string, string, object?])[] = [
      ['GET', '/sessions'],
      ['DELETE', '/sessions'],
      ['DELETE', `/sessions/${sid}`],
      ['POST', '/password', { current_password: user.password, new_password: 'another long password' }],
      ['GET', '/factors'],
      ['POST', '/factors/totp', {}],
      ['POST', '/factors/totp/confirm', { code: '000000' }],
      ['POST', '/factors/passkeys', {}],
      ['POST', '/factors/recovery-codes', {}],
      ['DELETE', '/factors/totp'],
      ['DELETE', '/factors/passkeys/x'],
    ]

    for (const [method, path, members] of requests) {
      const answer = await as(me, method, path, members)
      expect([method, path, answer.status, answer.headers.get('www-authenticate')]).toEqual([
        method,
        path,
        403,
        expect.stringContaining('insufficient_scope'),
      ])
    }
    expect((await as(me, 'GET', '/userinfo')).status).toBe(200)
    expect((await logIn(user)).access_token).toBeDefined()
  })
})

describe('another client', () => {
  // REQ-203, REQ-179
  test('refreshes and revokes nothing, and ends nothing by trying', async () => {
    const user = await createUser()
    const [client, other, third] = [await putClient(), await putClient(confidential), await putClient(thirdParty)]
    const { tokens } = await tokensFor(service, client, user)
    const revoke = (members: Record<string, string>, headers: Record<string, string> = {}) =>
      send('/revoke', { method: 'POST', headers, body: new URLSearchParams(members) })

    for (const attacker of [other, third]) expect(await refresh(attacker, tokens)).toMatchObject(invalidGrant)
    expect(
      await send('/token', {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token }),
      }),
    ).toMatchObject({ status: 400 })
    for (const each of [tokens.refresh_token, tokens.access_token]) {
      expect((await revoke({ token: each })).status).toBe(400)
      expect((await revoke({ token: each, client_id: 'web' })).status).toBe(400)
      expect((await revoke({ token: each, client_id: third.id })).status).toBe(400)
      expect((await revoke({ token: each }, basic(other.id, other.secret ?? ''))).status).toBe(400)
      expect((await revoke({ token: each, client_id: other.id })).status).toBe(401)
    }
    expect(await isAlive(tokens.access_token)).toBe(true)
    expect((await refresh(client, tokens)).status).toBe(200)
  })

  // REQ-183, REQ-202
  test('that was first-party and is so no longer gets no new token of its older sessions', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const { tokens } = await tokensFor(service, client, user, { scope: 'openid offline_access' })
    await putClient({ client_id: client.id, redirect_uris: [client.redirectUri], ...thirdParty })

    expect(await refresh(client, tokens)).toMatchObject(invalidGrant)
  })

  // REQ-203
  test('with a secret must send it, in its own way, and a public one must not', async () => {
    const user = await createUser()
    const client = await putClient(confidential)
    const posting = await putClient({ token_endpoint_auth_method: 'client_secret_post' })
    const { grant, redeem } = await codeFor(service, client, user)
    const post = (members: Record<string, string>, headers: Record<string, string> = {}) =>
      send('/token', { method: 'POST', headers, body: new URLSearchParams({ ...grant, ...members }) })
    const secret = client.secret ?? ''
    const wrong = [
      await post({ client_id: client.id }),
      await post({ client_id: client.id, client_secret: secret }),
      await post({}, basic(client.id, '')),
      await post({}, basic(client.id, `${secret}x`)),
      await post({}, basic(client.id, posting.secret ?? '')),
      await post({}, basic(posting.id, posting.secret ?? '')),
      await post({ client_id: 'unknown' }),
      await post({}, basic('unknown', secret)),
      await post({ client_id: 'web', client_secret: secret }),
    ]

    expect(wrong.map(({ status }) => status)).toEqual(wrong.map(() => 401))
    expect((await post({ client_secret: secret }, basic(client.id, secret))).status).toBe(400)
    expect((await post({ client_id: posting.id }, basic(client.id, secret))).status).toBe(400)
    expect((await redeem()).status).toBe(200)
    const open = await putClient()
    const begun = await codeFor(service, open, user)
    expect((await token({ ...open, secret: 'x' }, begun.grant)).status).toBe(401)
  })

  // REQ-203
  test('after two rotations the first secret is dead, and the latest two are good', async () => {
    const client = await putClient(confidential)
    const user = await createUser()
    const { tokens } = await tokensFor(service, client, user)
    const rotate = async () => (await command('rotate-client-secret', { client_id: client.id })).client_secret
    const [second, third] = [await rotate(), await rotate()]
    const statuses = []
    let latest = tokens
    for (const secret of [client.secret, second, third]) {
      const answer = await refresh({ ...client, secret }, latest)
      statuses.push(answer.status)
      if (answer.status === 200) latest = JSON.parse(answer.body)
    }

    expect(statuses).toEqual([401, 200, 200])
  })

  // REQ-78: an id that no store takes is unknown, and no fault of ours.
  test('of an impossible id is unknown', async () => {
    for (const id of ['x'.repeat(129), 'x'.repeat(3000), '%00', 'a#b', '__proto__', '\u{1f4a9}']) {
      const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'x', client_id: id })
      expect((await send('/token', { method: 'POST', body })).status).toBe(401)
      const revoking = new URLSearchParams({ token: 'x', client_id: id })
      expect((await send('/revoke', { method: 'POST', body: revoking })).status).toBe(401)
      expect((await authorize(new URLSearchParams({ client_id: id }).toString())).status).toBe(400)
    }
  })
})

describe('a form that no page of ours has sent', () => {
  const foreign: readonly Record<string, string>[] = [
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: url.replace('http', 'https') },
    { origin: `${url}.evil.example` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'cross-site', origin: url },
    { 'sec-fetch-site': '' },
    { 'sec-fetch-site': 'same-origin, cross-site' },
    { referer: `${url}/sign-in` },
  ]

  // REQ-185
  test.each(foreign)('signs nobody in, allows nothing and signs nobody out: %j', async (headers) => {
    const [client, user] = [await putClient(thirdParty), await createUser()]
    const browser = openBrowser()
    const flow = await browser.begin(requestOf(client, challenge))
    expect((await browser.submit('/sign-in', { flow, ...user }, headers)).status).toBe(403)
    expect(browser.sso()).toBeUndefined()

    await browser.signIn(flow, user)
    const sso = browser.sso()
    for (const [path, members] of [
      ['/sign-in/factor', { flow, step: 'x', kind: 'totp', code: '000000' }],
      ['/consent', { flow, decision: 'allow' }],
      ['/consent', { flow, decision: 'deny' }],
      ['/logout/confirm', {}],
      ['/sign-in/passkey', { flow }],
    ] as const) {
      const answer = await browser.submit(path, members, headers)
      expect([path, answer.status, answer.headers.get('set-cookie')]).toEqual([path, 403, null])
    }
    const silent = await browser.authorize(requestOf(client, challenge, { prompt: 'none' }))
    expect([browser.sso(), responseIn(silent).said['error']]).toEqual([sso, 'consent_required'])
  })

  // REQ-185: of a browser without Fetch Metadata.
  test('is known by its origin where the browser says no more', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const browser = openBrowser()
    const flow = await browser.begin(requestOf(client, challenge))

    expect((await browser.submit('/sign-in', { flow, ...user }, { origin: url })).status).toBe(303)
  })

  // REQ-185
  test('log-in CSRF: a page of the attacker’s flow is nothing in another browser', async () => {
    const [client, attacker] = [await putClient(), await createUser()]
    const flow = await openBrowser().begin(requestOf(client, challenge))
    const victim = openBrowser()
    await victim.begin(requestOf(client, challenge))

    for (const path of ['/sign-in', '/sign-in/factor', '/consent'])
      expect((await victim.go(`${path}?flow=${flow}`)).status).toBe(400)
    expect((await victim.submit('/sign-in', { flow, ...attacker })).status).toBe(400)
    expect((await victim.submit('/consent', { flow, decision: 'allow' })).status).toBe(400)
    expect(victim.sso()).toBeUndefined()
  })
})

describe('the session of a browser', () => {
  // REQ-184
  test('is another one at each authentication, and the one before is dead', async () => {
    const [client, alice, bob] = [await putClient(), await createUser(), await createUser()]
    const browser = openBrowser()
    const seen: (string | undefined)[] = []
    for (const user of [alice, alice, bob]) {
      const flow = await browser.begin(requestOf(client, challenge, { prompt: 'login' }))
      await browser.signIn(flow, user)
      seen.push(browser.sso())
    }
    const ask = async (sso = '') => {
      const thief = openBrowser()
      thief.jar.set(thief.names.sso, sso)
      return responseIn(await thief.authorize(requestOf(client, challenge, { prompt: 'none' }))).said
    }

    expect(new Set(seen).size).toBe(3)
    expect(await ask(seen[0])).toMatchObject({ error: 'login_required' })
    expect(await ask(seen[1])).toMatchObject({ error: 'login_required' })
    expect(await ask(seen[2])).toMatchObject({ code: expect.any(String) })
  })

  // REQ-184
  test('is never one that the browser brought along', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const browser = openBrowser()
    browser.jar.set(browser.names.sso, 'A'.repeat(64))
    const flow = await browser.begin(requestOf(client, challenge))
    await browser.signIn(flow, user)

    expect([browser.sso(), browser.sso()?.length]).toEqual([expect.not.stringContaining('A'.repeat(21)), 64])
  })

  // REQ-184
  test('is nobody’s where a neighbour has added a cookie of the same name', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const { browser } = await codeFor(service, client, user)
    const { names } = browser
    const mine = browser.sso()
    const pairs = [`${names.sso}=${'A'.repeat(64)}; ${names.sso}=${mine}`, `${names.sso}=${mine}; ${names.sso}=${mine}`]

    for (const cookie of pairs) {
      const answer = await send(`/authorize?${requestOf(client, challenge, { prompt: 'none' })}`, {
        headers: { cookie },
      })
      expect(responseIn(answer).said).toMatchObject({ error: 'login_required' })
    }
    const flow = await browser.begin(requestOf(client, challenge, { prompt: 'login' }))
    const twice = `${names.flow}=${browser.jar.get(names.flow)}; ${names.flow}=${'A'.repeat(43)}`
    expect((await send(`/sign-in?flow=${flow}`, { headers: { cookie: twice } })).status).toBe(400)
  })

  // REQ-184
  test('is in a cookie that scripts and other sites do not get', async () => {
    const browser = openBrowser()
    const begun = await browser.authorize(requestOf(await putClient(), challenge))
    const signedIn = await browser.signIn(flowIn(begun), await createUser())

    for (const cookie of [...begun.headers.getSetCookie(), ...signedIn.headers.getSetCookie()])
      expect(cookie).toMatch(/^latchkey-(flow-\d+=[\w-]{43}|\d+=[\w-]{64}); Path=\/; HttpOnly; SameSite=Lax$/)
  })

  // REQ-185
  test('double submit and the back button: a second sign-in is another one, and the first code is worth nothing', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const first = await codeFor(service, client, user)
    const again = await first.browser.signIn(first.flow, user)

    expect(responseIn(again).said['code']).toEqual(expect.any(String))
    expect(await first.redeem()).toMatchObject(invalidGrant)
  })
})

describe('consent', () => {
  // REQ-183
  test('is asked for whatever the client sends along, and by a page that names it and its host', async () => {
    const client = await putClient({ ...thirdParty, client_name: 'A <b>nice</b> app', scope: 'read' })
    const user = await createUser('read')
    const browser = openBrowser()
    const flow = await browser.begin(requestOf(client, challenge, { scope: 'openid read' }))
    const answer = await browser.signIn(flow, user)
    expect(answer.headers.get('location')).toBe(`/consent?flow=${flow}`)
    const page = await browser.go(`/consent?flow=${flow}`)
    const silent = await browser.authorize(requestOf(client, challenge, { prompt: 'none' }))
    const claimed = await browser.authorize(`${requestOf(client, challenge, { prompt: 'none' })}&first_party=true`)

    expect(page.body).toContain('A &lt;b&gt;nice&lt;/b&gt; app')
    expect(page.body).toContain(new URL(client.redirectUri).host)
    expect([silent, claimed].map((each) => responseIn(each).said['error'])).toEqual(Array(2).fill('consent_required'))
  })

  // REQ-183
  test('is given by the button only, and refused by anything else', async () => {
    const [client, user] = [await putClient(thirdParty), await createUser()]
    for (const decision of ['', 'Allow', 'allow ', 'deny', 'true']) {
      const browser = openBrowser()
      const flow = await browser.begin(requestOf(client, challenge))
      await browser.signIn(flow, user)
      const { body } = await browser.go(`/consent?flow=${flow}`)
      const answer = await browser.submit('/consent', { ...hiddenIn(body), decision })
      expect(responseIn(answer).said).toMatchObject({ error: 'access_denied' })
    }
  })

  // REQ-183, REQ-185
  test('is not given by a form that says two things, or is no form', async () => {
    const [client, user] = [await putClient(thirdParty), await createUser()]
    const browser = openBrowser()
    const flow = await browser.begin(requestOf(client, challenge))
    await browser.signIn(flow, user)
    const { body: page } = await browser.go(`/consent?flow=${flow}`)
    const good = String(new URLSearchParams({ ...hiddenIn(page), decision: 'allow' }))
    const send = (body: string, headers: Record<string, string> = {}) =>
      browser.go('/consent', {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
      })
    const form = 'application/x-www-form-urlencoded'

    for (const answer of [
      await send(`decision=deny&${good}`),
      await send(`${good}&flow=x`),
      await send(good, { 'content-type': 'text/plain' }),
      await send(good, { 'content-type': `${form}; charset=utf-16` }),
      await send(good, { 'content-encoding': 'gzip' }),
    ])
      expect(said(answer)).toEqual([400, null])
    expect(responseIn(await send(good)).said).toMatchObject({ code: expect.any(String) })
  })

  // REQ-183
  test('that was given for less is asked for again for more, and for another client always', async () => {
    const user = await createUser('read write')
    const metadata = { ...thirdParty, scope: 'read write' }
    const [client, other] = [await putClient(metadata), await putClient(metadata)]
    const { browser } = await codeFor(service, client, user, { scope: 'read' })
    const ask = async (of: typeof client, scope: string) =>
      responseIn(await browser.authorize(requestOf(of, challenge, { scope, prompt: 'none' }))).said

    expect(await ask(client, 'read')).toMatchObject({ code: expect.any(String) })
    expect(await ask(client, 'read write')).toMatchObject({ error: 'consent_required' })
    expect(await ask(other, 'read')).toMatchObject({ error: 'consent_required' })
    await command('delete-client', { client_id: client.id })
    await putClient({ ...metadata, client_id: client.id, redirect_uris: [client.redirectUri] })
    expect(await ask(client, 'read')).toMatchObject({ error: 'consent_required' })
  })

  // REQ-183
  test.each([true, false])(
    'is asked for every time where any program can be this client (first party: %s)',
    async (first_party) => {
      const user = await createUser()
      for (const redirect_uris of [['http://127.0.0.1/cb'], ['com.example.app:/cb']]) {
        const client = await putClient({ first_party, redirect_uris })
        const { browser } = await codeFor(service, client, user)
        const again = await browser.authorize(requestOf(client, challenge))
        const silent = await browser.authorize(requestOf(client, challenge, { prompt: 'none' }))
        expect(again.headers.get('location')).toMatch(/^\/consent\?flow=/)
        expect(responseIn(silent).said['error']).toBe(first_party ? 'interaction_required' : 'consent_required')
      }
    },
  )

  // REQ-183, REQ-185: the page was shown to one user, and the button pressed after another had signed in.
  test('is given by the user to whom the page was shown, not by who has signed in since in another tab', async () => {
    const [client, alice, bob] = [await putClient(thirdParty), await createUser(), await createUser()]
    const browser = openBrowser()
    const flow = await browser.begin(requestOf(client, challenge))
    await browser.signIn(flow, alice)
    const shown = await browser.go(`/consent?flow=${flow}`)
    const another = await browser.begin(requestOf(await putClient(), challenge, { prompt: 'login' }))
    await browser.signIn(another, bob)

    const answer = await browser.submit('/consent', { ...hiddenIn(shown.body), decision: 'allow' })

    expect(said(answer)).toEqual([303, `/consent?flow=${flow}`])
    expect((await browser.go(`/consent?flow=${flow}`)).body).toContain(bob.username)
  })

  // REQ-183, REQ-203
  test('is given for the scope that the page showed, not for what was added since', async () => {
    const client = await putClient({ ...thirdParty, scope: 'read write' })
    const user = await createUser('read')
    const browser = openBrowser()
    const flow = await browser.begin(requestOf(client, challenge, { scope: 'read write' }))
    await browser.signIn(flow, user)
    const shown = await browser.go(`/consent?flow=${flow}`)
    await command('set-scopes', { username: user.username, scope: 'read write' })

    const answer = await browser.submit('/consent', { ...hiddenIn(shown.body), decision: 'allow' })

    expect(said(answer)).toEqual([303, `/consent?flow=${flow}`])
    expect(responseIn(await allow(browser, flow)).said['code']).toEqual(expect.any(String))
  })

  // REQ-203
  test('a third-party client that asks for nothing gets nothing, and one that asks for more than it may does not', async () => {
    const client = await putClient({ ...thirdParty, scope: 'read' })
    const user = await createUser('read write')
    const nothing = await tokensFor(service, client, user, { scope: undefined })
    const much = await tokensFor(service, client, user, { scope: 'openid read write admin' })

    expect([nothing.tokens.scope, much.tokens.scope]).toEqual(['', 'openid read'])
  })
})

describe('a second factor on the pages', () => {
  const stepIn = ({ headers }: Answer) => /[?&]step=([\w-]+)/.exec(headers.get('location') ?? '')?.[1] ?? ''

  async function setUp() {
    const [client, user] = [await putClient(), await createUser()]
    const app = await service.enrolTotp(user)
    const browser = openBrowser()
    const flow = await browser.begin(requestOf(client, challenge))
    const step = stepIn(await browser.signIn(flow, user))
    const prove = (members: Record<string, string> = {}, by = browser) =>
      by.submit('/sign-in/factor', { flow, step, kind: 'totp', code: app.code(), ...members })
    return { client, user, app, browser, flow, step, prove }
  }

  // REQ-168, REQ-185
  test('belongs to its flow: it is nothing in another one, in another browser or at the JSON routes', async () => {
    const { client, user, app, browser, step, prove } = await setUp()
    const other = await browser.begin(requestOf(client, challenge))
    const stranger = openBrowser()
    await stranger.begin(requestOf(client, challenge))
    const { auth_session } = JSON.parse((await service.post('/login', user)).body)

    expect((await prove({ flow: other })).status).toBe(400)
    expect((await prove({}, stranger)).status).toBe(400)
    expect((await prove({ step: auth_session })).status).toBe(400)
    const json = await service.post('/login', { auth_session: step, totp: app.code(), code: app.code() })
    expect(json).toMatchObject({ status: 400 })
    expect([browser.sso(), stranger.sso()]).toEqual([undefined, undefined])
    expect((await prove()).headers.getSetCookie()).toHaveLength(1)
  })

  // REQ-173, REQ-185
  test('by passkey: a challenge belongs to its flow too', async () => {
    const client = await putClient()
    const browser = openBrowser()
    const [flow, other] = [
      await browser.begin(requestOf(client, challenge)),
      await browser.begin(requestOf(client, challenge)),
    ]
    const ask = async (members: object, by = browser) =>
      JSON.parse(
        (
          await by.go('/sign-in/passkey', {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
            body: JSON.stringify(members),
          })
        ).body,
      )
    const { step } = await ask({ flow })
    const { auth_session } = JSON.parse((await service.post('/login/passkey', {})).body)

    expect(await ask({ flow, step })).toMatchObject({ step, options: expect.any(Object) })
    expect(await ask({ flow: other, step })).toEqual({ location: `/sign-in?flow=${other}` })
    expect(await ask({ flow, step: auth_session })).toEqual({ location: `/sign-in?flow=${flow}` })
    expect(await ask({ flow, step }, openBrowser())).toEqual({ location: '/sign-in' })
    expect((await service.post('/login/passkey', { auth_session: step })).status).toBe(400)
  })

  // REQ-170, REQ-184
  test('of two submits at once signs in once', async () => {
    const { prove } = await setUp()
    const answers = await Promise.all([prove(), prove(), prove()])

    expect(answers.filter(({ headers }) => headers.getSetCookie().length > 0)).toHaveLength(1)
  })

  // REQ-188
  test('that is submitted again leads on, and one whose step is over back to the sign-in with the reason', async () => {
    const { flow, prove } = await setUp()
    await prove()
    const again = await prove()
    const over = await setUp()
    const wrong = []
    for (let tried = 0; tried < 6; tried += 1) wrong.push(await over.prove({ kind: 'recovery_code', code: 'wrong' }))

    expect(said(again)).toEqual([303, `/consent?flow=${flow}`])
    expect(wrong[0]?.body).toContain(en.wrongCode)
    // The field that was used stays open.
    expect(wrong[0]?.body).toMatch(
      /<details open><summary>[^<]*<\/summary><form[\s\S]*id="recovery_code"[^>]*autofocus/,
    )
    expect(wrong.at(-1)?.status).toBe(400)
    expect(wrong.at(-1)?.body).toContain(en.stepOver)
    expect(wrong.at(-1)?.body).toContain('id="password"')
    expect(over.browser.sso()).toBeUndefined()
  })

  // REQ-176, REQ-184
  test('is not left out by going to the next page, to consent, or back', async () => {
    const { client, browser, flow } = await setUp()

    for (const path of ['/consent', '/sign-in/factor']) {
      const answer = await browser.go(`${path}?flow=${flow}`)
      expect(said(answer)).toEqual([303, `/sign-in?flow=${flow}`])
    }
    const silent = await browser.authorize(requestOf(client, challenge, { prompt: 'none' }))
    expect(responseIn(silent).said).toMatchObject({ error: 'login_required' })
  })

  // REQ-184, REQ-188: the page that asks for the factor is still open.
  test('is not added to the session of a browser that has signed out since', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const { browser } = await codeFor(service, client, user)
    const app = await service.enrolTotp(user)
    const signedIn = browser.sso() ?? ''
    const flow = flowIn(await browser.authorize(requestOf(client, challenge, { acr_values: 'mfa' })))
    const step = stepIn(await browser.go(`/sign-in/factor?flow=${flow}`))
    expect(step).not.toBe('')
    await browser.submit('/logout/confirm', {})

    for (const cookie of ['', signedIn]) {
      if (cookie) browser.jar.set(browser.names.sso, cookie)
      const members = { flow, step, kind: 'totp', code: app.code() }
      expect((await browser.submit('/sign-in/factor', members)).headers.getSetCookie()).toEqual([])
      const shown = await browser.go(`/sign-in/factor?flow=${flow}&step=${step}`)
      expect(said(shown)).toEqual([303, `/sign-in?flow=${flow}`])
    }
  })
})

describe('what a client asks of the sign-in', () => {
  // REQ-182
  test('prompt=none shows no page and tells a client only what it may know', async () => {
    const [first, third, user] = [await putClient(), await putClient(thirdParty), await createUser()]
    const { browser } = await codeFor(service, first, user)
    const ask = async (client: typeof first, changes: Record<string, string> = {}, by = browser) => {
      const answer = await by.authorize(requestOf(client, challenge, { prompt: 'none', ...changes }))
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([303, []])
      return responseIn(answer).said['error']
    }

    expect(await ask(first, {}, openBrowser())).toBe('login_required')
    expect(await ask(third, {}, openBrowser())).toBe('login_required')
    expect(await ask(first)).toBeUndefined()
    expect(await ask(third)).toBe('consent_required')
    expect(await ask(first, { prompt: 'none login' })).toBe('invalid_request')
    expect(await ask(third, { login_hint: user.username })).toBe('consent_required')
    expect(await ask(third, { login_hint: 'somebody else' })).toBe('consent_required')
  })

  // REQ-182
  test('max_age=0, prompt=login and select_account need a new sign-in, and the session from before is none', async () => {
    const [client, user] = [await putClient(), await createUser()]
    const { browser } = await codeFor(service, client, user)

    for (const changes of [{ max_age: '0' }, { prompt: 'login' }, { prompt: 'select_account' }]) {
      // The clock of sign-ins counts whole seconds.
      await setTimeout(1100)
      const flow = await browser.begin(requestOf(client, challenge, changes))
      expect(said(await browser.go(`/consent?flow=${flow}`))).toEqual([303, `/sign-in?flow=${flow}`])
      expect(responseIn(await browser.signIn(flow, user)).said['code']).toEqual(expect.any(String))
    }
    for (const max_age of ['-1', '1.5', '1e3', '0x10', ' 1', '9999999999', 'x'])
      expect(responseIn(await browser.authorize(requestOf(client, challenge, { max_age }))).said).toMatchObject({
        error: 'invalid_request',
      })
  })

  // REQ-182
  test('a hint of one user is no way in for another', async () => {
    const [client, alice, bob] = [await putClient(), await createUser(), await createUser()]
    const { tokens } = await tokensFor(service, client, alice)
    const { browser } = await codeFor(service, client, bob)
    const query = requestOf(client, challenge, { id_token_hint: tokens.id_token })
    const silent = await browser.authorize(`${query}&prompt=none`)
    const flow = await browser.begin(query)

    expect(responseIn(silent).said).toMatchObject({ error: 'login_required' })
    expect(responseIn(await browser.signIn(flow, bob)).said).toMatchObject({ error: 'login_required' })
    expect(responseIn(await browser.signIn(flow, alice)).said).toMatchObject({ code: expect.any(String) })
  })
})

describe('log-out', () => {
  // REQ-188, REQ-180
  test('redirects to a registered address of the client of a valid hint, and nowhere else', async () => {
    const bye = 'https://app.example/bye'
    const client = await putClient({ post_logout_redirect_uris: [bye] })
    const other = await putClient({ post_logout_redirect_uris: ['https://other.example/bye'] })
    const user = await createUser()
    const { tokens } = await tokensFor(service, client, user)
    const hint = tokens.id_token
    const ask = (members: Record<string, string>) => send(`/logout?${new URLSearchParams(members)}`)
    const nowhere: readonly Record<string, string>[] = [
      { post_logout_redirect_uri: bye },
      { post_logout_redirect_uri: bye, client_id: client.id },
      { post_logout_redirect_uri: bye, id_token_hint: 'x' },
      { post_logout_redirect_uri: bye, id_token_hint: `${hint.slice(0, -4)}AAAA` },
      { post_logout_redirect_uri: bye, id_token_hint: tokens.access_token },
      { post_logout_redirect_uri: bye, id_token_hint: hint, client_id: other.id },
      { post_logout_redirect_uri: 'https://other.example/bye', id_token_hint: hint },
      { post_logout_redirect_uri: client.redirectUri, id_token_hint: hint },
      { post_logout_redirect_uri: `${bye}/`, id_token_hint: hint },
      { post_logout_redirect_uri: `${bye}?x`, id_token_hint: hint },
      { post_logout_redirect_uri: `${bye}@evil.example`, id_token_hint: hint },
      { post_logout_redirect_uri: '//evil.example', id_token_hint: hint },
      { post_logout_redirect_uri: 'javascript:alert(1)', id_token_hint: hint },
    ]

    for (const members of nowhere) {
      const answer = await ask(members)
      expect([members, ...said(answer)]).toEqual([members, 200, null])
      expect(answer.body).not.toMatch(/evil|javascript:|app\.example/)
    }
    const twice = new URLSearchParams({ post_logout_redirect_uri: bye, id_token_hint: hint }).toString()
    expect(said(await send(`/logout?${twice}&post_logout_redirect_uri=https%3A%2F%2Fevil.example`))).toEqual([
      200,
      null,
    ])
    const good = await ask({ post_logout_redirect_uri: bye, id_token_hint: hint, state: '\r\nset-cookie: a=b&x=y#z' })
    expect(said(good)).toEqual([303, `${bye}?state=%0D%0Aset-cookie%3A%20a%3Db%26x%3Dy%23z`])
    await command('delete-client', { client_id: client.id })
    expect(said(await ask({ post_logout_redirect_uri: bye, id_token_hint: hint }))).toEqual([200, null])
  })

  // REQ-185, REQ-188
  test('by a link of a stranger, or with the hint of another user, is asked about and ends nothing', async () => {
    const [client, alice, bob] = [await putClient(), await createUser(), await createUser()]
    const { tokens } = await tokensFor(service, client, alice)
    const { browser } = await codeFor(service, client, bob)

    for (const query of ['', '?x', `?id_token_hint=${tokens.id_token}`, '?id_token_hint=x', '?%ff']) {
      const { status, body } = await browser.go(`/logout${query}`)
      expect([status, body.includes('/logout/confirm')]).toEqual([200, true])
    }
    expect(responseIn(await browser.authorize(requestOf(client, challenge, { prompt: 'none' }))).said).toMatchObject({
      code: expect.any(String),
    })
  })
})
