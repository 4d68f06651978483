import { describe, expect, it } from '@jest/globals'
import {
  clientOfDocument,
  knownMembers,
  readClientDocument,
  unreadClient,
} from '../../../functions/domain/clients/client-document.ts'
import { createClientKey } from '../../support/builders/assertions.ts'
import { agentCallback, agentUrl, documentOf } from '../../support/builders/clients-by-url.ts'

const key = await createClientKey('ES256')
const jwks = { keys: [key.jwk] }
const read = (changes: object = {}) => readClientDocument(documentOf(changes), agentUrl)
const keyed = { token_endpoint_auth_method: 'private_key_jwt' }

describe('the document of a client by URL', () => {
  it('says what RFC 7591 calls so', () => {
    expect(read({ scope: 'orders:read' })).toEqual({
      ok: true,
      value: {
        ...{ id: agentUrl, name: 'An agent', redirectUris: [agentCallback], scope: ['orders:read'] },
        ...{ grantTypes: ['authorization_code', 'refresh_token'], authMethod: 'none' },
        ...{ keys: undefined, jwksUri: undefined },
      },
    })
  })

  it('needs three members only, and then its client is public and cannot refresh', () => {
    const { client_id, client_name, redirect_uris } = documentOf()

    expect(readClientDocument({ client_id, client_name, redirect_uris }, agentUrl)).toMatchObject({
      ok: true,
      value: { authMethod: 'none', grantTypes: ['authorization_code'], scope: undefined },
    })
  })

  it('may have keys, or say where they are', () => {
    expect(read({ ...keyed, jwks })).toMatchObject({
      ok: true,
      value: { authMethod: 'private_key_jwt', keys: [key.jwk] },
    })
    expect(read({ ...keyed, jwks_uri: 'https://keys.example/jwks.json' })).toMatchObject({
      ok: true,
      value: { authMethod: 'private_key_jwt', keys: undefined, jwksUri: 'https://keys.example/jwks.json' },
    })
  })

  it('may ask for grants that nobody has here, and gets none of a machine', () => {
    const grant_types = ['authorization_code', 'client_credentials', 'urn:ietf:params:oauth:grant-type:device_code']

    expect(read({ grant_types })).toMatchObject({ ok: true, value: { grantTypes: ['authorization_code'] } })
  })

  // REQ-193
  it.each<[string, object]>([
    ['client_id', { client_id: `${agentUrl}/` }],
    ['client_id', { client_id: undefined }],
    ['client_id', { client_id: agentUrl.toUpperCase() }],
    ['client_id', { client_id: [agentUrl] }],
    ['client_name', { client_name: undefined }],
    ['client_name', { client_name: '' }],
    ['client_name', { client_name: 'a'.repeat(65) }],
    ['client_name', { client_name: 'Your bank\u202e' }],
    ['client_name', { client_name: 'Two\nlines' }],
    ['redirect_uris', { redirect_uris: undefined }],
    ['redirect_uris', { redirect_uris: [] }],
    ['redirect_uris', { redirect_uris: agentCallback }],
    ['redirect_uris', { redirect_uris: ['http://agent.example/callback'] }],
    ['redirect_uris', { redirect_uris: ['javascript:alert(1)'] }],
    ['redirect_uris', { redirect_uris: [agentCallback, 'https://agent.example/callback#a'] }],
    ['redirect_uris', { redirect_uris: Array.from({ length: 21 }, (_, index) => `${agentCallback}${index}`) }],
    ['grant_types', { grant_types: ['client_credentials'] }],
    ['grant_types', { grant_types: 'authorization_code' }],
    ['response_types', { response_types: ['token'] }],
    ['scope', { scope: ['orders:read'] }],
    ['scope', { scope: 'orders:read  orders:write' }],
    ['token_endpoint_auth_method', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['token_endpoint_auth_method', { token_endpoint_auth_method: 'client_secret_post' }],
    ['token_endpoint_auth_method', { token_endpoint_auth_method: 'client_secret_jwt' }],
    ['token_endpoint_auth_method', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['token_endpoint_auth_method', { token_endpoint_auth_method: null }],
    ['client_secret', { client_secret: 'everybody reads it' }],
    ['jwks', { ...keyed, jwks: { keys: [] } }],
    ['jwks', { ...keyed, jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }],
    ['jwks', { ...keyed, jwks: { keys: [key.privateJwk] } }],
    ['jwks_uri', keyed],
    ['jwks_uri', { ...keyed, jwks, jwks_uri: 'https://agent.example/jwks.json' }],
    ['jwks_uri', { ...keyed, jwks_uri: 'http://agent.example/jwks.json' }],
    ['jwks_uri', { ...keyed, jwks_uri: 'https://127.0.0.1/jwks.json' }],
    ['jwks_uri', { ...keyed, jwks_uri: 'https://localhost/jwks.json' }],
    ['jwks_uri', { ...keyed, jwks_uri: 'https://agent.example:8443/jwks.json' }],
    ['jwks_uri', { ...keyed, jwks_uri: ['https://agent.example/jwks.json'] }],
  ])('with a wrong %s is none: %j', (member, changes) => {
    expect(read(changes)).toEqual({ ok: false, failure: { reason: `wrong_${member}` } })
  })

  it.each([null, [], 'text', 1, undefined])('is no %j', (value) => {
    expect(readClientDocument(value, agentUrl)).toEqual({ ok: false, failure: { reason: 'wrong_document' } })
  })

  // REQ-193, REQ-202
  it('says nothing that only the owner of the service can say', () => {
    const document = documentOf({
      ...{ first_party: true, require_pkce: false, isFirstParty: true, requiresPkce: false, registration: 'another' },
      ...{
        registeredBy: 'administrator',
        secrets: [{ hash: 'x', createdAt: 1 }],
        post_logout_redirect_uris: ['https://a.example/'],
      },
    })
    const value = readClientDocument(document, agentUrl)
    if (!value.ok) throw new Error(value.failure.reason)

    expect(clientOfDocument(value.value, ['orders:read'])).toEqual({
      ...{ id: agentUrl, name: 'An agent', redirectUris: [agentCallback], postLogoutRedirectUris: [] },
      ...{ grantTypes: ['authorization_code', 'refresh_token'], authMethod: 'none', scope: ['orders:read'] },
      ...{ isFirstParty: false, requiresPkce: true, registration: agentUrl, registeredBy: 'document' },
      ...{ createdAt: 0, secrets: [] },
    })
    expect(knownMembers(document)).toEqual(documentOf())
  })

  // REQ-203
  it('limits the scope, and never widens that of the service', () => {
    const scopeOf = (scope: string | undefined) => {
      const value = read({ scope })
      return value.ok ? clientOfDocument(value.value, ['a', 'b']).scope : undefined
    }

    expect(scopeOf(undefined)).toEqual(['a', 'b'])
    expect(scopeOf('b c')).toEqual(['b'])
    expect(scopeOf('')).toEqual([])
  })

  it('that has not been read says nothing: a client is called after its host', () => {
    expect(unreadClient(agentUrl, agentCallback, ['a'])).toMatchObject({
      ...{ id: agentUrl, name: 'agent.example', redirectUris: [agentCallback], scope: ['a'], authMethod: 'none' },
      ...{ isFirstParty: false, requiresPkce: true },
    })
    expect(unreadClient(agentUrl, undefined, []).redirectUris).toEqual([])
  })
})
