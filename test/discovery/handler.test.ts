import { describe, expect, test } from '@jest/globals'
import { createDiscoveryHandler } from '../../functions/discovery/handler.ts'
import { httpEvent } from '../support/builders/events.ts'
import { createTestKey } from '../support/builders/signing-key.ts'

const issuer = 'https://auth.example.com'
const { jwk } = await createTestKey()
const handler = createDiscoveryHandler({
  issuer,
  jwks: { keys: [jwk] },
  scopes: ['a', 'b'],
  ...{ hasPages: false, hasFactors: false },
})

describe('discovery', () => {
  // REQ-117
  test('serves the public members of the keys, to be kept for five minutes', async () => {
    const answer = await handler(httpEvent('GET /.well-known/jwks.json'))

    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'public, max-age=300' } })
    expect(answer.body).toEqual({
      keys: [{ kty: 'RSA', kid: jwk.kid, use: 'sig', alg: 'RS256', n: expect.any(String), e: 'AQAB' }],
    })
  })

  // REQ-87, REQ-146
  test.each(['openid-configuration', 'oauth-authorization-server'])(
    'serves in %s what exists and nothing else',
    async (name) => {
      const { body } = await handler(httpEvent(`GET /.well-known/${name}`))

      expect(body).toEqual({
        issuer,
        token_endpoint: `${issuer}/token`,
        revocation_endpoint: `${issuer}/revoke`,
        jwks_uri: `${issuer}/.well-known/jwks.json`,
        scopes_supported: ['a', 'b'],
        grant_types_supported: ['refresh_token'],
        token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
        revocation_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
      })
    },
  )

  // REQ-136
  test('is not led by a host or a method that a header says', async () => {
    const hosts = {
      host: 'attacker.example',
      'x-forwarded-host': 'attacker.example',
      forwarded: 'host=attacker.example',
    }
    const headers = { ...hosts, 'x-http-method-override': 'DELETE', 'x-original-url': '/me' }
    const route = 'GET /.well-known/openid-configuration'

    expect(await handler(httpEvent(route, { headers }))).toEqual(await handler(httpEvent(route)))
  })

  test('takes the route, not the path, which may carry a stage', async () => {
    const event = httpEvent('GET /.well-known/jwks.json', { rawPath: '/prod/.well-known/jwks.json' })

    expect(await handler(event)).toMatchObject({ status: 200 })
    await expect(handler(httpEvent('GET /me'))).rejects.toThrow('Unhandled route GET /me')
  })
})
