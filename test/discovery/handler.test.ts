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
  // REQ-193
  test.each(['openid-configuration', 'oauth-authorization-server'])(
    'says in %s that a URL may be a client id only where that is so',
    async (name) => {
      const read = async (has: object) => {
        const rules = { issuer, jwks: { keys: [jwk] }, scopes: [], hasPages: true, hasFactors: false, ...has }
        const { body } = await createDiscoveryHandler(rules)(httpEvent(`GET /.well-known/${name}`))
        return Object(body).client_id_metadata_document_supported
      }

      expect(await read({ hasClientsByUrl: true })).toBe(true)
      expect(await read({ hasClientsByUrl: false })).toBeUndefined()
      expect(await read({})).toBeUndefined()
      expect(await read({ hasClientsByUrl: true, hasPages: false })).toBeUndefined()
    },
  )

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
        grant_types_supported: ['refresh_token', 'client_credentials'],
        token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
        token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
        revocation_endpoint_auth_methods_supported: [
          'none',
          'client_secret_basic',
          'client_secret_post',
          'private_key_jwt',
        ],
        revocation_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
      })
    },
  )

  // REQ-189
  test('serves with pages the endpoints of OpenID Connect too, and each default that would say something else', async () => {
    const rules = { issuer, jwks: { keys: [jwk] }, scopes: ['a', 'b'] }
    const read = async (name: string, has: { readonly hasPages: boolean; readonly hasFactors: boolean }) =>
      (await createDiscoveryHandler({ ...rules, ...has })(httpEvent(`GET /.well-known/${name}`))).body
    const all = { hasPages: true, hasFactors: true }
    const metadata = await read('openid-configuration', all)

    expect(metadata).toEqual({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      revocation_endpoint: `${issuer}/revoke`,
      end_session_endpoint: `${issuer}/logout`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      scopes_supported: ['openid', 'profile', 'email', 'offline_access', 'a', 'b'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'form_post'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      acr_values_supported: ['pwd', 'mfa'],
      claims_supported: expect.arrayContaining([
        'sub',
        'auth_time',
        'amr',
        'acr',
        'at_hash',
        'email',
        'email_verified',
      ]),
      ui_locales_supported: ['en', 'de', 'fr', 'es'],
      claims_parameter_supported: false,
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
      revocation_endpoint_auth_methods_supported: [
        'none',
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
      ],
      revocation_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
    })
    expect(await read('oauth-authorization-server', all)).toEqual(metadata)
    expect(await read('openid-configuration', { hasPages: true, hasFactors: false })).toMatchObject({
      acr_values_supported: ['pwd'],
    })
  })

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
