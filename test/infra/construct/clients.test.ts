import { describe, expect, test } from '@jest/globals'
import { Stack } from 'aws-cdk-lib'
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { TokenAuth, type TokenAuthProps } from '../../../infra/index.ts'
import { templateApp } from '../../support/builders/template-app.ts'

const redirectUris = ['https://shop.example.com/callback']

function setUp(props: TokenAuthProps = {}) {
  const stack = new Stack(templateApp(), 'Shop')
  const auth = new TokenAuth(stack, 'Auth', { signInPages: true, scopes: ['orders:read'], ...props })
  auth.addAuthRoutes(new HttpApi(stack, 'Api'))
  const registered = () => {
    const found = Object.values(Template.fromStack(stack).findResources('Custom::Clients'))
    return found.map(({ Properties }) => Properties.Clients.map((client: string) => JSON.parse(client)))
  }
  return { auth, registered }
}

describe('a client of the app', () => {
  test('is registered by the deployment, and means the strict thing where it says nothing', () => {
    const { auth, registered } = setUp()
    auth.addClient('partner', { redirectUris })
    auth.addClient('shop', {
      ...{ redirectUris, postLogoutRedirectUris: ['https://shop.example.com/'], name: 'Shop', refreshTokens: true },
      ...{ scopes: ['orders:read'], authMethod: 'none', firstParty: true },
    })

    expect(registered()).toEqual([
      [
        {
          ...{ client_id: 'partner', redirect_uris: redirectUris, post_logout_redirect_uris: [], scope: '' },
          ...{ grant_types: ['authorization_code'], token_endpoint_auth_method: 'client_secret_basic' },
          ...{ first_party: false, require_pkce: true },
        },
        {
          ...{ client_id: 'shop', client_name: 'Shop', redirect_uris: redirectUris, scope: 'orders:read' },
          post_logout_redirect_uris: ['https://shop.example.com/'],
          ...{ grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'none' },
          ...{ first_party: true, require_pkce: true },
        },
      ],
    ])
  })

  test('may be a machine, which signs nobody in, also without sign-in pages', () => {
    const { auth, registered } = setUp({ signInPages: false })
    auth.addClient('nightly', { clientCredentials: true, scopes: ['orders:read'] })
    auth.addClient('both', { redirectUris, clientCredentials: true })

    expect(registered()[0]).toMatchObject([
      { client_id: 'nightly', redirect_uris: [], grant_types: ['client_credentials'], scope: 'orders:read' },
      { client_id: 'both', redirect_uris: redirectUris, grant_types: ['authorization_code', 'client_credentials'] },
    ])
  })

  test('costs nothing where there is none', () => {
    expect(setUp().registered()).toEqual([])
  })

  test('may stand among the names of the setting clients', () => {
    const client = { client_id: 'shop', redirect_uris: redirectUris }

    expect(setUp({ clients: ['web', client] }).registered()).toEqual([[client]])
  })

  test.each<[string, string, Parameters<TokenAuth['addClient']>[1], RegExp]>([
    ['a bad redirect URI', 'shop', { redirectUris: ['http://shop.example.com/'] }, /redirect_uris must be/],
    ['an unknown scope', 'shop', { redirectUris, scopes: ['all'] }, /scopes of the service only, not all/],
    ['a name of the setting clients', 'web', { redirectUris }, /has this name already/],
    ['an id that another has', 'taken', { redirectUris }, /there already/],
    ['a malformed id', 'a b', { redirectUris }, /client_id must be/],
    ['no redirect URI', 'shop', {}, /redirect_uris must be at least one/],
    ['no secret for a machine', 'job', { clientCredentials: true, authMethod: 'none' }, /_auth_method must be/],
    ['no secret and no PKCE', 'shop', { redirectUris, authMethod: 'none', requirePkce: false }, /require_pkce must be/],
  ])('with %s is refused at synth', (_, id, options, message) => {
    const { auth } = setUp()
    auth.addClient('taken', { redirectUris })

    expect(() => auth.addClient(id, options)).toThrow(message)
  })
})

describe('sign-in pages', () => {
  const warnings = (props: TokenAuthProps, addRoutes: (api: HttpApi, auth: TokenAuth) => void = () => {}) => {
    const stack = new Stack(templateApp(), 'Shop')
    const auth = new TokenAuth(stack, 'Auth', { signInPages: true, ...props })
    const api = new HttpApi(stack, 'Api')
    auth.addAuthRoutes(api)
    addRoutes(api, auth)
    const found = Annotations.fromStack(stack).findWarning(
      '*',
      Match.stringLikeRegexp('latchkey:(pageHost|sharedHost)'),
    )
    return found.map(({ entry }) => /latchkey:\w+/.exec(String(entry.data))?.[0])
  }
  const addOrders = (api: HttpApi, auth: TokenAuth) => {
    const integration = new HttpLambdaIntegration('Orders', auth.adminFunction)
    api.addRoutes({ path: '/orders', integration, authorizer: auth.httpAuthorizer() })
  }

  // DESIGN 17, 20
  test('warn where they have no host of their own, and where other routes get their cookie', () => {
    const issuer = 'https://auth.example.com'

    expect(warnings({})).toEqual(['latchkey:pageHost'])
    expect(warnings({ issuer })).toEqual([])
    expect(warnings({ issuer }, addOrders)).toEqual(['latchkey:sharedHost'])
    expect(warnings({ issuer, signInPages: false }, addOrders)).toEqual([])
  })

  // REQ-204
  test('refuse scopes of the service that are those of OpenID Connect, and clients that are the audience', () => {
    expect(() => setUp({ scopes: ['orders:read', 'email'] })).toThrow(/scopes: none of openid, profile, email/)
    expect(() => setUp({ clients: ['web', 'shop'], audience: 'shop' })).toThrow(
      /clients: no client id that is the audience/,
    )
  })
})
