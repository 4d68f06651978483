import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import type { AskClaims, ClaimsQuestion } from '../../functions/domain/sessions/ask-claims.ts'
import { Unavailable } from '../../functions/domain/unavailable.ts'
import { createKeyOwner, exchange } from '../support/builders/api-keys.ts'
import { createHolder } from '../support/builders/factor-holder.ts'
import { createFactorService } from '../support/builders/factor-service.ts'
import { redeem, refresh, signInTo } from '../support/builders/oauth-browser.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { createService } from '../support/builders/service.ts'
import { aUser, keptUser } from '../support/builders/users.ts'
import { createMemoryStores } from '../support/fakes/memory-stores.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

/** A hook that counts up, takes the scope `b` away, and fails when it is told to. */
function createHook() {
  const asked: ClaimsQuestion[] = []
  const state = { isBroken: false }
  const askClaims: AskClaims = async (question) => {
    asked.push(question)
    if (state.isBroken) throw new Unavailable('No claims.', { cause: 'claims_unavailable' })
    return { claims: `{"tenant":"t-${asked.length}"}`, scope: question.scope.filter((token) => token !== 'b') }
  }
  return {
    asked,
    askClaims,
    break: () => {
      state.isBroken = true
    },
    mend: () => {
      state.isBroken = false
    },
  }
}

const tenantOf = (token: string) => decodeJwt(token)['tenant']
const unavailable = { status: 503, json: { error: 'temporarily_unavailable' } }

describe('the claims of the owner', () => {
  test('are asked for at the start of a session, with what would be granted', async () => {
    const hook = createHook()
    const stores = createMemoryStores(keptUser(aUser({ scope: ['a', 'b'] })))
    await stores.accounts.setGroups('subject-of-ada', ['admin'])
    const service = createService({ stores, ...hook })
    const { accessToken, scope } = await service.logIn()

    expect(hook.asked).toEqual([
      { sub: 'subject-of-ada', clientId: 'web', scope: ['a', 'b'], groups: ['admin'], occasion: 'log_in' },
    ])
    expect(decodeJwt(accessToken)).toMatchObject({ tenant: 't-1', scope: 'a', groups: ['admin'] })
    expect(scope).toEqual(['a'])
  })

  test('are those of the start at every refresh, and so is the scope that they left', async () => {
    const hook = createHook()
    const service = createService(hook)
    const { refreshToken } = await service.logIn()
    const first = await service.refresh(refreshToken)
    hook.break()
    const second = await service.refresh(first.json.refresh_token)
    const asking = await service.refresh(second.json.refresh_token, { scope: 'a b' })

    expect([first, second].map(({ json }) => [tenantOf(json.access_token), json.scope])).toEqual([
      ['t-1', 'a'],
      ['t-1', 'a'],
    ])
    expect(asking).toMatchObject({ status: 400, json: { error: 'invalid_scope' } })
    expect(hook.asked).toHaveLength(1)
  })

  test('are asked for at every refresh where the owner wants it', async () => {
    const hook = createHook()
    const service = createService({ ...hook, claimsAtRefresh: true })
    const { refreshToken } = await service.logIn()
    const first = await service.refresh(refreshToken)
    const second = await service.refresh(first.json.refresh_token)

    expect([first, second].map(({ json }) => tenantOf(json.access_token))).toEqual(['t-2', 't-3'])
    expect(hook.asked.map(({ occasion }) => occasion)).toEqual(['log_in', 'refresh', 'refresh'])
  })

  test('go with the hook: a refresh after the owner has removed it has none', async () => {
    const hook = createHook()
    const stores = createMemoryStores(keptUser(aUser({ scope: ['a', 'b'] })))
    const { refreshToken } = await createService({ stores, ...hook }).logIn()
    const { status, json } = await createService({ stores }).refresh(refreshToken)

    expect([status, tenantOf(json.access_token)]).toEqual([200, undefined])
  })

  test('are not in the tokens of a session that began before there was a hook, until it is asked', async () => {
    const hook = createHook()
    const stores = createMemoryStores(keptUser(aUser({ scope: ['a', 'b'] })))
    const { refreshToken } = await createService({ stores }).logIn()
    const before = await createService({ stores, ...hook }).refresh(refreshToken)
    const asked = await createService({ stores, ...hook, claimsAtRefresh: true }).refresh(before.json.refresh_token)

    expect([before, asked].map(({ json }) => tenantOf(json.access_token))).toEqual([undefined, 't-1'])
  })
})

// REQ-131
describe('a hook that fails', () => {
  test('leaves no session, and the next log-in works', async () => {
    const hook = createHook()
    const service = createService(hook)
    hook.break()
    await expect(service.logIn()).rejects.toThrow(Unavailable)
    expect((await service.sessions.listSessions('subject-of-ada')).sessions).toEqual([])
    hook.mend()

    expect(tenantOf((await service.logIn()).accessToken)).toBe('t-2')
  })

  test('at a refresh leaves the token as good as before, and uses up no retry', async () => {
    const hook = createHook()
    const service = createService({ ...hook, claimsAtRefresh: true })
    const { refreshToken } = await service.logIn()
    hook.break()
    for (let tried = 0; tried < 5; tried++) expect(await service.refresh(refreshToken)).toMatchObject(unavailable)
    service.clock.advance(3600)
    hook.mend()

    expect(await service.refresh(refreshToken)).toMatchObject({ status: 200 })
    expect(
      service
        .logged()
        .map(({ event, cause }) => [event, cause])
        .slice(0, 5),
    ).toEqual(Array.from({ length: 5 }, () => ['sys_crash', 'claims_unavailable']))
  })

  test('does not keep a stolen token from being found', async () => {
    const hook = createHook()
    const service = createService({ ...hook, claimsAtRefresh: true })
    const { refreshToken } = await service.logIn()
    const { json } = await service.refresh(refreshToken)
    service.clock.advance(11)
    hook.break()

    expect(await service.refresh(refreshToken)).toMatchObject({ status: 400 })
    expect(await service.refresh(json.refresh_token)).toMatchObject({ status: 400 })
  })
})

// The hook takes up to a second, in which anything may happen.
describe('what ends while the hook is asked', () => {
  const meanwhile = (act: (service: ReturnType<typeof createService>) => Promise<unknown>) => {
    const running: { service?: ReturnType<typeof createService> } = {}
    const askClaims: AskClaims = async ({ scope }) => {
      if (running.service) await act(running.service)
      return { claims: '{"tenant":"t"}', scope }
    }
    return { running, askClaims }
  }
  const endings: readonly [string, (service: ReturnType<typeof createService>) => Promise<unknown>][] = [
    ['the sessions of the account', ({ accountLifecycle }) => accountLifecycle.revokeSessions('ada')],
    ['the account, disabled', ({ accountLifecycle }) => accountLifecycle.disable('ada')],
    ['the account, deleted', ({ accountLifecycle }) => accountLifecycle.remove('ada')],
  ]

  test.each(endings)('leaves no session of a log-in: %s', async (_, act) => {
    const { running, askClaims } = meanwhile(act)
    const service = createService({ askClaims })
    running.service = service

    await expect(service.logIn()).rejects.toThrow('session_ended')
    expect((await service.sessions.listSessions('subject-of-ada')).sessions).toEqual([])
  })

  test.each(endings)('gives no token at a refresh: %s', async (_, act) => {
    const { running, askClaims } = meanwhile(act)
    const service = createService({ askClaims, claimsAtRefresh: true })
    const { refreshToken } = await service.logIn()
    running.service = service

    expect(await service.refresh(refreshToken)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect(await service.refresh(refreshToken)).toMatchObject({ status: 400 })
  })

  test('of many refreshes at once all get one successor, each with claims', async () => {
    const hook = createHook()
    const service = createService({ ...hook, claimsAtRefresh: true })
    const { refreshToken } = await service.logIn()
    const answers = await Promise.all(Array.from({ length: 8 }, () => service.refresh(refreshToken)))

    expect(new Set(answers.map(({ json }) => json.refresh_token)).size).toBe(1)
    expect(answers.every(({ json }) => /^t-\d+$/.test(String(tenantOf(json.access_token))))).toBe(true)
  })
})

describe('every way to a token of a person asks', () => {
  test('log-in with a second factor, by passkey, and a change of the password', async () => {
    const hook = createHook()
    const service = await createFactorService(table, hook)
    const holder = createHolder(service)
    const app = await holder.enrolTotp()
    const passkey = await holder.enrolPasskey(app.token)
    const byPasskey = await holder.signIn(passkey.passkey)
    const { json } = await service.call(
      'POST /password',
      { current_password: service.credentials.password, new_password: 'a better battery of horses' },
      String(byPasskey.json['access_token']),
    )
    const tokens = [app.token, String(byPasskey.json['access_token']), String(json['access_token'])]

    expect(tokens.map((token) => /^t-\d+$/.test(String(tenantOf(token))))).toEqual([true, true, true])
    expect(new Set(hook.asked.map(({ sub }) => sub))).toEqual(new Set([service.account.sub]))
  })

  test('the enrolment that a log-in asks for', async () => {
    const hook = createHook()
    const service = await createFactorService(table, { ...hook, policy: 'required' })
    const { token } = await createHolder(service).enrolByLogIn()

    expect(tenantOf(token)).toBe('t-1')
  })

  test('but not a password that is still to be followed by a factor, which gives no token', async () => {
    const hook = createHook()
    const service = await createFactorService(table, { ...hook, policy: 'required' })

    expect(await service.logIn()).toMatchObject({ status: 403 })
    expect(hook.asked).toEqual([])
  })
})

describe('a client of the code flow', () => {
  test('has claims in its access token, none in its ID token, and scopes that the hook left', async () => {
    const hook = createHook()
    const service = await createOAuthService(table, hook)
    const client = await service.putClient()
    const { json } = await signInTo(service, client, { scope: 'openid profile' })
    const renewed = await refresh(service, client, json.refresh_token)

    expect(hook.asked.map(({ occasion, clientId }) => [occasion, clientId])).toEqual([['code', client.id]])
    expect(tenantOf(json.access_token)).toBe('t-1')
    expect(decodeJwt(json.id_token)).not.toHaveProperty('tenant')
    expect(tenantOf(renewed.json.access_token)).toBe('t-1')
  })

  test('gets nothing where the hook fails: its code is used up, and no session is left', async () => {
    const hook = createHook()
    const service = await createOAuthService(table, hook)
    const client = await service.putClient()
    hook.break()
    const { status, json, code, verifier } = await signInTo(service, client, {})
    hook.mend()

    expect([status, json.error]).toEqual([503, 'temporarily_unavailable'])
    expect((await service.stores.sessions.listSessions(service.account.sub)).sessions).toEqual([])
    expect(await redeem(service, client, { code, code_verifier: verifier })).toMatchObject({ status: 400 })
  })
})

test('a session that the hook takes offline_access from ends with that of the browser', async () => {
  const askClaims: AskClaims = async ({ scope }) => ({ scope: scope.filter((token) => token !== 'offline_access') })
  const service = await createOAuthService(table, { askClaims })
  const client = await service.putClient()
  const { json, browser } = await signInTo(service, client, { scope: 'openid offline_access' })
  expect(json.scope).toBe('openid')

  await browser.go('POST', '/logout/confirm')

  expect(await refresh(service, client, json.refresh_token)).toMatchObject({
    status: 400,
    json: { error: 'invalid_grant' },
  })
})

test('an API key is not asked about, and its tokens have neither claims nor groups', async () => {
  const hook = createHook()
  const resource = 'https://mcp.example.com/mcp'
  const service = await createOAuthService(table, {
    ...{ ...hook, scopes: ['a', 'b'], resources: [{ url: resource, scopes: ['b'] }] },
    account: { scope: ['a', 'b'], groups: ['admin'] },
  })
  const owner = await createKeyOwner(service)
  const { key } = (await owner.create()).json
  const asked = hook.asked.length
  const claimsOf = async (form: Readonly<Record<string, string>>) =>
    decodeJwt((await exchange(service, key, form)).json.access_token)

  expect(decodeJwt(owner.token)).toMatchObject({ groups: ['admin'], tenant: 't-1', scope: 'a' })
  for (const claims of [await claimsOf({}), await claimsOf({ resource })])
    expect(Object.keys(claims).toSorted()).toEqual([
      'aud',
      'client_id',
      'exp',
      'iat',
      'iss',
      'jti',
      'scope',
      'sid',
      'sub',
    ])
  // What the hook took from the log-in, no key of it has.
  expect([(await claimsOf({}))['scope'], (await claimsOf({ resource }))['scope']]).toEqual(['a', ''])
  expect(hook.asked).toHaveLength(asked)
})

test('a machine is not asked about', async () => {
  const hook = createHook()
  const service = await createOAuthService(table, hook)
  const client = await service.putClient({
    ...{ grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' },
    ...{ scope: 'orders:read', redirect_uris: [] },
  })
  const { text } = await service.call('POST /token', {
    form: { grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret ?? '' },
  })

  expect(decodeJwt(JSON.parse(text).access_token)).toMatchObject({ sub: client.id })
  expect(hook.asked).toEqual([])
})
