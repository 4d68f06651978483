import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { clientMetadataOf, readClientMetadata } from '../../../functions/domain/clients/client-metadata.ts'

const least = { client_id: 'shop', redirect_uris: ['https://shop.example.com/callback'] }

describe('client metadata', () => {
  test('means the strict thing where it says nothing', () => {
    expect(readClientMetadata(least)).toEqual({
      ok: true,
      value: {
        id: 'shop',
        name: undefined,
        redirectUris: least.redirect_uris,
        postLogoutRedirectUris: [],
        grantTypes: ['authorization_code'],
        scope: [],
        authMethod: 'client_secret_basic',
        isFirstParty: false,
        requiresPkce: true,
      },
    })
  })

  test('of RFC 7591 that says nothing about what a client may do is ignored', () => {
    const more = { client_uri: 'https://shop.example.com', contacts: ['a@example.com'], response_types: ['code'] }

    expect(readClientMetadata({ ...least, ...more })).toEqual(readClientMetadata(least))
  })

  test('is read again as it is written', () => {
    const whole = {
      ...least,
      ...{ client_name: 'Shop & Söhne', grant_types: ['authorization_code', 'refresh_token'], scope: 'a b' },
      ...{ token_endpoint_auth_method: 'client_secret_post', first_party: true, require_pkce: false },
    }
    const read = readClientMetadata(whole)
    if (!read.ok) throw new Error(read.failure.description)

    expect(clientMetadataOf(read.value)).toEqual({ ...whole, post_logout_redirect_uris: [] })
    expect(readClientMetadata(clientMetadataOf(read.value))).toEqual(read)
  })

  // REQ-204
  test.each<[string, object | string | null]>([
    ['no object', 'shop'],
    ['nothing', null],
    ['a list', []],
    ['no id', { redirect_uris: least.redirect_uris }],
    ['an id that is an API key', { ...least, client_id: 'lk_abc' }],
    ['an id that is a URL', { ...least, client_id: 'https://shop.example.com/client.json' }],
    ['an id with a colon', { ...least, client_id: 'a:b' }],
    ['an empty id', { ...least, client_id: '' }],
    ['a long id', { ...least, client_id: 'a'.repeat(129) }],
    ['a misspelt member', { ...least, redirect_url: 'https://shop.example.com/' }],
    ['a name with a line end', { ...least, client_name: 'a\nb' }],
    ['a long name', { ...least, client_name: 'a'.repeat(65) }],
    ['no redirect URI', { client_id: 'shop' }],
    ['a redirect URI twice', { ...least, redirect_uris: Array(2).fill('https://shop.example.com/') }],
    ['a redirect URI that is no text', { ...least, redirect_uris: [1] }],
    ['21 redirect URIs', { ...least, redirect_uris: Array.from({ length: 21 }, (_, n) => `https://a.example/${n}`) }],
    ['a scope with a line end', { ...least, scope: 'a\nb' }],
    ['an unknown grant', { ...least, grant_types: ['password'] }],
    ['only refreshes', { ...least, grant_types: ['refresh_token'] }],
    ['an unknown authentication', { ...least, token_endpoint_auth_method: 'client_secret_jwt' }],
    ['an implicit response type', { ...least, response_types: ['token'] }],
    ['first_party as text', { ...least, first_party: 'true' }],
    ['no PKCE without a secret', { ...least, token_endpoint_auth_method: 'none', require_pkce: false }],
  ])('with %s is refused', (_, metadata) => {
    const read = readClientMetadata(metadata)

    expect(read).toEqual({ ok: false, failure: { reason: 'malformed_client', description: expect.any(String) } })
  })

  test('that is anything at all is read or refused, and never throws', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(least), 'grant_types', 'scope', '__proto__'), fc.jsonValue()),
        (value) => {
          expect(typeof readClientMetadata(value).ok).toBe('boolean')
        },
      ),
      { seed: 1, numRuns: 500 },
    )
  })
})
