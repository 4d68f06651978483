import { expect, test } from '@jest/globals'
import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { WebSocketAuthorizerOptions } from '../../../../infra/construct/authorizers/authorizer-options.ts'
import { createShop } from '../../../support/builders/shop.ts'

function setUp(options?: WebSocketAuthorizerOptions) {
  const shop = createShop()
  const addApi = (id: string) =>
    new WebSocketApi(shop.stack, id, {
      connectRouteOptions: {
        integration: new WebSocketMockIntegration('mock'),
        authorizer: shop.auth.webSocketAuthorizer(options),
      },
      defaultRouteOptions: { integration: new WebSocketMockIntegration('mock') },
    })
  return { ...shop, addApi }
}

test.each([
  [undefined, 'route.request.header.Authorization'],
  ['header', 'route.request.header.Authorization'],
  ['subprotocol', 'route.request.header.Sec-WebSocket-Protocol'],
  ['query', 'route.request.querystring.access_token'],
] as const)(
  'a connection without a token in its place (%s) is refused before any function is asked',
  (token, source) => {
    const { addApi, propertiesOf } = setUp(token && { token })
    addApi('Chat')
    const routes = propertiesOf('AWS::ApiGatewayV2::Route').map((route) => [
      route['RouteKey'],
      route['AuthorizationType'],
    ])

    expect(routes).toEqual([
      ['$connect', 'CUSTOM'],
      ['$default', 'NONE'],
    ])
    expect(propertiesOf('AWS::ApiGatewayV2::Authorizer')).toMatchObject([
      { AuthorizerType: 'REQUEST', IdentitySource: [source] },
    ])
  },
)

// REQ-12, REQ-70
test('a token in the query is taken only if asked for, with a warning', () => {
  const asked = setUp({ token: 'query' })
  const unasked = setUp({ token: 'subprotocol' })
  for (const { addApi } of [asked, unasked]) addApi('Chat')

  expect(asked.authorizer().variables).toMatchObject({ WEBSOCKET_QUERY_TOKEN: 'true' })
  expect(asked.warnings()).toEqual([expect.stringMatching(/^Tokens in the query end up in logs/)])
  expect(unasked.authorizer().variables).toMatchObject({ WEBSOCKET_QUERY_TOKEN: 'false' })
  expect(unasked.warnings()).toEqual([])
})

test('several APIs have an authorizer each, and a scope if they ask for one', () => {
  const { addApi, propertiesOf, authorizer, stack } = setUp({ scopes: ['a'] })
  const apis = ['Chat', 'News'].map((id) => stack.resolve(addApi(id).apiId).Ref)

  expect(propertiesOf('AWS::ApiGatewayV2::Authorizer').map(({ ApiId }) => ApiId)).toEqual(apis.map((Ref) => ({ Ref })))
  expect(authorizer().routeRules).toEqual(Object.fromEntries(apis.map((id) => [id, { $connect: 'a' }])))
})
