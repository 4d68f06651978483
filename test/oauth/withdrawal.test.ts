import { afterAll, expect, test } from '@jest/globals'
import { interruptOnce } from '../factors/interrupted.ts'
import { openBrowser, redeem, refresh, responseIn, signInTo } from '../support/builders/oauth-browser.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

/** Somebody who has allowed a client of somebody else something, and has another code of it. */
async function setUp(metadata: object = {}) {
  const service = await createOAuthService(table)
  const client = await service.putClient({ first_party: false, scope: 'orders:read', ...metadata })
  const { browser, json } = await signInTo(service, client)
  const newCode = async (parameters: Readonly<Record<string, string>> = {}) => {
    const { verifier, page } = await browser.authorize(client, parameters)
    const allowed = page.text.includes('value="allow"') ? await browser.decide(page, 'allow') : page
    return { code: responseIn(allowed)['code'] ?? '', code_verifier: verifier }
  }
  const { sub } = service.account
  return {
    ...{ service, client, browser, json, newCode, sub },
    withdraw: () => service.ownApps.withdraw(sub, client.id),
    apps: async () => {
      const { epoch, sessions } = await service.stores.sessions.listSessions(sub)
      return service.ownApps.list(
        sub,
        sessions.filter((session) => session.epoch === epoch),
      )
    },
  }
}

const refused = { status: 400, json: { error: 'invalid_grant' } }

// REQ-183
test('a withdrawal ends the sessions of that client and no others, and the next sign-in asks again', async () => {
  const { service, client, browser, json, withdraw, apps } = await setUp()
  const other = await service.putClient({ first_party: false })
  const own = await service.putClient()
  const ofOther = await signInTo(service, other, {}, browser)
  const ofOwn = await signInTo(service, own, {}, browser)
  const before = await apps()
  await withdraw()

  expect(before.map(({ clientId }) => clientId).toSorted()).toEqual([client.id, other.id].toSorted())
  expect(await apps()).toEqual([{ clientId: other.id, name: other.id, scope: ['openid'] }])
  expect(await refresh(service, client, json.refresh_token)).toMatchObject(refused)
  expect(await refresh(service, other, ofOther.json.refresh_token)).toMatchObject({ status: 200 })
  expect(await refresh(service, own, ofOwn.json.refresh_token)).toMatchObject({ status: 200 })
  const silent = await browser.authorize(client, { prompt: 'none' })
  expect(responseIn(silent.page)).toMatchObject({ error: 'consent_required' })
  expect((await browser.authorize(client)).page.text).toContain('value="allow"')
})

// REQ-183
test('a code from before a withdrawal begins no session, not even where the client was allowed again meanwhile', async () => {
  const { service, client, json, newCode, withdraw } = await setUp()
  const [first, second] = [await newCode(), await newCode()]
  await withdraw()
  const alone = await redeem(service, client, first)
  const third = await newCode()
  const afterConsent = await redeem(service, client, second)

  expect([alone, afterConsent]).toMatchObject([refused, refused])
  expect(await refresh(service, client, json.refresh_token)).toMatchObject(refused)
  expect(await redeem(service, client, third)).toMatchObject({ status: 200 })
  const log = service.logged().filter(({ event, outcome }) => event === 'session_created' && outcome === 'failure')
  expect(log).toMatchObject([{ reason: 'consent_withdrawn' }, { reason: 'consent_withdrawn' }])
  const { sessions } = await service.stores.sessions.listSessions(service.account.sub)
  expect(sessions).toHaveLength(1)
})

// REQ-183: whoever asks each time has a consent too, because a code belongs to one.
test.each([
  ['whose consent is asked every time', { redirect_uris: ['http://127.0.0.1/callback'] }, {}],
  ['that asks for consent itself', {}, { prompt: 'consent' }],
])('a code of a client %s begins no session after a withdrawal', async (_, metadata, parameters) => {
  const { service, client, json, newCode, withdraw } = await setUp(metadata)
  const [good, bad] = [await newCode(parameters), await newCode(parameters)]

  expect(await redeem(service, client, good)).toMatchObject({ status: 200 })
  await withdraw()
  expect(await redeem(service, client, bad)).toMatchObject(refused)
  expect(await refresh(service, client, json.refresh_token)).toMatchObject(refused)
})

// REQ-183
test('what a former client of an id was allowed is nothing that can be withdrawn or used', async () => {
  const { service, client, browser, newCode, apps, withdraw } = await setUp()
  const before = await newCode()
  await service.deleteClient(client.id)
  const { sessions } = await service.stores.sessions.listSessions(service.account.sub)
  for (const { sub, id } of sessions) await service.stores.sessions.deleteSession(sub, id)
  const withoutClient = await apps()
  await service.putClient({ client_id: client.id, first_party: false })

  expect([withoutClient, await apps()]).toEqual([[], []])
  expect(await redeem(service, client, before)).toMatchObject(refused)
  expect((await browser.authorize(client)).page.text).toContain('value="allow"')
  const [first, second] = [await newCode(), await newCode()]
  expect(await redeem(service, client, first)).toMatchObject({ status: 200 })
  await withdraw()
  expect(await redeem(service, client, second)).toMatchObject(refused)
})

// REQ-183, REQ-202
test('a withdrawal ends the sessions too that began while the client was first-party', async () => {
  const service = await createOAuthService(table)
  const client = await service.putClient()
  const before = await signInTo(service, client)
  await service.putClient({ client_id: client.id, first_party: false })
  const after = await signInTo(service, client)
  await service.ownApps.withdraw(service.account.sub, client.id)
  await service.putClient({ client_id: client.id })

  for (const { json } of [before, after])
    expect(await refresh(service, client, json.refresh_token)).toMatchObject(refused)
})

// REQ-183
test('a withdrawal that failed half way is shown as not done, and can be done again', async () => {
  const { service, client, json, apps, sub } = await setUp()
  const failing = interruptOnce(
    table.client,
    ({ constructor: { name } }) => name === 'QueryCommand',
    async () => {
      throw new Error('The network is down.')
    },
  )
  const view = await createOAuthService(
    { client: failing, name: table.name },
    { existing: service.account, clock: service.clock },
  )
  await expect(view.ownApps.withdraw(sub, client.id)).rejects.toThrow()

  expect(await apps()).toMatchObject([{ clientId: client.id }])
  expect(await service.ownApps.withdraw(sub, client.id)).toMatchObject({ ok: true })
  expect(await apps()).toEqual([])
  expect(await refresh(service, client, json.refresh_token)).toMatchObject(refused)
})

// REQ-183
test('a consent that is withdrawn as it is given leads to the page again, and to no code', async () => {
  const { service, client, browser, sub, withdraw } = await setUp()
  const { page } = await browser.authorize(client, { scope: 'openid orders:read' })
  const interrupted = interruptOnce(table.client, isReadOfConsent, withdraw)
  const view = await createOAuthService(
    { client: interrupted, name: table.name },
    { existing: service.account, clock: service.clock },
  )
  const elsewhere = openBrowser(view)
  for (const [name, value] of browser.jar) elsewhere.jar.set(name, value)
  const answer = await elsewhere.go('POST', '/consent', { ...page.fields, decision: 'allow' })

  expect(answer.location).toMatch(/^\/consent\?flow=/)
  expect(await service.consentsOf(sub)).toEqual([])
})

const isReadOfConsent = (command: object): boolean =>
  command.constructor.name === 'GetCommand' &&
  String((command as { input: { Key: { pk: string } } }).input.Key.pk).startsWith('CONSENT#')

test.each(['', 'lk_key', 'x'.repeat(2000), 'nobody', 'CONSENT#\u0000', '../ACCOUNT'])(
  'a client %j that was never allowed anything changes nothing',
  async (clientId) => {
    const { service, sub, json, client } = await setUp()

    expect(await service.ownApps.withdraw(sub, clientId)).toEqual({ ok: false, failure: { reason: 'unknown_app' } })
    expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 200 })
  },
)
