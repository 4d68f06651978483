import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createAuthorizer } from '../../../functions/http/authorizer/authorizer.ts'
import { createTestAuthorizer, noRules, rulesOf, sampleEvent } from '../../support/authorizer.ts'
import { evaluate } from '../../support/builders/policy.ts'

const arn = 'arn:aws:execute-api:us-east-1:000000000000:local'
const context = {
  ...{ sub: 's', client_id: 'web', scope: 'a b', sid: 'sid', jti: expect.stringMatching(/^[\w-]{22}$/) },
  ...{ auth_time: 1, acr: 'pwd', amr: 'pwd', groups: '', claims: '{}' },
}
const policy = (Effect: string, Resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }],
})

/** Sample events of every API that takes a policy, with the routes that its answer is for. */
const kinds = [
  ['rest-token', `${arn}/prod/*`],
  ['rest-request', `${arn}/prod/*`],
  ['http-payload-1.0', `${arn}/$default/*`],
  ['websocket-header', `${arn}/prod/*`],
  ['websocket-subprotocol', `${arn}/prod/*`],
] as const
const sayUnauthorized = ['rest-token', 'rest-request', 'websocket-header', 'websocket-subprotocol']

describe.each(kinds)('asked by %s', (name, everyRoute) => {
  test('it lets a good token in, on every route of this API and stage', async () => {
    const { authorize, issue } = createTestAuthorizer()

    expect(await authorize(sampleEvent(name, await issue('a', 'b')))).toEqual({
      principalId: 's',
      policyDocument: policy('Allow', everyRoute),
      context,
    })
  })

  // REQ-73
  test('what it answered for one route is right for another one, and says nothing of other stages and APIs', async () => {
    const { authorize, issue } = createTestAuthorizer()
    const answer = await authorize(sampleEvent(name, await issue()))
    const stage = everyRoute.slice(0, -2)

    for (const route of ['GET/me', 'POST/orders', 'DELETE/orders/1/items', '$connect']) {
      expect(evaluate(answer, `${stage}/${route}`)).toBe('allowed')
    }
    for (const other of [`${arn}/test/GET/me`, `${arn}x/prod/GET/me`, `${stage}x/GET/me`, '*']) {
      expect(evaluate(answer, other)).toBe('not mentioned')
    }
  })

  test('it refuses a bad token as AWS documents for this kind: 401 by one exact error, or a policy that denies', async () => {
    const { authorize, issue, clock } = createTestAuthorizer()
    const token = await issue()
    const tampered = `${token.slice(0, -10)}AAAAAAAAAA`
    const refused = async (bad: string) => {
      const answer = authorize(sampleEvent(name, bad))
      return sayUnauthorized.includes(name)
        ? expect(answer).rejects.toThrow(/^Unauthorized$/)
        : expect(await answer).toEqual({ principalId: 'nobody', policyDocument: policy('Deny', everyRoute) })
    }

    for (const bad of [tampered, 'not-a-token', '']) await refused(bad)
    clock.advance(900)
    await refused(token)
  })

  // REQ-75
  test('it throws on a fault of ours, and not the error that means 401', async () => {
    const fault = async () => {
      throw new Error('a fault')
    }
    const broken = createAuthorizer(fault, noRules, () => undefined, Date.now)

    await expect(broken(sampleEvent(name, 'abc'))).rejects.toThrow('a fault')
  })
})

// REQ-70
describe('a repeated Authorization header', () => {
  test.each(['rest-request', 'http-payload-1.0', 'websocket-header'])('is refused, asked by %s', async (name) => {
    const { authorize, issue } = createTestAuthorizer()
    const token = await issue()
    const multiValueHeaders = { Authorization: ['Bearer other', `Bearer ${token}`] }
    const answer = await authorize({ ...sampleEvent(name, token), multiValueHeaders }).catch(({ message }) => message)

    expect(answer).toEqual(
      name === 'http-payload-1.0'
        ? { principalId: 'nobody', policyDocument: policy('Deny', `${arn}/$default/*`) }
        : 'Unauthorized',
    )
  })
})

describe('a token in the query', () => {
  test('is read of a WebSocket if that is asked for', async () => {
    const { authorize, issue } = createTestAuthorizer({ queryToken: true })

    expect(await authorize(sampleEvent('websocket-query-token', await issue()))).toMatchObject({ principalId: 's' })
  })

  test('is not read otherwise', async () => {
    const { authorize, issue } = createTestAuthorizer()

    await expect(authorize(sampleEvent('websocket-query-token', await issue()))).rejects.toThrow('Unauthorized')
  })

  test('is never read of another API', async () => {
    const { authorize, issue } = createTestAuthorizer({ queryToken: true })
    const query = { queryStringParameters: { access_token: await issue() } }

    await expect(authorize({ ...sampleEvent('rest-request', ''), ...query })).rejects.toThrow('Unauthorized')
  })
})

// REQ-71
describe('a strange event', () => {
  const { version, ...v1 } = sampleEvent('http-payload-1.0', '')
  const ofStage = { principalId: 'nobody', policyDocument: policy('Deny', `${arn}/$default/*`) }

  test.each<[string, object, object]>([
    ['a version of no kind', { ...v1, version: '3.0' }, ofStage],
    ['a version that is a number', { ...v1, version: 1 }, ofStage],
    ['no type', { ...v1, type: undefined }, ofStage],
    ['a type of no kind', { ...v1, type: 'OTHER' }, ofStage],
    ['an HTTP API that sends only the token', { ...v1, version: '1.0', type: 'TOKEN' }, ofStage],
    ['payload 2.0 that sends only the token', { ...v1, version: '2.0', type: 'TOKEN' }, ofStage],
    ['no ARN', { ...v1, methodArn: undefined }, { isAuthorized: false }],
    ['an ARN that is a list', { ...v1, methodArn: [`${arn}/prod/GET/me`] }, { isAuthorized: false }],
    ['an ARN that is an asterisk', { ...v1, methodArn: '*' }, { isAuthorized: false }],
    ['an ARN with an asterisk for its API', { ...v1, methodArn: `${arn}*/prod/GET/me` }, { isAuthorized: false }],
    ['an ARN with an asterisk for its stage', { ...v1, methodArn: `${arn}/*/GET/me` }, { isAuthorized: false }],
    ['an ARN with a question mark', { ...v1, methodArn: `${arn}/pro?/GET/me` }, { isAuthorized: false }],
    ['an ARN of another service', { ...v1, methodArn: 'arn:aws:s3:::bucket/prod/GET/me' }, { isAuthorized: false }],
    ['something before its ARN', { ...v1, methodArn: `x${arn}/prod/GET/me` }, { isAuthorized: false }],
    ['an ARN without a route', { ...v1, methodArn: `${arn}/prod` }, { isAuthorized: false }],
  ])('with %s is denied, good as its token is', async (_, event, denial) => {
    const { authorize, issue } = createTestAuthorizer()
    const authorizationToken = `Bearer ${await issue()}`
    const headers = { Authorization: authorizationToken }

    expect(await authorize({ ...event, authorizationToken, headers, multiValueHeaders: undefined })).toEqual(denial)
  })

  test('of payload 2.0 is answered simply, whatever ARN it brings along', async () => {
    const { authorize, issue } = createTestAuthorizer()
    const event = { ...sampleEvent('http-payload-1.0', await issue()), version: '2.0', multiValueHeaders: undefined }

    expect(await authorize(event)).toMatchObject({ isAuthorized: true })
    expect(await authorize({ ...event, headers: {} })).toEqual({ isAuthorized: false })
  })

  // The members that the reader looks at, each with something right, something near it or anything at all.
  const near = (...values: readonly unknown[]) => fc.oneof(fc.constantFrom(...values), fc.anything())
  const events = fc.record(
    {
      version: near('1.0', '2.0', undefined),
      type: near('TOKEN', 'REQUEST'),
      methodArn: near(`${arn}/prod/GET/me`, `${arn}/$default/GET/me`, `${arn}/*/GET/me`),
      authorizationToken: near('Bearer abc', 'Bearer a.b.c'),
      headers: near({ Authorization: 'Bearer a.b.c' }, { authorization: ['Bearer abc'] }, null),
      multiValueHeaders: near({ Authorization: ['Bearer abc', 'Bearer abc'] }, { Authorization: null }),
      queryStringParameters: near({ access_token: 'a.b.c' }),
      identitySource: near(['Bearer abc', 'GET /me'], 'Bearer abc'),
      httpMethod: near('GET', 'ANY'),
      resource: near('/me'),
      routeKey: near('GET /me', '$default'),
      requestContext: near(
        { apiId: 'local', eventType: 'CONNECT', routeKey: '$connect' },
        { http: null },
        { apiId: 1 },
      ),
    },
    { requiredKeys: [] },
  )

  test('is refused whatever it holds: by a denial, or by the error that means 401, and never by a crash', async () => {
    const { authorize } = createTestAuthorizer({
      routeRules: rulesOf({ local: { 'GET /me': 'a', $connect: ['a', 600, 'mfa'] } }),
      queryToken: true,
    })

    await fc.assert(
      fc.asyncProperty(fc.oneof(events, fc.anything()), async (event) => {
        const answer = await authorize(event).catch((error: Error) => error)
        const denials = [
          new Error('Unauthorized'),
          { isAuthorized: false },
          { principalId: 'nobody', policyDocument: policy('Deny', `${arn}/prod/*`) },
          { principalId: 'nobody', policyDocument: policy('Deny', `${arn}/$default/*`) },
        ]
        expect(denials).toContainEqual(answer)
      }),
      { numRuns: 1000 },
    )
  })
})

// REQ-121, REQ-122, REQ-127
test('the log says who asked, on which route, and how a refusal reads to the client', async () => {
  const { authorize, issue, lines } = createTestAuthorizer()
  const token = await issue()
  for (const name of ['rest-request', 'rest-token', 'websocket-subprotocol']) await authorize(sampleEvent(name, token))
  await authorize(sampleEvent('rest-request', 'no')).catch(() => undefined)
  await authorize(sampleEvent('http-payload-1.0', 'no'))

  const time = '2027-01-15T08:00:00.000Z'
  const success = { time, event: 'authz_success', outcome: 'success', sub: 's', client_id: 'web' }
  const failure = { time, event: 'authz_fail', outcome: 'failure', reason: 'malformed' }
  const origin = { request_id: 'sample', source_ip: '127.0.0.1', route: 'GET /me' }
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { ...success, ...origin },
    success,
    { ...success, ...origin, route: '$connect' },
    { ...failure, status: 401, ...origin },
    { ...failure, status: 403, ...origin },
  ])
  for (const part of token.split('.')) expect(lines.join()).not.toContain(part)
})
