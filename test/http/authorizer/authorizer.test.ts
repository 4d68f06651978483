import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createAuthorizer } from '../../../functions/http/authorizer/authorizer.ts'
import { createTestAuthorizer, noRules } from '../../support/authorizer.ts'
import { httpEvent } from '../../support/builders/events.ts'
import { audience, issuer, key } from '../../support/builders/service.ts'
import { forge } from '../../support/builders/signing-key.ts'

const question = (headers: unknown, changes: object = {}) => ({
  ...httpEvent('GET /me'),
  type: 'REQUEST',
  routeArn: 'arn:aws:execute-api:eu-central-1:123456789012:api/$default/GET/me',
  identitySource: ['irrelevant'],
  headers,
  ...changes,
})

describe('the authorizer of an HTTP API', () => {
  test('lets a good token in and says who it is and what was proved, in flat values', async () => {
    const { authorize, issue } = createTestAuthorizer()
    const answer = await authorize(question({ authorization: `Bearer ${await issue('a', 'b')}` }))

    expect(answer).toEqual({
      isAuthorized: true,
      context: {
        ...{ sub: 's', client_id: 'web', scope: 'a b', sid: 'sid', jti: expect.stringMatching(/^[\w-]{22}$/) },
        ...{ auth_time: 1, acr: 'pwd', amr: 'pwd', groups: '', claims: '{}' },
      },
    })
  })

  test('gives empty strings for what a token does not say, and no time at which nobody authenticated', async () => {
    const { authorize, clock } = createTestAuthorizer()
    const now = clock()
    const claims = { iss: issuer, aud: audience, sub: 's', client_id: 'c', jti: 'j', iat: now, exp: now + 60 }
    const token = forge(key, { alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid }, claims)

    expect(await authorize(question({ authorization: `Bearer ${token}` }))).toEqual({
      isAuthorized: true,
      context: { sub: 's', client_id: 'c', scope: '', sid: '', jti: 'j', acr: '', amr: '', groups: '', claims: '{}' },
    })
  })

  test('turns an expired and a tampered token away', async () => {
    const { authorize, issue, clock } = createTestAuthorizer()
    const token = await issue('a', 'b')
    const tampered = `${token.slice(0, -10)}AAAAAAAAAA`

    expect(await authorize(question({ authorization: `Bearer ${tampered}` }))).toEqual({ isAuthorized: false })
    clock.advance(900)
    expect(await authorize(question({ authorization: `Bearer ${token}` }))).toEqual({ isAuthorized: false })
  })

  // REQ-70: the header alone, whatever else the event holds.
  test.each([
    ['the identity source', { identitySource: ['TOKEN'] }],
    ['the query', { queryStringParameters: { access_token: 'TOKEN', authorization: 'Bearer TOKEN' } }],
    ['a cookie', { cookies: ['authorization=Bearer TOKEN'] }],
    ['the body', { body: 'access_token=TOKEN' }],
    ['another header', { headers: { 'x-authorization': 'Bearer TOKEN' } }],
  ])('takes no token from %s', async (_, changes) => {
    const { authorize, issue } = createTestAuthorizer()
    const filled = JSON.parse(JSON.stringify(changes).replaceAll('TOKEN', await issue('a', 'b')))

    expect(await authorize(question({}, filled))).toEqual({ isAuthorized: false })
  })

  // REQ-71
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'event'],
    ['an array', []],
    ['an empty object', {}],
    ['null headers', { version: '2.0', type: 'REQUEST', headers: null }],
    ['headers in an array', { version: '2.0', type: 'REQUEST', headers: ['authorization'] }],
    ['a null context', { version: '2.0', type: 'REQUEST', headers: {}, requestContext: null }],
    ['another version', { version: '3.0', type: 'REQUEST', headers: {} }],
    ['no type', { version: '2.0', headers: {} }],
  ])('denies an event that is or has %s', async (_, event) => {
    const { authorize } = createTestAuthorizer()

    expect(await authorize(event)).toEqual({ isAuthorized: false })
  })

  test('denies a good token in an event that it does not understand', async () => {
    const { authorize, issue } = createTestAuthorizer()
    const headers = { authorization: `Bearer ${await issue('a', 'b')}` }

    expect(await authorize({ ...question(headers), version: '9.9' })).toEqual({ isAuthorized: false })
  })

  test('answers anything, and lets nothing in', async () => {
    const { authorize } = createTestAuthorizer()

    await fc.assert(
      fc.asyncProperty(fc.anything(), async (event) => {
        expect(await authorize(event)).toEqual({ isAuthorized: false })
      }),
    )
  })

  // REQ-75: API Gateway makes 500 of it, and never lets anyone through.
  test('throws on a fault of ours rather than answer', async () => {
    const broken = createAuthorizer(
      async () => {
        throw new Error('a fault')
      },
      noRules,
      () => undefined,
      Date.now,
    )

    await expect(broken(question({ authorization: 'Bearer abc' }))).rejects.toThrow('a fault')
  })

  // REQ-121, REQ-122, REQ-127
  test('logs one line for each question, with the reason and without the token', async () => {
    const { authorize, issue, lines } = createTestAuthorizer()
    const token = await issue('a', 'b')
    await authorize(question({ authorization: `Bearer ${token}` }))
    await authorize(question({ authorization: `Bearer ${token}x` }))
    await authorize(question({}))
    await authorize({ ...question({ authorization: `Bearer ${token}` }), version: '3.0' })

    const origin = { request_id: 'request-1', source_ip: '203.0.113.7', route: 'GET /me' }
    const time = '2027-01-15T08:00:00.000Z'
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { time, event: 'authz_success', outcome: 'success', sub: 's', client_id: 'web', ...origin },
      { time, event: 'authz_fail', outcome: 'failure', reason: 'malformed', status: 403, ...origin },
      { time, event: 'authz_fail', outcome: 'failure', reason: 'no_token', status: 403, ...origin },
      { time, event: 'authz_fail', outcome: 'failure', reason: 'unknown_event', status: 403, ...origin },
    ])
    for (const part of token.split('.')) expect(lines.join()).not.toContain(part)
  })
})
