import { describe, expect, test } from '@jest/globals'
import { createTestAuthorizer, rulesOf, sampleEvent } from '../../support/authorizer.ts'
import { httpEvent } from '../../support/builders/events.ts'
import { audience, issuer, key } from '../../support/builders/service.ts'
import { forge } from '../../support/builders/signing-key.ts'

const routeRules = rulesOf({
  api: {
    'PUT /address': ['', 600, null],
    'POST /payments': ['pay', 600, 'mfa'],
    'GET /invoices': ['', null, 'mfa'],
    'GET /profile': ['', null, 'pwd'],
  },
  local: { 'GET /me': ['', 600, 'mfa'], $connect: ['', 600, 'mfa'] },
})
const mfa = ['pwd', 'otp', 'mfa'] as const
const passkey = ['pop', 'user', 'mfa'] as const

function setUp() {
  const authorizer = createTestAuthorizer({ routeRules })
  const { authorize, clock, lines } = authorizer
  const now = clock()
  const ask = (token: string, routeKey: string) => {
    const authorization = `Bearer ${token}`
    const event = { ...httpEvent(routeKey), type: 'REQUEST', headers: { authorization } }
    return authorize({ ...event, identitySource: [routeKey, authorization] })
  }
  /** Signed by the service's own key, whatever it says. */
  const sign = (claims: object) =>
    forge(
      key,
      { alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid },
      { iss: issuer, aud: audience, sub: 's', client_id: 'c', jti: 'j', iat: now, exp: now + 900, ...claims },
    )
  return { ...authorizer, now, ask, sign, lastReason: () => JSON.parse(lines.at(-1) ?? '{}')['reason'] }
}

const insufficient = 'insufficient_user_authentication'

// REQ-176
describe('a route that asks for a recent log-in', () => {
  test('is open for exactly so many seconds, whenever the token was issued', async () => {
    const { ask, issueProved, clock, lastReason } = setUp()
    const authTime = clock()
    clock.advance(600)
    const token = await issueProved({ authTime, amr: ['pwd'] })

    expect(await ask(token, 'PUT /address')).toMatchObject({ isAuthorized: true })
    clock.advance(1)
    expect(await ask(token, 'PUT /address')).toEqual({ isAuthorized: false })
    expect(lastReason()).toBe(insufficient)
    expect(await ask(token, 'GET /profile')).toMatchObject({ isAuthorized: true })
  })
})

// REQ-176
describe('a route that asks for a strong log-in', () => {
  test.each([
    ['GET /invoices', ['pwd'], false],
    ['GET /invoices', ['pop', 'user'], false],
    ['GET /invoices', mfa, true],
    ['GET /invoices', passkey, true],
    ['GET /profile', ['pwd'], true],
    ['GET /profile', mfa, true],
  ] as const)('%s is open to a log-in by %j: %s', async (routeKey, amr, isAuthorized) => {
    const { ask, issueProved } = setUp()

    expect(await ask(await issueProved({ authTime: 1, amr }), routeKey)).toMatchObject({ isAuthorized })
  })

  test.each([
    [600, mfa, ['pay'], undefined],
    [601, mfa, ['pay'], insufficient],
    [600, ['pwd'], ['pay'], insufficient],
    [600, mfa, ['other'], 'insufficient_scope'],
    [601, ['pwd'], [], 'insufficient_scope'],
  ] as const)(
    'and for age and scope, asked %i seconds after a log-in by %j with %j, answers: %s',
    async (age, amr, scope, reason) => {
      const { ask, issueProved, now, lastReason } = setUp()
      const answer = await ask(await issueProved({ authTime: now - age, amr }, ...scope), 'POST /payments')

      expect(answer).toMatchObject({ isAuthorized: reason === undefined })
      expect(lastReason()).toBe(reason)
    },
  )
})

// REQ-176
describe('a token that says of its log-in', () => {
  const proved = { auth_time: 1_800_000_000, amr: mfa, acr: 'mfa' }
  const routes = ['PUT /address', 'GET /invoices', 'GET /profile'] as const

  test('all that routes ask for opens them', async () => {
    const { ask, sign } = setUp()

    for (const route of routes) expect(await ask(sign(proved), route)).toMatchObject({ isAuthorized: true })
  })

  test('nothing, as that of a machine, opens none of them, and every other route', async () => {
    const { ask, sign, lastReason } = setUp()

    for (const route of routes) {
      expect(await ask(sign({}), route)).toEqual({ isAuthorized: false })
      expect(lastReason()).toBe(insufficient)
    }
    expect(await createTestAuthorizer().authorize(question(sign({})))).toMatchObject({ isAuthorized: true })
  })

  test.each([
    ['no auth_time', { auth_time: undefined }, 'PUT /address'],
    ['no acr', { acr: undefined }, 'GET /invoices'],
    ['no acr, on a route for anyone who has logged in', { acr: undefined }, 'GET /profile'],
    ['mfa only in amr', { acr: 'pwd' }, 'GET /invoices'],
  ])('%s does not open the route that asks for it', async (_, change, route) => {
    const { ask, sign, lastReason } = setUp()

    expect(await ask(sign({ ...proved, ...change }), route)).toEqual({ isAuthorized: false })
    expect(lastReason()).toBe(insufficient)
  })

  test.each([
    ['that it will be', { auth_time: 1_800_000_060 }, 'not_yet_valid'],
    ['its time in milliseconds', { auth_time: 1_800_000_000_000 }, 'not_yet_valid'],
    ['its time as a string', { auth_time: '1800000000' }, 'malformed_claims'],
    ['its time as null', { auth_time: null }, 'malformed_claims'],
    ['its time as true', { auth_time: true }, 'malformed_claims'],
    ['its worth in a list', { acr: ['mfa'] }, 'malformed_claims'],
    ['its worth in a longer word', { acr: 'mfa2' }, 'malformed_claims'],
    ['its worth as a number', { acr: 1 }, 'malformed_claims'],
    ['its methods as one string', { amr: 'pwd mfa' }, 'malformed_claims'],
  ])('%s gets in nowhere', async (_, change, reason) => {
    const { ask, sign, lastReason } = setUp()

    for (const route of routes) {
      expect(await ask(sign({ ...proved, ...change }), route)).toEqual({ isAuthorized: false })
      expect(lastReason()).toBe(reason)
    }
  })

  test('more than it said when it was signed gets in nowhere', async () => {
    const { ask, issueProved, now, lastReason } = setUp()
    const token = await issueProved({ authTime: now - 601, amr: ['pwd'] })
    const [header, payload = '', signature] = token.split('.')
    const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), ...proved }
    const tampered = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`

    for (const route of routes) expect(await ask(tampered, route)).toEqual({ isAuthorized: false })
    expect(lastReason()).toBe('bad_signature')
  })
})

const question = (token: string) => ({
  ...httpEvent('GET /me'),
  type: 'REQUEST',
  headers: { authorization: `Bearer ${token}` },
})

// REQ-176
describe('a log-in that is not enough reads', () => {
  test.each([
    ['rest-request', 'as 401, the status of RFC 9470'],
    ['websocket-header', 'as 401, when it connects'],
  ])('%s: %s', async (name) => {
    const { authorize, issueProved, now, lines } = setUp()
    const ask = async (age: number, amr: typeof mfa | readonly ['pwd']) =>
      authorize(sampleEvent(name, await issueProved({ authTime: now - age, amr })))

    await expect(ask(600, ['pwd'])).rejects.toThrow(/^Unauthorized$/)
    await expect(ask(601, mfa)).rejects.toThrow(/^Unauthorized$/)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ reason: insufficient, status: 401 })
    expect(await ask(600, mfa)).toMatchObject({ principalId: 's', context: { acr: 'mfa', auth_time: now - 600 } })
  })

  test('payload 1.0 of an HTTP API: as a denial', async () => {
    const { authorize, issueProved, now } = setUp()
    const ask = async (age: number) =>
      authorize(sampleEvent('http-payload-1.0', await issueProved({ authTime: now - age, amr: mfa })))

    expect(await ask(601)).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Deny' }] } })
    expect(await ask(600)).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Allow' }] } })
  })
})
