import { describe, expect, test } from '@jest/globals'
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { readRouteRules } from '../../../../functions/domain/scopes/route-rules.ts'
import type { CachedAuthorizerOptions } from '../../../../infra/construct/authorizers/authorizer-options.ts'
import { TokenAuth } from '../../../../infra/construct/token-auth.ts'
import { createShop, route } from '../../../support/builders/shop.ts'

const byRoute = ['$request.header.Authorization', '$context.routeKey']

// REQ-176
describe('step-up for routes of an HTTP API', () => {
  const setUp = () => {
    const shop = createShop()
    const api = new HttpApi(shop.stack, 'Web')
    const add = (path: string, options?: CachedAuthorizerOptions) =>
      api.addRoutes({ ...route(path), authorizer: shop.auth.httpAuthorizer(options) })
    return { ...shop, api, add }
  }

  test("is in the authorizer's environment, in the form that it reads", () => {
    const { api, add, stack, authorizer } = setUp()
    add('/me')
    add('/orders', { scopes: ['a', 'b'] })
    add('/address', { maxAge: 600 })
    add('/invoices', { acr: 'mfa' })
    add('/payments', { scopes: ['a', 'b'], maxAge: 60, acr: 'mfa' })
    const { routeRules } = authorizer()

    expect(routeRules).toEqual({
      [stack.resolve(api.apiId).Ref]: {
        'GET /orders': 'a b',
        'GET /address': ['', 600, null],
        'GET /invoices': ['', null, 'mfa'],
        'GET /payments': ['a b', 60, 'mfa'],
      },
    })
    expect(readRouteRules(JSON.stringify(routeRules))?.size).toBe(1)
  })

  // REQ-73
  test('is asked for by an authorizer of its own, by route, whose answers are not kept unless that is set', () => {
    const { add, resourcesOf } = setUp()
    add('/me')
    add('/orders', { scopes: ['a'] })
    add('/address', { maxAge: 600 })
    add('/email', { maxAge: 60, acr: 'mfa', cache: 0 })
    add('/invoices', { acr: 'mfa', cache: 30 })
    add('/bills', { acr: 'pwd', cache: 30 })
    const authorizers = new Map(
      resourcesOf('AWS::ApiGatewayV2::Authorizer').map(([id, { Properties }]) => [id, Properties]),
    )
    const rows = resourcesOf('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const { Ref } = Properties['AuthorizerId'] as { Ref: string }
      const { IdentitySource, AuthorizerResultTtlInSeconds: ttl } = authorizers.get(Ref) ?? {}
      return [Properties['RouteKey'], [IdentitySource, ttl]]
    })

    expect(authorizers.size).toBe(4)
    expect(Object.fromEntries(rows)).toEqual({
      'GET /me': [['$request.header.Authorization'], 60],
      'GET /orders': [byRoute, 60],
      'GET /address': [byRoute, 0],
      'GET /email': [byRoute, 0],
      'GET /invoices': [byRoute, 30],
      'GET /bills': [byRoute, 30],
    })
  })

  test.each<[CachedAuthorizerOptions, string]>([
    [{ maxAge: 0 }, 'maxAge: whole seconds from 1 to 31536000, not 0'],
    [{ maxAge: -1 }, 'maxAge: whole seconds from 1 to 31536000, not -1'],
    [{ maxAge: 1.5 }, 'maxAge: whole seconds from 1 to 31536000, not 1.5'],
    [{ maxAge: Number.NaN }, 'maxAge: whole seconds from 1 to 31536000, not null'],
    [{ acr: 'MFA' as 'mfa' }, 'acr: pwd or mfa, not "MFA"'],
    [{ maxAge: 600, cache: 3601 }, 'cache: whole seconds from 0 to 3600, not 3601'],
    [{ cache: 30 }, 'cache: only with maxAge or acr'],
    [{ scopes: ['a'], cache: 30 }, 'cache: only with maxAge or acr'],
    [{ scopes: [], maxAge: 600 }, 'scopes: 1 to 50 different scopes'],
  ])('is refused as %j', (options, message) => {
    const { auth } = setUp()

    expect(() => auth.httpAuthorizer(options)).toThrow(message)
    expect(() => auth.restAuthorizer(options)).toThrow(message)
  })

  test('is for the stack that has the TokenAuth itself', () => {
    const { stack } = setUp()
    const authorizerFunctionArn = 'arn:aws:lambda:eu-central-1:123456789012:function:authorizer'
    const copy = TokenAuth.fromAttributes(stack, 'Copy', { authorizerFunctionArn, issuer: 'https://auth.example.com' })

    expect(() => copy.httpAuthorizer({ maxAge: 600 })).toThrow(
      /^Shop\/Copy: scopes, groups, maxAge and acr are for the stack/,
    )
    expect(() => copy.restAuthorizer({ acr: 'mfa' })).toThrow(
      /^Shop\/Copy: scopes, groups, maxAge and acr are for the stack/,
    )
    expect(() => copy.webSocketAuthorizer({ acr: 'mfa' })).toThrow(
      /^Shop\/Copy: scopes, groups, maxAge and acr are for/,
    )
  })
})

// REQ-73, REQ-176
test('step-up for methods of a REST API is asked for by an authorizer of its own, by method and path', () => {
  const { stack, auth, authorizer, propertiesOf } = createShop()
  const api = new RestApi(stack, 'Rest', { defaultMethodOptions: { authorizer: auth.restAuthorizer() } })
  const integration = new MockIntegration()
  const orders = api.root.addResource('orders')
  orders.addMethod('GET', integration)
  orders.addMethod('POST', integration, { authorizer: auth.restAuthorizer({ scopes: ['a'] }) })
  orders.addMethod('PUT', integration, { authorizer: auth.restAuthorizer({ scopes: ['a'], maxAge: 600 }) })
  orders.addMethod('DELETE', integration, { authorizer: auth.restAuthorizer({ acr: 'mfa' }) })
  orders.addMethod('PATCH', integration, { authorizer: auth.restAuthorizer({ acr: 'mfa', cache: 30 }) })
  const sources = 'method.request.header.Authorization,context.httpMethod,context.path'
  const kinds = propertiesOf('AWS::ApiGateway::Authorizer').map(
    ({ Type, IdentitySource, AuthorizerResultTtlInSeconds }) => [Type, IdentitySource, AuthorizerResultTtlInSeconds],
  )

  expect(kinds.toSorted()).toEqual(
    [
      ['TOKEN', 'method.request.header.Authorization', 60],
      ['REQUEST', sources, 60],
      ['REQUEST', sources, 0],
      ['REQUEST', sources, 30],
    ].toSorted(),
  )
  expect(authorizer().routeRules).toEqual({
    [stack.resolve(api.restApiId).Ref]: {
      'POST /orders': 'a',
      'PUT /orders': ['a', 600, null],
      'DELETE /orders': ['', null, 'mfa'],
      'PATCH /orders': ['', null, 'mfa'],
    },
  })
})

// REQ-176
test('step-up for a WebSocket API is asked for when it connects', () => {
  const { stack, auth, authorizer } = createShop()
  const mock = new WebSocketMockIntegration('mock')
  const api = new WebSocketApi(stack, 'Chat', {
    connectRouteOptions: { integration: mock, authorizer: auth.webSocketAuthorizer({ maxAge: 600, acr: 'mfa' }) },
  })

  expect(authorizer().routeRules).toEqual({ [stack.resolve(api.apiId).Ref]: { $connect: ['', 600, 'mfa'] } })
})
