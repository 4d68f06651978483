import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { wireFetchMetadata } from '../../functions/wiring/oauth/client-documents.ts'
import { assertionForm, claimsOf, createClientKey, signAssertion } from '../support/builders/assertions.ts'
import { agentCallback, agentUrl, documentOf, openAgentHost } from '../support/builders/clients-by-url.ts'
import { openBrowser, redeem, refresh, responseIn, signInTo } from '../support/builders/oauth-browser.ts'
import { audience, createOAuthService, issuer } from '../support/builders/oauth-service.ts'
import { countCalls } from '../support/count-calls.ts'
import { documentHost } from '../support/document-server.ts'
import { failAt } from '../support/fakes/failing-client.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const calls = countCalls(table.client)

const day = 86_400
const mcp = { url: 'https://mcp.example.com/mcp', scopes: ['orders:read'] }

/** A service with its own agent: each has another path, so that nothing that is kept of one is found by another. */
async function setUp(changes: object = {}, hosts: readonly string[] = [documentHost]) {
  const host = await openAgentHost(table.client, hosts)
  const path = `/client-${made++}.json`
  const id = `https://${documentHost}${path}`
  const serve = (more: object = {}, headers = {}) =>
    host.serve(path, { headers, body: documentOf({ client_id: id, ...changes, ...more }) })
  serve()
  const clock = stoppedClock()
  const account = { scope: ['orders:read', 'orders:write'] }
  const settings = { clock, account, resources: [mcp], clientsByUrl: host.clientsByUrl }
  const service = await createOAuthService(table, settings)
  const agent = { id, secret: undefined, redirectUri: agentCallback, resource: audience }
  return { host, path, serve, clock, service, agent, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() }
}
let made = 0

const page = { status: 400, location: '', text: expect.stringContaining('This sign-in cannot start') }

describe('a client by URL', () => {
  // REQ-193, REQ-203
  test('signs a person in, with their consent, and refreshes', async () => {
    await using all = await setUp()
    const { service, agent, host, path } = all

    const { status, json } = await signInTo(service, agent, { scope: 'openid orders:read' })
    expect({ status, scope: json.scope }).toEqual({ status: 200, scope: 'openid orders:read' })
    expect(decodeJwt(json.access_token)).toMatchObject({ client_id: agent.id, sub: service.account.sub })
    expect(decodeJwt(json.id_token)).toMatchObject({ aud: agent.id })

    const refreshed = await refresh(service, agent, json.refresh_token)
    expect(refreshed).toMatchObject({ status: 200, json: { scope: 'openid orders:read' } })
    expect(host.fetched()).toEqual([path])
  })

  // REQ-193
  test('is fetched once somebody has signed in, and not before', async () => {
    await using all = await setUp()
    const { service, agent, host } = all
    const browser = openBrowser(service)

    const begun = await browser.authorize(agent)
    expect(begun.page.text).toContain(documentHost)
    expect(begun.page.text).not.toContain('An agent')
    await browser.go('GET', `/consent?flow=${begun.page.fields['flow']}`)
    expect(await browser.signIn(begun.page, service.username, 'a wrong password')).toMatchObject({ status: 400 })
    expect(host.connections()).toBe(0)

    await browser.signIn(begun.page)
    expect(host.connections()).toBe(1)
  })

  // REQ-193
  test('is shown with its host and where the browser goes on to', async () => {
    await using all = await setUp({ redirect_uris: ['https://other.example/callback'] })
    const { service, agent } = all
    const browser = openBrowser(service)

    const begun = await browser.authorize({ ...agent, redirectUri: 'https://other.example/callback' })
    const consent = await browser.signIn(begun.page)
    expect(consent.text).toContain('<bdi>An agent</bdi>')
    expect(consent.text).toContain(`The app belongs to ${documentHost}.`)
    expect(consent.text).toContain('You go on to other.example.')
    expect(consent.text).not.toContain('only if you have just started')
  })

  test('is asked for once, as long as its document says, and consent is remembered', async () => {
    await using all = await setUp()
    const { service, agent, host, serve, clock } = all
    serve({}, { 'cache-control': 'max-age=600' })
    const { browser } = await signInTo(service, agent)

    expect((await browser.authorize(agent)).page.location).toMatch(/^https:\/\/agent\.example\/callback\?code=/)
    clock.advance(599)
    await browser.authorize(agent)
    expect(host.fetched()).toHaveLength(1)

    clock.advance(1)
    await browser.authorize(agent)
    expect(host.fetched()).toHaveLength(2)
  })

  test('may be refused by the person, and is told so', async () => {
    await using all = await setUp()
    const { service, agent } = all
    const browser = openBrowser(service)
    const consent = await browser.signIn((await browser.authorize(agent)).page)

    expect(responseIn(await browser.decide(consent, 'deny'))).toMatchObject({ error: 'access_denied' })
  })

  test('knows at once with prompt=none, once somebody has signed in and allowed it', async () => {
    await using all = await setUp()
    const { service, agent } = all
    const { browser } = await signInTo(service, agent)

    const silent = (scope: string) => browser.authorize(agent, { prompt: 'none', scope })
    expect(responseIn((await silent('openid')).page)).toMatchObject({ code: expect.any(String) })
    expect(responseIn((await silent('openid email')).page)).toMatchObject({ error: 'consent_required' })
  })

  // REQ-203
  test('gets what consent shows and no more, whatever its document says now', async () => {
    await using all = await setUp({ scope: 'orders:read' })
    const { service, agent } = all
    const browser = openBrowser(service)

    const { page: first } = await browser.authorize(agent, { scope: 'openid orders:read orders:write' })
    const consent = await browser.signIn(first)
    expect(consent.text).toContain('orders:read')
    expect(consent.text).not.toContain('orders:write')
  })

  // REQ-194
  test('says what its tokens are to be for, and they are for nothing else, also when they are renewed', async () => {
    await using all = await setUp()
    const { service, agent } = all
    const asking = { ...agent, resource: mcp.url }

    const { status, json } = await signInTo(service, asking, { scope: 'openid orders:read orders:write' })
    expect({ status, scope: json.scope }).toEqual({ status: 200, scope: 'openid orders:read' })
    expect(decodeJwt(json.access_token).aud).toBe(mcp.url)
    const renewed = await refresh(service, agent, json.refresh_token)
    expect(decodeJwt(renewed.json.access_token).aud).toBe(mcp.url)
  })

  // REQ-204
  test.each([mcp.url, 'https://API.example.com', issuer])(
    'cannot have the id %s, which stands for something else',
    async (id) => {
      await using all = await setUp({}, ['all'])
      const { service, agent, host } = all

      expect((await openBrowser(service).authorize({ ...agent, id })).page).toMatchObject(page)
      expect(host.connections()).toBe(0)
    },
  )

  test.each<[string, (all: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>]>([
    ['its consent is withdrawn', ({ service, agent }) => service.ownApps.withdraw(service.account.sub, agent.id)],
    ['the account is disabled', ({ service }) => service.lifecycle.disable(service.username)],
    ['all sessions are ended', ({ service }) => service.lifecycle.revokeSessions(service.username)],
    ['the account is deleted', ({ service }) => service.lifecycle.remove(service.username)],
  ])('gets nothing for a code that it holds when %s, and nothing for its refresh token', async (_, end) => {
    await using all = await setUp()
    const { service, agent } = all
    const { json, browser } = await signInTo(service, agent)
    const { verifier, page: first } = await browser.authorize(agent)
    const { code = '' } = responseIn(first)

    await end(all)
    const invalid = { status: 400, json: { error: 'invalid_grant' } }
    expect(await redeem(service, agent, { code, code_verifier: verifier })).toMatchObject(invalid)
    expect(await refresh(service, agent, json.refresh_token)).toMatchObject(invalid)
  })

  test('without a scope gets none', async () => {
    await using all = await setUp()
    const { service, agent } = all
    const browser = openBrowser(service)
    const { page: first } = await browser.authorize(agent, { scope: '' })

    expect((await browser.signIn(first)).text).toContain('learns that you have an account here')
  })

  // REQ-202
  test('has tokens that change nothing in the account, and its document cannot make it first-party', async () => {
    await using all = await setUp({ first_party: true, require_pkce: false })
    const { service, agent } = all

    const { json } = await signInTo(service, agent, { scope: 'openid orders:read' })
    expect(await service.sessionsOf(json.access_token)).toMatchObject({ status: 403 })
  })

  // REQ-193
  test('is among the connected apps with its host, and what it was allowed can be taken back, also when it is long forgotten', async () => {
    await using all = await setUp()
    const { service, agent } = all
    const { json } = await signInTo(service, agent)
    const { sub } = service.account

    expect(await service.ownApps.list(sub, [])).toMatchObject([
      { clientId: agent.id, name: `An agent (${documentHost})` },
    ])
    await service.documents.putDocument(agent.id, { value: {}, freshUntil: 0 }, 1)
    expect(await service.ownApps.list(sub, [])).toMatchObject([{ clientId: agent.id, name: documentHost }])

    expect(await service.ownApps.withdraw(sub, agent.id)).toMatchObject({ ok: true })
    expect(await service.ownApps.list(sub, [])).toEqual([])
    expect(await refresh(service, agent, json.refresh_token)).toMatchObject({ status: 401 })
  })

  test('costs one read and one write more than a registered one, at its first sign-in', async () => {
    await using all = await setUp()
    const { service, agent } = all
    const browser = openBrowser(service)
    const registered = await service.putClient({ first_party: false })
    const consent = `/consent?flow=${(await browser.authorize(agent)).page.fields['flow']}`
    const other = (await browser.authorize(registered)).page.fields['flow']
    await browser.go('POST', '/sign-in', { flow: other ?? '', username: service.username, password: service.password })
    const callsOf = async (path: string) => {
      const before = calls.length
      await browser.go('GET', path)
      return calls.slice(before)
    }

    const usual = await callsOf(`/consent?flow=${other}`)
    expect((await callsOf(consent)).toSorted()).toEqual([...usual, 'GetItem, consistent', 'PutItem'].toSorted())
    expect((await callsOf(consent)).toSorted()).toEqual([...usual, 'GetItem, consistent'].toSorted())
  })
})

describe('a client by URL whose redirect URIs are on the user’s machine', () => {
  const loopback = { redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'] }

  // REQ-193
  test.each([
    ['none', {}],
    [
      'private_key_jwt',
      { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: `https://${documentHost}/jwks.json` },
    ],
  ])('is warned of, with %s', async (_, method) => {
    await using all = await setUp({ ...loopback, ...method })
    const { service, agent } = all
    const browser = openBrowser(service)

    const begun = await browser.authorize({ ...agent, redirectUri: 'http://localhost:5173/callback' })
    const consent = await browser.signIn(begun.page)
    expect(consent.text).toContain('Allow it only if you have just started this app yourself')
  })

  test('asks for consent each time, because any program could use its id', async () => {
    await using all = await setUp(loopback)
    const { service, agent } = all
    const client = { ...agent, redirectUri: 'http://127.0.0.1:5173/callback' }
    const { browser } = await signInTo(service, client)

    expect((await browser.authorize(client)).page.text).toContain('value="allow"')
    expect(responseIn((await browser.authorize(client, { prompt: 'none' })).page)).toMatchObject({
      error: 'consent_required',
    })
  })
})

// REQ-193: before the document is read nobody knows whose redirect URI it is.
describe('a bad request of a client by URL is a page and no redirect', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['no PKCE', { code_challenge: '' }],
    ['plain PKCE', { code_challenge_method: 'plain' }],
    ['another response type', { response_type: 'token' }],
    ['a malformed scope', { scope: 'a  b' }],
    ['a request object', { request: 'x.y.z' }],
    ['no resource', { resource: '' }],
    ['an unknown resource', { resource: 'https://nobody.example' }],
    ['a hint of somebody else', { id_token_hint: 'not a token' }],
    ['nobody who is signed in, and prompt=none', { prompt: 'none' }],
    ['no redirect URI', { redirect_uri: '' }],
    ['a redirect URI that none can have', { redirect_uri: 'javascript:alert(1)' }],
    ['a redirect URI without https', { redirect_uri: 'http://agent.example/callback' }],
  ])('with %s', async (_, parameters) => {
    await using all = await setUp()
    const { service, agent, host } = all

    expect((await openBrowser(service).authorize(agent, parameters)).page).toMatchObject(page)
    expect(host.connections()).toBe(0)
  })

  test('which names the error, for the developer of the client', async () => {
    await using all = await setUp()
    const { service, agent } = all

    expect((await openBrowser(service).authorize(agent, { resource: '' })).page.text).toContain('invalid_target')
  })

  test.each([
    'https://agent.example',
    'https://agent.example/client.json#a',
    'https://agent.example/a/../client.json',
    'https://ada@agent.example/client.json',
    'https://agent.example:8443/client.json',
    'http://agent.example/client.json',
    'https://other.example/client.json',
    'https://127.0.0.1/client.json',
    'https://[::1]/client.json',
    'https://localhost/client.json',
    `https://agent.example/${'a'.repeat(3000)}`,
  ])('with the id %s', async (id) => {
    await using all = await setUp()
    const { service, agent, host } = all

    const { page: answer } = await openBrowser(service).authorize({ ...agent, id })
    expect(answer).toMatchObject(page)
    expect(answer.text).toContain('The app is not known to this service.')
    expect(host.connections()).toBe(0)
  })

  test('where no URL may be a client id, even if one is kept', async () => {
    await using all = await setUp()
    const { service, agent } = all
    const { json } = await signInTo(service, agent)
    const without = await createOAuthService(table, { existing: service.account, clock: all.clock })

    expect((await openBrowser(without).authorize(agent)).page).toMatchObject(page)
    expect(await refresh(without, agent, json.refresh_token)).toMatchObject({
      status: 401,
      json: { error: 'invalid_client' },
    })
  })
})

describe('a document that is not good', () => {
  // REQ-193
  test.each<
    [string, { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown }]
  >([
    ['redirects', { status: 302, headers: { location: agentUrl }, body: {} }],
    ['is not there', { status: 404, body: {} }],
    ['is not JSON', { body: '<html>' }],
    ['has a member twice', { body: '{"client_id":"a","client_id":"b"}' }],
    ['is of another client', { body: documentOf() }],
    ['is too large', { body: { a: 'x'.repeat(6000) } }],
    ['is of another type', { headers: { 'content-type': 'text/html' }, body: documentOf() }],
  ])('that %s is told as one thing, redirects nobody, and is not kept', async (_, answer) => {
    await using all = await setUp()
    const { service, agent, host, path, serve } = all
    host.serve(path, answer)
    const browser = openBrowser(service)
    const begun = await browser.authorize(agent)

    const refused = await browser.signIn(begun.page)
    expect(refused).toMatchObject(page)
    expect(refused.text).not.toContain(agentCallback)
    expect(await service.documents.findDocument(agent.id)).toBeUndefined()
    expect(host.logged()).toMatchObject([{ event: 'client_metadata_fail', url: agent.id }])

    serve()
    const consent = await browser.go('GET', `/consent?flow=${begun.page.fields['flow']}`)
    expect(consent.text).toContain('value="allow"')
  })

  // REQ-193
  test.each([
    ['a filler', '\u3164'],
    ['a blank of Braille', '\u2800'],
    ['fillers between letters', 'Your b\u115fank'],
    ['a joiner', '\u034f'],
    ['selectors', 'App\u{e0100}'],
    ['a selector without anything before it', '\ufe0f'],
    ['marks on marks, which cover the lines above and below', `a${'\u0301'.repeat(63)}`],
  ])('has a name with what nobody sees, or more than people see: %s', async (_, client_name) => {
    await using all = await setUp({ client_name })
    const { service, agent, host } = all
    const browser = openBrowser(service)

    expect(await browser.signIn((await browser.authorize(agent)).page)).toMatchObject(page)
    expect(host.logged()).toMatchObject([{ event: 'client_metadata_fail', reason: 'wrong_client_name' }])
  })

  // REQ-193
  test.each(['☎\ufe0f Phone', 'नमस्ते', 'Cafe\u0301', 'متجر'])('may be called %s', async (client_name) => {
    await using all = await setUp({ client_name })
    const { service, agent } = all

    expect(await signInTo(service, agent)).toMatchObject({ status: 200 })
  })

  // REQ-193
  test('does not list the redirect URI: nothing goes there, not even that it was refused', async () => {
    await using all = await setUp()
    const { service, agent } = all
    const thief = { ...agent, redirectUri: 'https://thief.example/callback' }
    const browser = openBrowser(service)
    const begun = await browser.authorize(thief)

    expect(await browser.signIn(begun.page)).toMatchObject(page)
    const flow = begun.page.fields['flow'] ?? ''
    for (const decision of ['allow', 'deny'] as const)
      expect(await browser.decide({ fields: { flow, consent: 'a' } }, decision)).toMatchObject(page)
    expect((await browser.authorize(thief, { prompt: 'none' })).page).toMatchObject(page)
  })

  test('changes between the page and its button: what was shown no longer counts', async () => {
    await using all = await setUp()
    const { service, agent, serve, clock } = all
    const browser = openBrowser(service)
    const consent = await browser.signIn((await browser.authorize(agent)).page)

    clock.advance(301)
    serve({ redirect_uris: ['https://agent.example/new'] })
    expect(await browser.decide(consent, 'allow')).toMatchObject(page)
  })

  test('changes between the code and its exchange: the code is no longer good', async () => {
    await using all = await setUp()
    const { service, agent } = all
    const browser = openBrowser(service)
    const { verifier, page: first } = await browser.authorize(agent)
    const { code = '' } = responseIn(await browser.decide(await browser.signIn(first), 'allow'))
    const value = documentOf({ client_id: agent.id, redirect_uris: ['https://agent.example/new'] })
    await service.documents.putDocument(agent.id, { value, freshUntil: 9e9 }, 9e9)

    expect(await redeem(service, agent, { code, code_verifier: verifier })).toMatchObject({
      status: 400,
      json: { error: 'invalid_grant' },
    })
  })

  test('was good: what is kept for too long is not used, and what its host says now counts', async () => {
    await using all = await setUp()
    const { service, agent, host, path, clock } = all
    const { browser } = await signInTo(service, agent)

    host.serve(path, { status: 404, body: {} })
    clock.advance(301)
    expect((await browser.authorize(agent)).page).toMatchObject(page)
  })
})

describe('the function that fetches documents', () => {
  test('that does not answer is a fault of ours, and the sign-in goes on when it does', async () => {
    await using all = await setUp()
    const { service, agent, clock, host } = all
    const fetchMetadata = wireFetchMetadata('clientMetadata', {
      client: table.client,
      environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    })
    const clientsByUrl = { ...host.clientsByUrl, fetchMetadata }
    const faulty = await createOAuthService(table, { existing: service.account, clock, clientsByUrl })
    const browser = openBrowser(faulty)
    const { page: first } = await browser.authorize(agent)

    const answer = await browser.signIn({ fields: first.fields }, service.username, service.password)
    expect(answer).toMatchObject({ status: 503, location: '' })
    expect(await service.documents.findDocument(agent.id)).toBeUndefined()

    const again = openBrowser(service)
    for (const [name, value] of browser.jar) again.jar.set(name, value)
    const consent = await again.go('GET', `/consent?flow=${first.fields['flow']}`)
    expect(consent.text).toContain('value="allow"')
  })

  // REQ-131
  test.each([
    ['that was not made', false],
    ['whose answer got lost', true],
  ])(
    'is asked between calls to DynamoDB: a fault of one %s is 503, and the page comes when it is opened again',
    async (_, isSent) => {
      await using all = await setUp()
      const { service, agent, clock, host } = all
      const statuses: (number | undefined)[] = []
      for (let at = 0; at < 20; at += 1) {
        await service.documents.putDocument(agent.id, { value: {}, freshUntil: 0 }, 1)
        const browser = openBrowser(service)
        const { page: first } = await browser.authorize(agent)
        const form = { flow: first.fields['flow'] ?? '', username: service.username, password: service.password }
        const { location } = await browser.go('POST', '/sign-in', form)
        const { client, calls: tried } = failAt(table.client, at, isSent)
        const settings = { existing: service.account, clock, resources: [mcp], clientsByUrl: host.clientsByUrl }
        const view = openBrowser(await createOAuthService({ client, name: table.name }, settings))
        for (const [name, value] of browser.jar) view.jar.set(name, value)

        const { status } = await view.go('GET', location)
        if (tried.made <= at) break
        statuses.push(status)
        expect((await browser.go('GET', location)).text).toContain('value="allow"')
      }

      expect(statuses.length).toBeGreaterThan(5)
      expect(new Set(statuses)).toEqual(new Set([503]))
    },
  )

  test('is not asked where nobody has named it', async () => {
    const fetchMetadata = wireFetchMetadata(null, { client: table.client, environment: {} })

    await expect(fetchMetadata('document', agentUrl)).rejects.toThrow('Documents of clients cannot be fetched.')
  })

  test('may be asked by many at once: each gets the page, and what is kept is whole', async () => {
    await using all = await setUp()
    const { service, agent, host } = all
    const browser = openBrowser(service)
    const { page: first } = await browser.authorize(agent)
    const signedIn = await browser.go('POST', '/sign-in', {
      ...{ flow: first.fields['flow'] ?? '', username: service.username, password: service.password },
    })

    const pages = await Promise.all(Array.from({ length: 6 }, () => browser.go('GET', signedIn.location)))
    expect(pages.filter(({ text }) => text.includes('value="allow"'))).toHaveLength(6)
    expect(host.fetched().length).toBeGreaterThan(0)
    expect(await service.documents.findDocument(agent.id)).toMatchObject({ value: { client_id: agent.id } })
  })
})

describe('at the token endpoint', () => {
  const method = { token_endpoint_auth_method: 'private_key_jwt' }

  test('nothing is fetched for a client that nobody has signed in with', async () => {
    await using all = await setUp({ ...method, jwks_uri: `https://${documentHost}/jwks.json` })
    const { service, agent, host } = all
    const key = await createClientKey('ES256')
    const assertion = await signAssertion(claimsOf(agent.id, service.clock()), key)

    for (const grant of ['authorization_code', 'refresh_token', 'client_credentials']) {
      const form = { grant_type: grant, code: 'a', refresh_token: 'a', ...assertionForm(assertion) }
      expect(await service.call('POST /token', { form })).toMatchObject({ status: 401 })
    }
    expect(host.connections()).toBe(0)
  })

  async function signInWithKeys(jwksUri: string | undefined) {
    const key = await createClientKey('ES256', { kid: 'first' })
    const keysAt = jwksUri === undefined ? { jwks: { keys: [key.jwk] } } : { jwks_uri: jwksUri }
    const all = await setUp({ ...method, ...keysAt })
    const { service, agent, host } = all
    const keysPath = jwksUri === undefined ? '' : new URL(jwksUri).pathname
    const publish = (...keys: readonly { readonly jwk: object }[]) =>
      host.serve(keysPath, { body: { keys: keys.map(({ jwk }) => jwk) } })
    publish(key)
    const browser = openBrowser(service)
    const { verifier, page: first } = await browser.authorize(agent)
    const { code = '' } = responseIn(await browser.decide(await browser.signIn(first), 'allow'))
    const send = async (form: Readonly<Record<string, string>>, by = key, claims = {}) => {
      const assertion = await signAssertion({ ...claimsOf(agent.id, service.clock()), ...claims }, by)
      const { status, text } = await service.call('POST /token', { form: { ...form, ...assertionForm(assertion) } })
      return { status, json: JSON.parse(text) }
    }
    const grant = { grant_type: 'authorization_code', code, redirect_uri: agent.redirectUri, code_verifier: verifier }
    return { ...all, key, publish, send, grant, [Symbol.asyncDispose]: () => all[Symbol.asyncDispose]() }
  }

  // REQ-191
  test.each([undefined, `https://${documentHost}/keys-1.json`])(
    'a client proves itself by its keys (jwks_uri: %s), and in no other way',
    async (jwksUri) => {
      await using all = await signInWithKeys(jwksUri)
      const { service, agent, send, grant } = all
      const stranger = await createClientKey('ES256', { kid: 'first' })

      expect(await redeem(service, agent, grant)).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
      expect(await send(grant, stranger)).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
      const { status, json } = await send(grant)
      expect(status).toBe(200)
      expect(await send({ grant_type: 'refresh_token', refresh_token: json.refresh_token })).toMatchObject({
        status: 200,
      })
      expect(await send({ grant_type: 'client_credentials' })).toMatchObject({
        status: 400,
        json: { error: 'unauthorized_client' },
      })
    },
  )

  test('keys are asked for again when they are no longer fresh, and then others count', async () => {
    await using all = await signInWithKeys(`https://${documentHost}/keys-2.json`)
    const { send, grant, clock, publish, host } = all
    const next = await createClientKey('ES256', { kid: 'next' })
    const { json } = await send(grant)
    publish(next)

    const again = { grant_type: 'refresh_token', refresh_token: json.refresh_token }
    expect(await send(again, next)).toMatchObject({ status: 401 })
    clock.advance(301)
    const renewed = await send(again, next)
    expect(renewed).toMatchObject({ status: 200 })
    const { refresh_token } = renewed.json
    expect(await send({ grant_type: 'refresh_token', refresh_token })).toMatchObject({ status: 401 })
    expect(host.fetched().filter((path) => path === '/keys-2.json')).toHaveLength(2)
  })

  test('nothing is fetched for an assertion that is wrong without its signature', async () => {
    await using all = await signInWithKeys(`https://${documentHost}/keys-3.json`)
    const { send, grant, host } = all

    for (const claims of [{ aud: 'https://another.example' }, { exp: 1 }, { jti: '' }, { iss: 'another' }])
      expect(await send(grant, undefined, claims)).toMatchObject({ status: 401 })
    expect(host.fetched()).not.toContain('/keys-3.json')
  })

  // REQ-193
  test.each([
    ['leads inside', 'https://127.0.0.1/keys.json'],
    ['leads to a host that is not allowed', 'https://other.example/keys.json'],
    ['is not https', `http://${documentHost}/keys.json`],
  ])('a jwks_uri that %s is none: the client signs nobody in', async (_, jwks_uri) => {
    await using all = await setUp({ ...method, jwks_uri })
    const { service, agent } = all
    const browser = openBrowser(service)

    expect(await browser.signIn((await browser.authorize(agent)).page)).toMatchObject(page)
  })

  // REQ-193
  test('a jwks_uri whose host has moved inside gives no keys', async () => {
    await using all = await signInWithKeys(`https://${documentHost}/keys-4.json`)
    const { send, grant, host } = all
    host.change({ isAllowed: (address) => address !== '127.0.0.1' })

    expect(await send(grant)).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
    expect(host.logged()).toContainEqual(expect.objectContaining({ kind: 'keys', reason: 'refused_address' }))
  })

  test('a public client is known as long as its sessions live, though nobody reads its document again', async () => {
    await using all = await setUp()
    const { service, agent, host, path, clock } = all
    let { json } = await signInTo(service, agent, { scope: 'openid offline_access' })
    host.serve(path, { status: 404, body: {} })

    for (let days = 0; days < 80; days += 20) {
      clock.advance(20 * day)
      const renewed = await refresh(service, agent, json.refresh_token)
      expect(renewed.status).toBe(200)
      json = renewed.json
    }
    expect(host.fetched()).toHaveLength(1)
  })

  test('a client that goes over to keys has to prove itself by them', async () => {
    await using all = await setUp()
    const { service, agent, serve, clock } = all
    const { json, browser } = await signInTo(service, agent)
    const key = await createClientKey('ES256')

    serve({ ...method, jwks: { keys: [key.jwk] } })
    clock.advance(301)
    await browser.authorize(agent)
    expect(await refresh(service, agent, json.refresh_token)).toMatchObject({ status: 401 })
  })

  // REQ-194
  test('a resource that is gone ends what a client holds for it, and nothing that it holds for another', async () => {
    await using all = await setUp()
    const { service, agent, host, clock } = all
    const scope = 'openid orders:read'
    const first = await signInTo(service, { ...agent, resource: mcp.url }, { scope })
    const second = await signInTo(service, agent, { scope }, first.browser)
    const without = { existing: service.account, clock, clientsByUrl: host.clientsByUrl }
    const changed = await createOAuthService(table, without)

    const gone = { status: 400, json: { error: 'invalid_grant' } }
    expect(await refresh(changed, agent, first.json.refresh_token)).toMatchObject(gone)
    const error = { status: 400, json: { error: 'invalid_target' } }
    expect(await refresh(changed, agent, second.json.refresh_token, { resource: mcp.url })).toMatchObject(error)
    const kept = await refresh(changed, agent, second.json.refresh_token, { resource: audience })
    expect([kept.status, decodeJwt(kept.json.access_token).aud]).toEqual([200, audience])
    const { page: refused } = await openBrowser(changed).authorize(agent, { resource: mcp.url })
    expect(refused).toMatchObject(page)
  })

  test('a host that the owner takes from the list signs nobody in, and its sessions end at their next refresh', async () => {
    await using all = await setUp()
    const { service, agent, host, clock } = all
    const { json } = await signInTo(service, agent)
    const clientsByUrl = { ...host.clientsByUrl, hosts: ['other.example'] }
    const changed = await createOAuthService(table, { existing: service.account, clock, clientsByUrl })

    expect(await refresh(changed, agent, json.refresh_token)).toMatchObject({ status: 401 })
    expect((await openBrowser(changed).authorize(agent)).page).toMatchObject(page)
  })
})
