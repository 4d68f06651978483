import { describe, expect, test } from '@jest/globals'
import { createTestAuthorizer, rulesOf, sampleEvent } from '../../support/authorizer.ts'
import { httpEvent } from '../../support/builders/events.ts'

const anyOf = (...groups: readonly unknown[]) => ['', null, null, groups]
const routeRules = rulesOf({
  api: {
    'GET /orders': anyOf('admin', 'editors'),
    'GET /bills': ['bills', null, null, ['admin']],
    'GET /payments': ['', 600, 'mfa', ['admin']],
    'GET /nobody': ['orders', null, null, []],
    'GET /strange': anyOf(1, null, ['admin']),
  },
  local: { 'GET /me': anyOf('admin'), $connect: anyOf('admin') },
})
const setUp = () => createTestAuthorizer({ routeRules })

const question = (token: string, routeKey: string) => {
  const authorization = `Bearer ${token}`
  return {
    ...httpEvent(routeKey),
    type: 'REQUEST',
    headers: { authorization },
    identitySource: [authorization, routeKey],
  }
}

describe('a route with groups', () => {
  test.each<[readonly string[] | undefined, boolean]>([
    [['admin'], true],
    [['editors'], true],
    [['support', 'editors', 'b'], true],
    [['support'], false],
    [['Admin', 'admi', 'admins', 'admin editors', '*'], false],
    [[], false],
    [[''], false],
    [undefined, false],
  ])('opens for a token with the groups %j: %s', async (groups, isAuthorized) => {
    const { authorize, issueWith } = setUp()

    expect(await authorize(question(await issueWith({ groups }), 'GET /orders'))).toMatchObject({ isAuthorized })
  })

  test('asks for its scopes and for a fresh log-in too', async () => {
    const { authorize, issueWith, lines } = setUp()
    const groups = ['admin']
    const answers = [
      await authorize(question(await issueWith({ groups }), 'GET /bills')),
      await authorize(question(await issueWith({ scope: 'bills' }), 'GET /bills')),
      await authorize(question(await issueWith({ groups, scope: 'bills' }), 'GET /bills')),
      await authorize(question(await issueWith({ groups }), 'GET /payments')),
    ]

    expect(answers).toMatchObject([false, false, true, false].map((isAuthorized) => ({ isAuthorized })))
    expect(lines.map((line) => JSON.parse(line)['reason'])).toEqual([
      'insufficient_scope',
      'not_in_group',
      undefined,
      'insufficient_user_authentication',
    ])
  })

  test('is closed to a token of a machine, whatever scope it has', async () => {
    const { authorize, issueToMachine } = setUp()
    const machine = await issueToMachine({ scope: 'bills' })

    expect(await authorize(question(machine, 'GET /bills'))).toEqual({ isAuthorized: false })
  })

  test.each(['GET /nobody', 'GET /strange'])(
    'is closed to all where no group is one that a token can have: %s',
    async (routeKey) => {
      const { authorize, issueWith } = setUp()
      const token = await issueWith({ groups: ['admin', 'null', '1'], scope: 'orders' })

      expect(await authorize(question(token, routeKey))).toEqual({ isAuthorized: false })
    },
  )

  // RFC 6750 section 3.1: another token of the same person would be refused too.
  test('is 403 on REST APIs, by a policy', async () => {
    const { authorize, issueWith, lines } = setUp()
    const [inside, outside] = [await issueWith({ groups: ['admin'] }), await issueWith({ groups: ['support'] })]

    expect(await authorize(sampleEvent('rest-request', inside))).toMatchObject({ context: { groups: 'admin' } })
    expect(await authorize(sampleEvent('rest-request', outside))).toMatchObject({
      policyDocument: { Statement: [{ Effect: 'Deny' }] },
    })
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ event: 'authz_fail', reason: 'not_in_group', status: 403 })
  })

  test('lets a WebSocket connect, or not', async () => {
    const { authorize, issueWith } = setUp()
    const effectFor = async (...groups: readonly string[]) =>
      authorize(sampleEvent('websocket-header', await issueWith({ groups })))

    expect(await effectFor('admin')).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Allow' }] } })
    expect(await effectFor('support')).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Deny' }] } })
  })
})

describe('the context of a function', () => {
  test.each(['ok', 'http-payload-1.0', 'rest-token', 'websocket-header'])(
    'has groups separated by spaces, and the claims of the owner as one text: %s',
    async (name) => {
      const { authorize, issueWith } = createTestAuthorizer()
      const claims = { tenant: 't-1', limits: { seats: 5 }, beta: true }
      const answer = await authorize(sampleEvent(name, await issueWith({ groups: ['editors', 'admin'], claims })))
      const { groups, claims: text } = Object(Object(answer).context)

      expect(groups).toBe('editors admin')
      expect(JSON.parse(text)).toEqual(claims)
    },
  )

  test('has neither where the token has none', async () => {
    const { authorize, issue } = createTestAuthorizer()

    expect(await authorize(sampleEvent('rest-token', await issue()))).toMatchObject({
      context: { groups: '', claims: '{}' },
    })
  })

  test('has what is ours whatever the claims of the owner are called', async () => {
    const { authorize, issueWith } = createTestAuthorizer()
    const claims = { sub: 'eve', groups: ['admin'], scope: 'all', aud: 'other', exp: 9e9, client_id: 'x', acr: 'mfa' }
    const answer = await authorize(sampleEvent('ok', await issueWith({ claims, groups: ['support'], scope: 'a' })))

    expect(answer).toMatchObject({
      isAuthorized: true,
      context: { sub: 's', client_id: 'web', scope: 'a', groups: 'support', acr: 'pwd', claims: '{}' },
    })
  })
})
