import { describe, expect, test } from '@jest/globals'
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Stack } from 'aws-cdk-lib/core'
import { readRouteRules } from '../../../../functions/domain/scopes/route-rules.ts'
import { createShop, route } from '../../../support/builders/shop.ts'

describe('groups for routes', () => {
  test("are in the authorizer's environment, in the form that it reads, for every kind of API", () => {
    const { stack, auth, authorizer } = createShop()
    const web = new HttpApi(stack, 'Web')
    const rest = new RestApi(stack, 'Rest')
    const socket = new WebSocketApi(stack, 'Socket')
    web.addRoutes({ ...route('/admin'), authorizer: auth.httpAuthorizer({ groups: ['admin', 'editors'] }) })
    web.addRoutes({ ...route('/orders'), authorizer: auth.httpAuthorizer({ scopes: ['a'], groups: ['admin'] }) })
    web.addRoutes({ ...route('/pay'), authorizer: auth.httpAuthorizer({ groups: ['admin'], maxAge: 600 }) })
    rest.root.addMethod('GET', new MockIntegration(), { authorizer: auth.restAuthorizer({ groups: ['admin'] }) })
    socket.addRoute('$connect', {
      integration: new WebSocketMockIntegration('Mock'),
      authorizer: auth.webSocketAuthorizer({ groups: ['admin'] }),
    })
    const { routeRules } = authorizer()

    expect(routeRules).toEqual({
      [stack.resolve(web.apiId).Ref]: {
        'GET /admin': ['', null, null, ['admin', 'editors']],
        'GET /orders': ['a', null, null, ['admin']],
        'GET /pay': ['', 600, null, ['admin']],
      },
      [stack.resolve(rest.restApiId).Ref]: { 'GET /': ['', null, null, ['admin']] },
      [stack.resolve(socket.apiId).Ref]: { $connect: ['', null, null, ['admin']] },
    })
    expect(readRouteRules(JSON.stringify(routeRules))?.size).toBe(3)
  })

  // REQ-73
  test('are asked for by an authorizer that keeps its answers by route', () => {
    const { stack, auth, resourcesOf } = createShop()
    const api = new HttpApi(stack, 'Web')
    api.addRoutes({ ...route('/admin'), authorizer: auth.httpAuthorizer({ groups: ['admin'] }) })
    const [, { Properties } = { Properties: {} }] = resourcesOf('AWS::ApiGatewayV2::Authorizer')[0] ?? []

    expect(Properties).toMatchObject({
      IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
      AuthorizerResultTtlInSeconds: 60,
    })
  })

  test.each<[string, readonly string[]]>([
    ['none at all', []],
    ['an empty one', ['']],
    ['one with a space', ['content editors']],
    ['one with a comma', ['a,b']],
    ['one twice', ['a', 'a']],
  ])('are refused where they are %s', (_, groups) => {
    const { auth } = createShop()

    expect(() => auth.httpAuthorizer({ groups })).toThrow(/^groups: 1 to 50 different groups without white space/)
  })

  test('are for the stack of the TokenAuth, whose authorizer knows its routes', () => {
    const { stack, auth } = createShop()
    const other = new HttpApi(new Stack(stack, 'Other'), 'Web')
    const add = () => other.addRoutes({ ...route('/admin'), authorizer: auth.httpAuthorizer({ groups: ['admin'] }) })

    expect(add).toThrow('scopes, groups, maxAge and acr need the API in the stack of its TokenAuth')
  })
})
