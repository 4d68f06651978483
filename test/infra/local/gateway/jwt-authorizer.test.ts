import { describe, expect, test } from '@jest/globals'
import type { JwtAuthorizer } from '../../../../infra/local/gateway/jwt-authorizer.ts'
import { createTestKey, forge } from '../../../support/builders/signing-key.ts'
import { openGateway, route, type StubFunction } from '../../../support/local-gateway.ts'

const issuer = 'http://127.0.0.1:3000'
const now = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000
const key = await createTestKey()
const otherKey = await createTestKey()

const echo: StubFunction = (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer) })
const discovery: StubFunction = ({ routeKey }) => ({
  statusCode: 200,
  body: JSON.stringify(
    routeKey.includes('jwks') ? { keys: [key.jwk] } : { jwks_uri: `${issuer}/.well-known/jwks.json` },
  ),
})

function setUp(more: Partial<JwtAuthorizer> = {}, answerDiscovery = discovery) {
  const jwtAuthorizer = {
    identitySource: '$request.header.Authorization',
    issuer,
    audiences: ['orders', 'invoices'],
    scopes: [],
    ...more,
  }
  const open = ['GET /.well-known/openid-configuration', 'GET /.well-known/jwks.json']
  const routes = [
    ...open.map((name) => route(name, { functionArn: 'discovery' })),
    route('GET /me', { jwtAuthorizer }),
    route('GET /you', { jwtAuthorizer }),
  ]
  return openGateway({ routes }, { function: echo, discovery: answerDiscovery })
}

const claims = { iss: issuer, aud: 'orders', sub: 's', client_id: 'web', iat: now, exp: now + 60, scope: 'a b' }
const tokenOf = (changes: object = {}, header: object = {}, signer = key) =>
  forge(signer, { alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid, ...header }, { ...claims, ...changes })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe("API Gateway's own authorizer", () => {
  test('lets a good token in, with its claims as strings', async () => {
    await using gateway = await setUp()
    const { status, body } = await gateway.ask('GET /me', bearer(tokenOf({ list: ['x', 'y'], flag: true })))

    expect([status, JSON.parse(body)]).toEqual([
      200,
      {
        jwt: {
          claims: { ...claims, iat: `${now}`, exp: `${now + 60}`, list: '[x y]', flag: 'true' },
          scopes: null,
        },
      },
    ])
  })

  test('takes a token without the word Bearer, and the client for the audience where there is none', async () => {
    await using gateway = await setUp({ audiences: ['web'] })

    expect((await gateway.ask('GET /me', { authorization: tokenOf({ aud: undefined }) })).status).toBe(200)
    expect((await gateway.ask('GET /me', bearer(tokenOf({ aud: ['x', 'web'] })))).status).toBe(200)
  })

  test('answers a missing token with 401 and a bare challenge', async () => {
    await using gateway = await setUp()

    expect(await gateway.ask('GET /me')).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer', 'content-type': 'application/json' },
      body: '{"message":"Unauthorized"}',
    })
  })

  test.each<[string, string, string]>([
    ['has expired', tokenOf({ exp: now }), 'the token has expired'],
    ['never ends', tokenOf({ exp: undefined }), 'the token is not valid'],
    ['is not good yet', tokenOf({ nbf: now + 1 }), 'the token is not valid'],
    ['was issued in the future', tokenOf({ iat: now + 1 }), 'the token is used before it was issued'],
    ['is of another issuer', tokenOf({ iss: `${issuer}/` }), 'the token is not valid'],
    ['is for another audience', tokenOf({ aud: 'x' }), 'the token does not have a valid audience'],
    [
      'is for another audience and a client',
      tokenOf({ aud: 'x', client_id: 'orders' }),
      'the token does not have a valid audience',
    ],
    ['is for nobody', tokenOf({ aud: undefined }), 'the token does not have a valid audience'],
    ['names another key', tokenOf({}, { kid: 'other' }), 'the token is not valid'],
    ['is signed by another key', tokenOf({}, {}, otherKey), 'the token is not valid'],
    ['says that it is not signed', tokenOf({}, { alg: 'none' }), 'the token is not valid'],
    ['is no token', 'junk', 'token contains an invalid number of segments'],
  ])('refuses a token that %s with 401 and says so', async (_, token, description) => {
    await using gateway = await setUp()

    expect(await gateway.ask('GET /me', bearer(token))).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': `Bearer scope="" error="invalid_token" error_description="${description}"` },
      body: '{"message":"Unauthorized"}',
    })
    expect(gateway.asked('function')).toBe(0)
  })

  test('asks for one of the scopes of a route, and passes them on', async () => {
    await using gateway = await setUp({ scopes: ['b', 'c'] })

    expect(JSON.parse((await gateway.ask('GET /me', bearer(tokenOf()))).body).jwt.scopes).toEqual(['a', 'b'])
    expect(await gateway.ask('GET /me', bearer(tokenOf({ scope: 'bc' })))).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': 'Bearer scope="b c" error="insufficient_scope"' },
      body: '{"message":"Forbidden"}',
    })
  })

  test('reads the keys of its issuer once', async () => {
    await using gateway = await setUp()
    for (const line of ['GET /me', 'GET /you', 'GET /me']) await gateway.ask(line, bearer(tokenOf()))

    expect(gateway.asked('discovery')).toBe(2)
  })

  // REQ-75
  test('lets no caller in while its issuer does not answer, and recovers', async () => {
    let up = false
    await using gateway = await setUp({}, (event) => (up ? discovery(event) : { statusCode: 503 }))

    expect((await gateway.ask('GET /me', bearer(tokenOf()))).status).toBe(500)
    up = true
    expect((await gateway.ask('GET /me', bearer(tokenOf()))).status).toBe(200)
  })
})
