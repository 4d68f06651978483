import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { openBrowser, redeem, refresh, responseIn, signInTo } from '../support/builders/oauth-browser.ts'
import { audience, createOAuthService, issuer, newPkce } from '../support/builders/oauth-service.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

const parallel = 10

describe('the code flow', () => {
  // REQ-178, REQ-179, REQ-181
  test('ends with an ID token, an access token and a refresh token for whoever has signed in', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient({ scope: 'orders:read' })
    const browser = openBrowser(service)
    const { verifier, page } = await browser.authorize(client, {
      state: 'a state',
      nonce: 'a nonce',
      scope: 'openid orders:read',
    })
    const answered = responseIn(await browser.signIn(page))
    const { status, json } = await redeem(service, client, { code: answered['code'] ?? '', code_verifier: verifier })

    expect(answered).toEqual({ code: expect.stringMatching(/^[\w-]{43}$/), state: 'a state', iss: issuer })
    expect([status, json]).toEqual([
      200,
      {
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 900,
        refresh_token: expect.any(String),
        scope: 'openid orders:read',
        id_token: expect.any(String),
      },
    ])
    const { sub } = service.account
    const now = service.clock()
    expect(decodeProtectedHeader(json.id_token)).toMatchObject({ alg: 'RS256', typ: 'JWT' })
    expect(decodeJwt(json.id_token)).toEqual({
      ...{ iss: issuer, aud: client.id, sub, iat: now, exp: now + 900, auth_time: now, nonce: 'a nonce' },
      ...{ amr: ['pwd'], acr: 'pwd', sid: expect.any(String), at_hash: expect.stringMatching(/^[\w-]{22}$/) },
    })
    expect(decodeJwt(json.access_token)).toMatchObject({ aud: audience, client_id: client.id, sub, scope: json.scope })
  })

  test('gives no refresh token to a client that may not refresh, and no ID token without openid', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient({ grant_types: ['authorization_code'] })
    const { json } = await signInTo(service, client, { scope: 'profile' })

    expect(Object.keys(json)).toEqual(['access_token', 'token_type', 'expires_in', 'scope'])
  })

  test('logs the start of a session, and no secret', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const { code, json } = await signInTo(service, client)

    const events = service.logged().map(({ event }) => event)
    expect(events).toEqual(['authorization', 'authn_login_success', 'session_created'])
    const log = JSON.stringify(service.logged())
    for (const secret of [code, json.access_token, json.refresh_token, json.id_token, service.password])
      expect(log).not.toContain(secret)
  })
})

describe('a code', () => {
  // REQ-179
  test('is good once, of any number of requests at once', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const browser = openBrowser(service)
    const { verifier, page } = await browser.authorize(client)
    const { code = '' } = responseIn(await browser.signIn(page))
    const proof = { code, code_verifier: verifier }
    const answers = await Promise.all(Array.from({ length: parallel }, () => redeem(service, client, proof)))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ json }) => json.error === 'invalid_grant')).toHaveLength(parallel - 1)
  })

  // REQ-179
  test('that is used again ends the session that it has begun', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const { code, verifier, json } = await signInTo(service, client)
    const again = await redeem(service, client, { code, code_verifier: verifier })

    expect(again).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 400 })
    expect(service.logged()).toContainEqual(expect.objectContaining({ event: 'authn_token_reuse', outcome: 'failure' }))
  })

  // REQ-179
  test.each(['another verifier', 'no verifier', 'another redirect URI', 'another client'])(
    'is not used up, and its session not ended, by %s',
    async (wrong) => {
      const service = await createOAuthService(table)
      const client = await service.putClient()
      const other = await service.putClient()
      const browser = openBrowser(service)
      const { verifier, page } = await browser.authorize(client)
      const { code = '' } = responseIn(await browser.signIn(page))
      const proof = { code, code_verifier: verifier }
      const attack = {
        'another verifier': () => redeem(service, client, { code, code_verifier: newPkce().verifier }),
        'no verifier': () => redeem(service, client, { code }),
        'another redirect URI': () => redeem(service, client, { ...proof, redirect_uri: 'https://app.example.com/' }),
        'another client': () => redeem(service, other, proof),
      }[wrong]

      expect(await attack?.()).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
      const used = await redeem(service, client, proof)
      expect(used.status).toBe(200)
      expect(await attack?.()).toMatchObject({ status: 400 })
      expect(await refresh(service, client, used.json.refresh_token)).toMatchObject({ status: 200 })
    },
  )

  // REQ-179
  test('is good for a minute', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const browser = openBrowser(service)
    const { verifier, page } = await browser.authorize(client)
    const { code = '' } = responseIn(await browser.signIn(page))
    service.clock.advance(60)

    expect(await redeem(service, client, { code, code_verifier: verifier })).toMatchObject({ status: 400 })
  })

  // REQ-151, REQ-184
  test.each(['disabled', 'deleted', 'signed out', 'told that all sessions end', 'of a client that is deleted'])(
    'is worth nothing once somebody is %s',
    async (end) => {
      const service = await createOAuthService(table)
      const client = await service.putClient()
      const browser = openBrowser(service)
      const { verifier, page } = await browser.authorize(client)
      const { code = '' } = responseIn(await browser.signIn(page))
      if (end === 'disabled') await service.lifecycle.disable(service.username)
      if (end === 'deleted') await service.lifecycle.remove(service.username)
      if (end === 'told that all sessions end') await service.lifecycle.revokeSessions(service.username)
      if (end === 'signed out') await browser.go('POST', '/logout/confirm')
      if (end === 'of a client that is deleted') {
        await service.deleteClient(client.id)
        await service.putClient({ client_id: client.id })
      }

      expect(await redeem(service, client, { code, code_verifier: verifier })).toMatchObject({
        status: 400,
        json: { error: 'invalid_grant' },
      })
      const { sessions } = await service.stores.sessions.listSessions(service.account.sub)
      expect(sessions).toEqual([])
    },
  )
})

describe('the session of a client', () => {
  // REQ-184
  test.each([
    ['ends with the session of the browser', 'openid', 400],
    ['goes on with offline_access', 'openid offline_access', 200],
  ])('%s', async (_, scope, status) => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const { browser, json } = await signInTo(service, client, { scope })
    await browser.go('POST', '/logout/confirm')

    expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status })
  })

  // REQ-184
  test('goes on when the same person signs in again in the browser, and ends when they sign out', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const { browser, json } = await signInTo(service, client)
    await signInTo(service, await service.putClient(), { prompt: 'login' }, browser)
    const again = await refresh(service, client, json.refresh_token)
    await browser.go('POST', '/logout/confirm')

    expect(again.status).toBe(200)
    expect(await refresh(service, client, again.json.refresh_token)).toMatchObject({ status: 400 })
  })

  // REQ-184
  test('ends with a sign-out whose cookie a sign-in at the same time has replaced', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const { browser, json } = await signInTo(service, client)
    const before = [...browser.jar]
    await signInTo(service, await service.putClient(), { prompt: 'login' }, browser)
    for (const [name, value] of before) browser.jar.set(name, value)
    await browser.go('POST', '/logout/confirm')

    expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 400 })
  })

  test('ends when two sign-ins in the browser come at once, because only one of them can be signed out later', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const { browser, json } = await signInTo(service, client)
    const { page } = await browser.authorize(client, { prompt: 'login' })
    const other = openBrowser(service)
    for (const [name, value] of browser.jar) other.jar.set(name, value)
    await Promise.all([browser.signIn(page), other.signIn(page)])

    expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 400 })
  })

  test('ends when somebody else signs in in the browser', async () => {
    const [service, other] = [await createOAuthService(table), await createOAuthService(table)]
    const client = await service.putClient()
    const { browser, json } = await signInTo(service, client)
    const { page } = await browser.authorize(client, { prompt: 'login' })
    await browser.signIn(page, other.username, other.password)

    expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 400 })
  })

  test('does not come back with a sign-in after the browser was not used for too long', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const { browser, json } = await signInTo(service, client)
    service.clock.advance(12 * 3600)
    await signInTo(service, await service.putClient(), {}, browser)

    expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 400 })
  })

  test('ends when the browser has not been used for twelve hours', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const { json } = await signInTo(service, client)
    service.clock.advance(12 * 3600 - 1)
    const before = await refresh(service, client, json.refresh_token)
    service.clock.advance(1)

    expect(before.status).toBe(200)
    expect(await refresh(service, client, before.json.refresh_token)).toMatchObject({ status: 400 })
  })

  test('replaces the former one of the same client in the same browser, and no other', async () => {
    const service = await createOAuthService(table)
    const [client, other] = [await service.putClient(), await service.putClient()]
    const first = await signInTo(service, client)
    const ofOther = await signInTo(service, other, {}, first.browser)
    const elsewhere = await signInTo(service, client)
    const second = await signInTo(service, client, {}, first.browser)

    const statuses = [first, ofOther, elsewhere, second].map(async ({ json }, index) =>
      refresh(service, index === 1 ? other : client, json.refresh_token),
    )
    expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([400, 200, 200, 200])
  })

  test('ends where the client was deleted and registered again', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const { json } = await signInTo(service, client)
    await service.deleteClient(client.id)
    const gone = await refresh(service, client, json.refresh_token)
    await service.putClient({ client_id: client.id })

    expect(gone).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
    expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 400 })
  })

  test('is neither renewed nor ended by another client', async () => {
    const service = await createOAuthService(table)
    const [client, other] = [await service.putClient(), await service.putClient()]
    const { json } = await signInTo(service, client)
    const token = json.refresh_token

    expect(await refresh(service, other, token)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    const nameless = await service.call('POST /token', { form: { grant_type: 'refresh_token', refresh_token: token } })
    expect(nameless.status).toBe(400)
    for (const form of [{ token, client_id: other.id }, { token }, { token: json.access_token }])
      expect((await service.call('POST /revoke', { form })).status).toBe(400)
    expect(await refresh(service, client, token)).toMatchObject({ status: 200 })
  })

  test('is ended by its client', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const { json } = await signInTo(service, client)
    const revoked = await service.call('POST /revoke', { form: { token: json.access_token, client_id: client.id } })

    expect(revoked.status).toBe(200)
    expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 400 })
  })
})

describe('a client with a secret', () => {
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
  })

  // REQ-190, REQ-191
  test('proves it in the way that it is registered with, and in no other', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient({ token_endpoint_auth_method: 'client_secret_basic' })
    const { id, secret = '' } = client
    const form = { grant_type: 'authorization_code', code: 'x', code_verifier: newPkce().verifier }
    const ask = async (more: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
      JSON.parse((await service.call('POST /token', { form: { ...form, ...more }, headers })).text).error

    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(await ask({}, basic(id, secret))).toBe('invalid_grant')
    expect(await ask({ client_id: id }, basic(id, secret))).toBe('invalid_grant')
    for (const wrong of [`${secret}x`, secret.toLowerCase(), '', 'undefined'])
      expect(await ask({}, basic(id, wrong))).toBe('invalid_client')
    expect(await ask({ client_id: id, client_secret: secret })).toBe('invalid_client')
    expect(await ask({ client_id: id })).toBe('invalid_client')
    expect(await ask({ client_secret: secret }, basic(id, secret))).toBe('invalid_request')
    expect(await ask({ client_id: 'other' }, basic(id, secret))).toBe('invalid_request')
  })

  test('may do without PKCE only if it is registered so', async () => {
    const service = await createOAuthService(table)
    const registered = { token_endpoint_auth_method: 'client_secret_post' }
    const strict = await service.putClient(registered)
    const exempt = await service.putClient({ ...registered, require_pkce: false })
    const without = { code_challenge: '', code_challenge_method: '' }
    const refused = await openBrowser(service).authorize(strict, without)
    const browser = openBrowser(service)
    const { page } = await browser.authorize(exempt, without)
    const { code = '' } = responseIn(await browser.signIn(page))

    expect(responseIn(refused.page)).toMatchObject({ error: 'invalid_request', iss: issuer })
    expect(await redeem(service, exempt, { code, code_verifier: newPkce().verifier })).toMatchObject({ status: 400 })
    expect(await redeem(service, exempt, { code, redirect_uri: '' })).toMatchObject({ status: 400 })
    expect(await redeem(service, exempt, { code })).toMatchObject({ status: 200 })
  })
})

describe('what is granted', () => {
  const all = 'openid orders:read orders:write'

  // REQ-203
  test.each([
    ['what the client may have', { scope: 'orders:read' }, all, 'openid orders:read'],
    ['what the account has', { scope: 'orders:read orders:write' }, all, 'openid orders:read'],
    ['what was asked for', { scope: 'orders:read' }, 'openid', 'openid'],
    ['nothing where a third party asks for nothing', { scope: 'orders:read', first_party: false }, '', ''],
    ['all where the first party asks for nothing', { scope: 'orders:read' }, '', 'orders:read'],
    ['what everyone may ask for', {}, 'openid profile email offline_access', 'openid profile email offline_access'],
    ['nothing that does not exist', {}, 'openid made:up', 'openid'],
  ])('is %s', async (_, registered, asked, granted) => {
    const service = await createOAuthService(table)
    const client = await service.putClient(registered)
    const { json } = await signInTo(service, client, { scope: asked })

    expect([json.scope, decodeJwt(json.access_token)['scope']]).toEqual([granted, granted])
    const refreshed = await refresh(service, client, json.refresh_token)
    expect(refreshed.json.scope).toBe(granted)
  })

  // REQ-203
  test('shrinks with the client and the account at a refresh, and never grows', async () => {
    const service = await createOAuthService(table, { account: { scope: ['orders:read', 'orders:write'] } })
    const client = await service.putClient({ scope: 'orders:read orders:write' })
    const { json } = await signInTo(service, client, { scope: all })
    await service.putClient({ client_id: client.id, scope: 'orders:write' })
    const { json: narrowed } = await refresh(service, client, json.refresh_token)
    await service.stores.accounts.setScope(service.account.sub, [])
    const { json: less } = await refresh(service, client, narrowed.refresh_token)

    expect([json.scope, narrowed.scope, less.scope]).toEqual([all, 'openid orders:write', 'openid'])
  })
})

describe('groups', () => {
  test('are in the access token of a code, as they are at each refresh, and in no ID token', async () => {
    const service = await createOAuthService(table, { account: { groups: ['editors', 'admin'] } })
    const client = await service.putClient()
    const { json } = await signInTo(service, client, { scope: 'openid profile' })
    await service.stores.accounts.setGroups(service.account.sub, ['support'])
    const renewed = await refresh(service, client, json.refresh_token)

    expect(decodeJwt(json.access_token)).toMatchObject({ groups: ['editors', 'admin'] })
    expect(decodeJwt(json.id_token)).not.toHaveProperty('groups')
    expect(decodeJwt(renewed.json.access_token)).toMatchObject({ groups: ['support'] })
    expect(
      await service.call('GET /userinfo', { headers: { authorization: `Bearer ${json.access_token}` } }),
    ).toMatchObject({
      text: JSON.stringify({ sub: service.account.sub, preferred_username: service.username }),
    })
  })
})

describe('whose token', () => {
  // REQ-202
  test.each([
    ['a first party', true, 200],
    ['a third party', false, 403],
  ])('of %s may manage the account or not', async (_, first_party, status) => {
    const service = await createOAuthService(table)
    const client = await service.putClient({ first_party })
    const { json } = await signInTo(service, client)

    expect(await service.sessionsOf(json.access_token)).toMatchObject({ status })
  })
})

describe('userinfo', () => {
  const ask = async (service: Awaited<ReturnType<typeof createOAuthService>>, token: string, by: string) => {
    const headers = { authorization: `Bearer ${token}` }
    const {
      status,
      text,
      headers: sent,
    } = await (by === 'form'
      ? service.call('POST /userinfo', { form: { access_token: token } })
      : service.call(`${by} /userinfo`, { headers }))
    return { status, json: JSON.parse(text), challenge: sent['www-authenticate'] }
  }

  test.each(['GET', 'POST', 'form'])('answers what the scope covers, asked by %s', async (by) => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const { json } = await signInTo(service, client, { scope: 'openid profile email' })

    expect(await ask(service, json.access_token, by)).toMatchObject({
      status: 200,
      json: {
        sub: service.account.sub,
        preferred_username: service.username,
        email: `${service.username}@example.com`,
        email_verified: true,
      },
    })
  })

  // REQ-181
  test('wants openid, an access token and a session that is alive', async () => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const without = await signInTo(service, client, { scope: 'profile' })
    const { browser, json } = await signInTo(service, client)

    expect(await ask(service, without.json.access_token, 'GET')).toMatchObject({
      status: 403,
      challenge: 'Bearer error="insufficient_scope", scope="openid"',
    })
    expect(await ask(service, json.id_token, 'GET')).toMatchObject({ status: 401, json: { error: 'invalid_token' } })
    await browser.go('POST', '/logout/confirm')
    expect(await ask(service, json.access_token, 'GET')).toMatchObject({
      status: 401,
      json: { error: 'invalid_token' },
    })
  })
})
