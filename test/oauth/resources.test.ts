import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { openBrowser, redeem, refresh, responseIn, signInTo } from '../support/builders/oauth-browser.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

const audience = 'https://api.example.com'
const mcp = 'https://mcp.example.com/mcp'
const root = 'https://tools.example.org'
const resources = [{ url: mcp, scopes: ['orders:read'] }, { url: root }]

const setUp = async (settings: Parameters<typeof createOAuthService>[1] = {}) =>
  createOAuthService(table, { resources, account: { scope: ['orders:read', 'orders:write'] }, ...settings })

const everyScope = 'openid orders:read orders:write'
const thirdParty = { first_party: false, scope: 'orders:read orders:write' }
const audOf = (token: unknown) => decodeJwt(String(token)).aud

describe('a resource', () => {
  // REQ-194
  test.each([
    [mcp, mcp],
    ['https://MCP.example.com:443/mcp', mcp],
    [root, root],
    [`${root}/`, root],
    [audience, audience],
    [`${audience}/`, audience],
  ])('that is asked for as %s is the audience %s, as it is registered', async (resource, aud) => {
    const service = await setUp()
    const client = await service.putClient()

    const { status, json } = await signInTo(service, client, { resource })

    expect([status, audOf(json.access_token)]).toEqual([200, aud])
  })

  // REQ-194
  test('stays what the tokens are for when they are refreshed', async () => {
    const service = await setUp()
    const client = await service.putClient()
    const first = await signInTo(service, client, { resource: mcp })

    const plain = await refresh(service, client, first.json.refresh_token)
    const repeated = await refresh(service, client, plain.json.refresh_token, { resource: mcp })

    expect([audOf(plain.json.access_token), audOf(repeated.json.access_token)]).toEqual([mcp, mcp])
  })

  // REQ-194
  test('that is spelt another way by now is what sessions from before are for, as it is spelt now', async () => {
    const service = await setUp()
    const client = await service.putClient()
    const { json } = await signInTo(service, client, { resource: root })
    const respelt = await createOAuthService(table, {
      ...{ existing: service.account, clock: service.clock, resources: [{ url: `${root}/` }] },
    })

    const first = await refresh(respelt, client, json.refresh_token, { resource: root })
    const second = await refresh(respelt, client, first.json.refresh_token, { resource: `${root}/` })

    expect([audOf(first.json.access_token), audOf(second.json.access_token)]).toEqual([`${root}/`, `${root}/`])
  })

  test.each([
    ['an unknown one', 'https://evil.example.com/'],
    ['another one', `${root}/`],
    ['the API of the service', audience],
    ['a fragment', `${mcp}#tools`],
    ['a path below', `${mcp}/`],
    ['no URL', 'mcp'],
  ])('cannot become %s at a refresh, which ends nothing', async (_, resource) => {
    const service = await setUp()
    const client = await service.putClient()
    const { json } = await signInTo(service, client, { resource: mcp })

    const refused = await refresh(service, client, json.refresh_token, { resource })

    expect(refused).toMatchObject({ status: 400, json: { error: 'invalid_target' } })
    expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 200 })
  })

  // REQ-203
  test('limits what its tokens may do: asked, client, account, resource', async () => {
    const service = await setUp()
    const client = await service.putClient({ scope: 'orders:read orders:write' })

    const ofMcp = await signInTo(service, client, { resource: mcp, scope: everyScope })
    const ofRoot = await signInTo(service, client, { resource: root, scope: everyScope })
    const refreshed = await refresh(service, client, ofMcp.json.refresh_token)

    expect([ofMcp.json.scope, refreshed.json.scope, ofRoot.json.scope]).toEqual([
      'openid orders:read',
      'openid orders:read',
      everyScope,
    ])
  })

  // REQ-203
  test('that loses a scope loses it in sessions too, and one that is gone ends its codes and tokens', async () => {
    const service = await setUp()
    const client = await service.putClient({ scope: 'orders:read orders:write' })
    const { json } = await signInTo(service, client, { resource: mcp, scope: everyScope })
    const { verifier, page } = await openBrowser(service).authorize(client, { resource: mcp })
    const { existing, smaller, gone } = await later(service)

    const reduced = await refresh(smaller, client, json.refresh_token)
    const refused = await refresh(gone, client, reduced.json.refresh_token)

    expect(existing).toBe(service.account)
    expect(reduced.json.scope).toBe('openid')
    expect(refused).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect(gone.logged().at(-1)).toMatchObject({ reason: 'resource_withdrawn' })
    expect([verifier, page.text]).toEqual([expect.any(String), expect.any(String)])
  })
})

async function later(service: Awaited<ReturnType<typeof setUp>>) {
  const same = { existing: service.account, clock: service.clock }
  return {
    existing: same.existing,
    smaller: await createOAuthService(table, { ...same, resources: [{ url: mcp, scopes: [] }] }),
    gone: await createOAuthService(table, { ...same, resources: [] }),
  }
}

describe('at /authorize', () => {
  // REQ-194
  test.each([
    ['an unknown resource', 'resource=https%3A%2F%2Fevil.example.com%2F'],
    ['a fragment', `resource=${encodeURIComponent(`${mcp}#`)}`],
    ['no URL', 'resource=orders'],
    ['two resources', `resource=${encodeURIComponent(mcp)}&resource=${encodeURIComponent(root)}`],
    ['one resource twice', `resource=${encodeURIComponent(mcp)}&resource=${encodeURIComponent(mcp)}`],
  ])('%s is told to the client as invalid_target', async (_, query) => {
    const service = await setUp()
    const client = await service.putClient()
    const whole = new URLSearchParams({
      ...{ client_id: client.id, redirect_uri: client.redirectUri, response_type: 'code', state: 'a state' },
      ...{ code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' },
    })

    const answer = await service.call('GET /authorize', { query: `${whole}&${query}` })

    expect(answer.status).toBe(303)
    const { error, state } = responseIn({ location: answer.headers['location'] ?? '' })
    expect([error, state]).toEqual(['invalid_target', 'a state'])
  })
})

describe('the exchange of a code', () => {
  const codeFor = async (resource?: string) => {
    const service = await setUp()
    const client = await service.putClient()
    const browser = openBrowser(service)
    const { verifier, page } = await browser.authorize(client, { ...(resource && { resource }) })
    const { code = '' } = responseIn(await browser.signIn(page))
    return { service, client, proof: { code, code_verifier: verifier } }
  }

  // REQ-194
  test('may name the resource again', async () => {
    const { service, client, proof } = await codeFor(`${root}/`)

    const { status, json } = await redeem(service, client, { ...proof, resource: root })

    expect([status, audOf(json.access_token)]).toEqual([200, root])
  })

  // REQ-194
  test.each([
    ['another resource', mcp, root],
    ['the API of the service', mcp, audience],
    ['a resource that nobody has allowed it', undefined, mcp],
    ['an unknown resource', mcp, 'https://evil.example.com'],
  ])('for %s is refused', async (_, asked, resource) => {
    const { service, client, proof } = await codeFor(asked)

    const refused = await redeem(service, client, { ...proof, resource })

    expect(refused).toMatchObject({ status: 400, json: { error: 'invalid_target' } })
    const { sessions } = await service.stores.sessions.listSessions(service.account.sub)
    expect(sessions).toEqual([])
  })

  test('for two resources is refused', async () => {
    const { service, client, proof } = await codeFor(mcp)
    const json = { grant_type: 'authorization_code', client_id: client.id, ...proof, resource: [mcp, root] }

    const { status, text } = await service.call('POST /token', { json })

    expect([status, JSON.parse(text).error]).toEqual([400, 'invalid_target'])
  })

  test('is over when the resource is gone meanwhile', async () => {
    const { service, client, proof } = await codeFor(mcp)
    const { gone } = await later(service)

    const refused = await redeem(gone, client, proof)

    expect(refused).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect(gone.logged().at(-1)).toMatchObject({ reason: 'resource_withdrawn' })
  })
})

describe('a machine', () => {
  const machine = { ...thirdParty, grant_types: ['client_credentials'], redirect_uris: [] }
  const ask = async (more: object) => {
    const service = await setUp()
    const { id, secret } = await service.putClient({ ...machine, token_endpoint_auth_method: 'client_secret_post' })
    const json = { grant_type: 'client_credentials', client_id: id, client_secret: secret, ...more }
    const { status, text } = await service.call('POST /token', { json })
    return { service, status, json: JSON.parse(text) }
  }

  // REQ-194, REQ-203
  test('gets tokens for a resource, with the scopes of that', async () => {
    const { status, json } = await ask({ resource: mcp })

    expect([status, audOf(json.access_token), json.scope]).toEqual([200, mcp, 'orders:read'])
  })

  test.each([
    ['an unknown one', 'https://evil.example.com'],
    ['two', [mcp, root]],
  ])('gets none for %s', async (_, resource) => {
    expect(await ask({ resource })).toMatchObject({ status: 400, json: { error: 'invalid_target' } })
  })

  test('learns nothing of resources before it has proved who it is', async () => {
    expect(await ask({ client_secret: 'wrong', resource: 'https://evil.example.com' })).toMatchObject({ status: 401 })
  })
})

describe('consent', () => {
  const askedBy = async (parameters: Readonly<Record<string, string>>, before: Readonly<Record<string, string>>) => {
    const service = await setUp()
    const client = await service.putClient(thirdParty)
    const { browser } = await signInTo(service, client, before)
    const { page } = await browser.authorize(client, parameters)
    return { service, client, page, browser }
  }
  const isAsked = ({ page }: { readonly page: { readonly text: string } }) => page.text.includes('value="allow"')

  test('names the resource that the tokens are for, by its host and its path', async () => {
    const { page } = await askedBy({ resource: mcp }, {})

    expect(page.text).toContain('<p>This is for mcp.example.com/mcp.</p>')
  })

  test.each([
    ['of the same resource', { resource: mcp }, { resource: mcp }, false],
    ['of the service', {}, { resource: mcp }, true],
    ['of the service, for nothing', { scope: '' }, { resource: mcp, scope: '' }, true],
    ['of a resource', { resource: mcp }, {}, true],
    ['of another resource', { resource: root }, { resource: mcp }, true],
    ['of another resource, for nothing', { resource: root, scope: 'no' }, { resource: mcp, scope: 'no' }, true],
    ['of more', { resource: mcp, scope: 'openid orders:read' }, { resource: mcp }, true],
  ])('is remembered by client, scope and resource: %s', async (_, parameters, before, asked) => {
    expect(isAsked(await askedBy(parameters, before))).toBe(asked)
  })

  test('for several resources is one app of the account, with all their names', async () => {
    const { service, client, page, browser } = await askedBy({ resource: root }, { resource: mcp })
    await browser.decide(page, 'allow')

    const { text } = await browser.go('GET', '/account')

    expect(await service.ownApps.list(service.account.sub, [])).toEqual([
      { clientId: client.id, name: client.id, scope: ['openid'], resources: [mcp, root] },
    ])
    expect(text).toContain('<p class="soft">This is for mcp.example.com/mcp, tools.example.org.</p>')
  })

  test('for several resources is withdrawn at once', async () => {
    const { service, client, page, browser } = await askedBy({ resource: root }, { resource: mcp })
    await browser.decide(page, 'allow')
    const { sub } = service.account

    await service.ownApps.withdraw(sub, client.id)

    const again = await browser.authorize(client, { resource: mcp })
    expect([isAsked(again), await service.consentsOf(sub)]).toEqual([true, []])
  })
})

describe('a token for a resource', () => {
  // REQ-194
  test('is refused by /userinfo', async () => {
    const service = await setUp()
    const client = await service.putClient()
    const { json } = await signInTo(service, client, { resource: mcp })

    const answer = await service.call('GET /userinfo', { headers: { authorization: `Bearer ${json.access_token}` } })

    expect([answer.status, JSON.parse(answer.text).error]).toEqual([401, 'invalid_token'])
  })

  // REQ-202
  test('of a first-party client manages no account, even where its session is asked for', async () => {
    const service = await setUp()
    const client = await service.putClient()
    const { json } = await signInTo(service, client, { resource: mcp })

    expect(await service.sessionsOf(json.access_token)).toMatchObject({ status: 403 })
  })

  test('ends its session at /revoke, as every access token does', async () => {
    const service = await setUp()
    const client = await service.putClient()
    const { json } = await signInTo(service, client, { resource: mcp })

    const form = { token: json.access_token, client_id: client.id }
    expect(await service.call('POST /revoke', { form })).toMatchObject({ status: 200 })

    expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 400 })
  })

  test('lives beside one that the same client holds for another resource', async () => {
    const service = await setUp()
    const client = await service.putClient()
    const first = await signInTo(service, client, { resource: mcp })
    const second = await signInTo(service, client, { resource: root }, first.browser)
    await signInTo(service, client, { resource: root }, first.browser)

    expect(await refresh(service, client, first.json.refresh_token)).toMatchObject({ status: 200 })
    expect(await refresh(service, client, second.json.refresh_token)).toMatchObject({ status: 400 })
  })
})

test('a log-in by name and password is for the API of the service', async () => {
  const service = await setUp()
  const { username, password } = service
  const { text } = await service.call('POST /login', { json: { username, password } })
  const { access_token, refresh_token } = JSON.parse(text)
  const again = (resource: string) =>
    service.call('POST /token', { form: { grant_type: 'refresh_token', refresh_token, resource } })

  expect(audOf(access_token)).toBe(audience)
  expect(JSON.parse((await again(mcp)).text).error).toBe('invalid_target')
  expect((await again(audience)).status).toBe(200)
})
