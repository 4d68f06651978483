import { describe, expect, test } from '@jest/globals'
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { Stack } from 'aws-cdk-lib/core'
import { readRouteRules } from '../../../../functions/domain/scopes/route-rules.ts'
import { createShop, route } from '../../../support/builders/shop.ts'

describe('scopes for routes of an HTTP API', () => {
  test("are in the authorizer's environment, by API and route, in the form that it reads", () => {
    const { stack, auth, authorizer } = createShop()
    const shop = new HttpApi(stack, 'Web')
    const back = new HttpApi(stack, 'Back')
    shop.addRoutes({ ...route('/orders'), authorizer: auth.httpAuthorizer({ scopes: ['a'] }) })
    shop.addRoutes({
      ...route('/orders/{id}', HttpMethod.ANY),
      authorizer: auth.httpAuthorizer({ scopes: ['a', 'b'] }),
    })
    shop.addRoutes({ ...route('/me'), authorizer: auth.httpAuthorizer() })
    back.addRoutes({ ...route('/orders'), authorizer: auth.httpAuthorizer({ scopes: ['c'] }) })
    const { routeRules } = authorizer()

    expect(routeRules).toEqual({
      [stack.resolve(shop.apiId).Ref]: { 'GET /orders': 'a', 'ANY /orders/{id}': 'a b' },
      [stack.resolve(back.apiId).Ref]: { 'GET /orders': 'c' },
    })
    expect(readRouteRules(JSON.stringify(routeRules))?.size).toBe(2)
  })

  // REQ-73
  test('are asked for by an authorizer that keeps its answers by route, and no other route has it', () => {
    const { stack, auth, resourcesOf } = createShop()
    const api = new HttpApi(stack, 'Web')
    api.addRoutes({ ...route('/orders'), authorizer: auth.httpAuthorizer({ scopes: ['a'] }) })
    api.addRoutes({ ...route('/invoices'), authorizer: auth.httpAuthorizer({ scopes: ['b'] }) })
    api.addRoutes({ ...route('/me'), authorizer: auth.httpAuthorizer() })
    const authorizers = new Map(
      resourcesOf('AWS::ApiGatewayV2::Authorizer').map(([id, { Properties }]) => [id, Properties]),
    )
    const sources = resourcesOf('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const { Ref } = Properties['AuthorizerId'] as { Ref: string }
      return [Properties['RouteKey'], authorizers.get(Ref)?.['IdentitySource']]
    })

    expect(authorizers.size).toBe(2)
    expect(Object.fromEntries(sources)).toEqual({
      'GET /orders': ['$request.header.Authorization', '$context.routeKey'],
      'GET /invoices': ['$request.header.Authorization', '$context.routeKey'],
      'GET /me': ['$request.header.Authorization'],
    })
    for (const properties of authorizers.values()) {
      expect(properties).toMatchObject({
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        AuthorizerResultTtlInSeconds: 60,
      })
    }
  })

  test('of an API by default are those of each of its routes', () => {
    const { stack, auth, authorizer } = createShop()
    const api = new HttpApi(stack, 'Web', { defaultAuthorizer: auth.httpAuthorizer({ scopes: ['a'] }) })
    api.addRoutes(route('/orders'))
    api.addRoutes(route('/invoices'))

    expect(Object.values(authorizer().routeRules as object)).toEqual([{ 'GET /orders': 'a', 'GET /invoices': 'a' }])
  })

  test('stay out of the environment of a service that has none', () => {
    expect(createShop().authorizer().variables).toMatchObject({ ROUTE_RULES: '{}', WEBSOCKET_QUERY_TOKEN: 'false' })
  })
})

describe('scopes are refused', () => {
  test.each<[string, readonly string[]]>([
    ['none at all', []],
    ['an empty one', ['']],
    ['one with a space', ['a b']],
    ['one with a quote', ['a"']],
    ['one twice', ['a', 'a']],
  ])('that are %s', (_, scopes) => {
    const { stack, auth } = createShop()
    const addRoute = () =>
      new HttpApi(stack, 'Web').addRoutes({ ...route('/'), authorizer: auth.httpAuthorizer({ scopes }) })

    expect(addRoute).toThrow(/^scopes: 1 to 50 different scopes without white space, quotes or commas/)
  })

  test('for an API of another stack, whose id the authorizer cannot know', () => {
    const { app, auth } = createShop()
    const api = new HttpApi(new Stack(app, 'Other'), 'Web')
    const addRoute = () => api.addRoutes({ ...route('/'), authorizer: auth.httpAuthorizer({ scopes: ['a'] }) })

    expect(addRoute).toThrow('Other/Web: scopes, groups, maxAge and acr need the API in the stack of its TokenAuth')
  })

  test("beyond what the function's environment holds, before the deployment is", () => {
    const { stack, auth, app } = createShop()
    const api = new HttpApi(stack, 'Web', { defaultAuthorizer: auth.httpAuthorizer({ scopes: ['a'] }) })
    for (let n = 0; n < 50; n += 1) api.addRoutes(route(`/${'long'.repeat(12)}${n}`))

    expect(() => app.synth()).toThrow(
      /Routes with scopes, groups, maxAge or acr take \d+ characters of the authorizer's environment, which has room for 2740\./,
    )
  })
})

test('scopes in the words of another authorizer, which this one would not see, stop the synthesis', () => {
  const { stack, auth, app } = createShop()
  const options = { authorizer: auth.httpAuthorizer(), authorizationScopes: ['a'] }
  new HttpApi(stack, 'Web').addRoutes({ ...route('/'), ...options })

  expect(() => app.synth()).toThrow('write httpAuthorizer({ scopes }) instead')
})

test('a scope that no user can have causes a warning', () => {
  const { stack, auth, warnings } = createShop()
  new HttpApi(stack, 'Web').addRoutes({ ...route('/'), authorizer: auth.httpAuthorizer({ scopes: ['a', 'admin'] }) })

  expect(warnings()).toEqual([expect.stringContaining('Nobody can have the scope admin')])
})

// REQ-176
test.each([
  ['off', 1],
  ['optional', 0],
] as const)(
  'a route that asks for a second factor causes a warning where nobody can have one: %s',
  (secondFactor, count) => {
    const { stack, auth, warnings } = createShop({ issuer: 'https://auth.example.com', secondFactor })
    const api = new HttpApi(stack, 'Web')
    api.addRoutes({ ...route('/payments'), authorizer: auth.httpAuthorizer({ acr: 'mfa' }) })
    api.addRoutes({ ...route('/orders'), authorizer: auth.httpAuthorizer({ maxAge: 300, acr: 'pwd' }) })

    expect(warnings()).toEqual(Array(count).fill(expect.stringContaining("acr: 'mfa' are closed")))
  },
)
