import { describe, expect, test } from '@jest/globals'
import { Cors, MockIntegration, ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway'
import { Stack } from 'aws-cdk-lib/core'
import { TokenAuth } from '../../../../infra/construct/token-auth.ts'
import { createShop } from '../../../support/builders/shop.ts'

const integration = new MockIntegration()
const sourcesByRoute = 'method.request.header.Authorization,context.httpMethod,context.path'

describe('a REST API', () => {
  test('has one authorizer by token, however many methods ask for one, and keeps its answer for a minute', () => {
    const { stack, auth, propertiesOf, authorizer } = createShop()
    const api = new RestApi(stack, 'Rest')
    const orders = api.root.addResource('orders')
    for (const method of ['GET', 'POST']) orders.addMethod(method, integration, { authorizer: auth.restAuthorizer() })
    api.root.addMethod('GET', integration, { authorizer: auth.restAuthorizer() })

    expect(propertiesOf('AWS::ApiGateway::Authorizer')).toEqual([
      expect.objectContaining({
        Type: 'TOKEN',
        IdentitySource: 'method.request.header.Authorization',
        AuthorizerResultTtlInSeconds: 60,
      }),
    ])
    expect(authorizer().routeRules).toEqual({})
  })

  test('is protected as a whole where the authorizer is its default, but for what says otherwise', () => {
    const { stack, auth, propertiesOf } = createShop()
    const api = new RestApi(stack, 'Rest', {
      defaultMethodOptions: { authorizer: auth.restAuthorizer() },
      defaultCorsPreflightOptions: { allowOrigins: Cors.ALL_ORIGINS },
    })
    api.root.addMethod('GET', integration)
    api.root.addResource('orders').addMethod('POST', integration)
    const types = propertiesOf('AWS::ApiGateway::Method').map(({ HttpMethod, AuthorizationType }) => [
      HttpMethod,
      AuthorizationType,
    ])

    expect(types).toEqual([
      ['OPTIONS', 'NONE'],
      ['GET', 'CUSTOM'],
      ['OPTIONS', 'NONE'],
      ['POST', 'CUSTOM'],
    ])
  })

  test.each([
    ['Bearer a.b.c', true],
    ['bearer   eyJ-_9.x.y', true],
    ['BEARER a.b.c', true],
    ['a.b.c', false],
    ['Basic a.b.c', false],
    ['Bearer ', false],
    ['Bearer a.b', false],
    ['Bearer a.b.c.d', false],
    ['Bearer a.b.c, Bearer a.b.c', false],
  ])('lets %j get to the authorizer: %s', (header, asked) => {
    const { stack, auth, propertiesOf } = createShop()
    new RestApi(stack, 'Rest').root.addMethod('GET', integration, { authorizer: auth.restAuthorizer() })
    const [authorizer] = propertiesOf('AWS::ApiGateway::Authorizer')

    expect(new RegExp(`${authorizer?.['IdentityValidationExpression']}`).test(header)).toBe(asked)
  })

  // REQ-72
  test('says why it refuses', () => {
    const { stack, auth, propertiesOf } = createShop()
    const api = new RestApi(stack, 'Rest')
    api.root.addMethod('GET', integration, { authorizer: auth.restAuthorizer() })
    auth.addRestChallenges(api)

    expect(propertiesOf('AWS::ApiGateway::GatewayResponse')).toMatchObject([
      {
        ResponseType: 'UNAUTHORIZED',
        StatusCode: '401',
        ResponseParameters: { 'gatewayresponse.header.WWW-Authenticate': "'Bearer'" },
      },
      {
        ResponseType: 'ACCESS_DENIED',
        StatusCode: '403',
        ResponseParameters: { 'gatewayresponse.header.WWW-Authenticate': `'Bearer error="insufficient_scope"'` },
      },
    ])
  })
})

describe('scopes for methods of a REST API', () => {
  const setUp = () => {
    const shop = createShop()
    const api = new RestApi(shop.stack, 'Rest', { defaultMethodOptions: { authorizer: shop.auth.restAuthorizer() } })
    const orders = api.root.addResource('orders')
    const order = orders.addResource('{id}')
    return { ...shop, api, orders, order }
  }

  test("are in the authorizer's environment in the words of its events, and go with the methods alone that ask", () => {
    const { auth, orders, order, api, stack, authorizer } = setUp()
    const write = auth.restAuthorizer({ scopes: ['a', 'b'] })
    api.root.addMethod('GET', integration)
    orders.addMethod('GET', integration, { authorizer: auth.restAuthorizer({ scopes: ['a'] }) })
    orders.addMethod('POST', integration, { authorizer: write })
    order.addMethod('ANY', integration, { authorizer: write })

    expect(authorizer().routeRules).toEqual({
      [stack.resolve(api.restApiId).Ref]: { 'GET /orders': 'a', 'POST /orders': 'a b', 'ANY /orders/{id}': 'a b' },
    })
  })

  // REQ-73
  test('are asked for by one authorizer that keeps its answers by method and path', () => {
    const { auth, orders, order, api, resourcesOf } = setUp()
    api.root.addMethod('GET', integration)
    orders.addMethod('POST', integration, { authorizer: auth.restAuthorizer({ scopes: ['a'] }) })
    order.addMethod('PUT', integration, { authorizer: auth.restAuthorizer({ scopes: ['b'] }) })
    const authorizers = new Map(
      resourcesOf('AWS::ApiGateway::Authorizer').map(([id, { Properties }]) => [id, Properties]),
    )
    const sources = resourcesOf('AWS::ApiGateway::Method').map(([, { Properties }]) => {
      const { Ref } = Properties['AuthorizerId'] as { Ref: string }
      return [Properties['HttpMethod'], authorizers.get(Ref)?.['Type'], authorizers.get(Ref)?.['IdentitySource']]
    })

    expect(authorizers.size).toBe(2)
    expect(sources.sort()).toEqual([
      ['GET', 'TOKEN', 'method.request.header.Authorization'],
      ['POST', 'REQUEST', sourcesByRoute],
      ['PUT', 'REQUEST', sourcesByRoute],
    ])
  })
})

test('one TokenAuth protects several REST APIs, of other stacks too', () => {
  const { app, stack, auth, propertiesOf } = createShop()
  const other = new Stack(app, 'Other')
  new RestApi(stack, 'Here').root.addMethod('GET', integration, { authorizer: auth.restAuthorizer() })
  new RestApi(other, 'There').root.addMethod('GET', integration, { authorizer: auth.restAuthorizer() })

  for (const name of ['Shop', 'Other']) {
    expect(propertiesOf('AWS::ApiGateway::Authorizer', name)).toHaveLength(1)
    expect(propertiesOf('AWS::Lambda::Permission', name)).toContainEqual(
      expect.objectContaining({ Principal: 'apigateway.amazonaws.com', Action: 'lambda:InvokeFunction' }),
    )
  }
})

test('one authorizer is for one API', () => {
  const { stack, auth } = createShop()
  const authorizer = auth.restAuthorizer()
  new RestApi(stack, 'Here').root.addMethod('GET', integration, { authorizer })
  const again = () => new RestApi(stack, 'There').root.addMethod('GET', integration, { authorizer })

  expect(again).toThrow('Cannot attach authorizer to two different rest APIs')
})

describe('a TokenAuth that is known by its attributes', () => {
  const attributes = {
    authorizerFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:authorizer',
    issuer: 'https://auth.example.com',
  }

  test('protects an API, and API Gateway may call its function', () => {
    const { app, propertiesOf } = createShop()
    const stack = new Stack(app, 'Other')
    const auth = TokenAuth.fromAttributes(stack, 'Auth', { ...attributes, authorizerCache: 0 })
    new RestApi(stack, 'Rest').root.addMethod('GET', integration, { authorizer: auth.restAuthorizer() })

    expect(propertiesOf('AWS::ApiGateway::Authorizer', 'Other')).toMatchObject([{ AuthorizerResultTtlInSeconds: 0 }])
    expect(propertiesOf('AWS::Lambda::Permission', 'Other')).toMatchObject([
      { FunctionName: attributes.authorizerFunctionArn },
    ])
  })

  test('has no say in what its authorizer asks for', () => {
    const { stack } = createShop()
    const auth = TokenAuth.fromAttributes(stack, 'Copy', attributes)

    expect(auth.audience).toBe('https://auth.example.com')
    expect(() => auth.restAuthorizer({ scopes: ['a'] })).toThrow(
      /^Shop\/Copy: scopes, groups, maxAge and acr are for the stack/,
    )
    expect(() => auth.httpAuthorizer({ scopes: ['a'] })).toThrow(
      /^Shop\/Copy: scopes, groups, maxAge and acr are for the stack/,
    )
    expect(() => auth.webSocketAuthorizer({ token: 'query' })).toThrow(/^Shop\/Copy: tokens in the query are/)
  })

  test.each([
    ['one origin', ['https://app.example.com'], "'https://app.example.com'"],
    ['several', ['https://app.example.com', 'https://www.example.com'], "'*'"],
    ['all', Cors.ALL_ORIGINS, "'*'"],
  ])('lets pages of other origins read why, where the API allows %s', (_, allowOrigins, header) => {
    const { stack, auth, propertiesOf } = createShop()
    const api = new RestApi(stack, 'Rest', { defaultCorsPreflightOptions: { allowOrigins } })
    api.root.addMethod('GET', integration, { authorizer: auth.restAuthorizer() })
    auth.addRestChallenges(api)
    const headers = propertiesOf('AWS::ApiGateway::GatewayResponse').map(
      ({ ResponseParameters }) => ResponseParameters as Record<string, string>,
    )

    expect(headers.map((each) => each['gatewayresponse.header.Access-Control-Allow-Origin'])).toEqual([header, header])
  })

  test('has one response of each type, however often it is asked for, and refuses another one of yours', () => {
    const { stack, auth, propertiesOf } = createShop()
    const api = new RestApi(stack, 'Rest')
    api.root.addMethod('GET', integration, { authorizer: auth.restAuthorizer() })
    auth.addRestChallenges(api)
    auth.addRestChallenges(api)
    api.addGatewayResponse('Mine', { type: ResponseType.UNAUTHORIZED })

    expect(() => propertiesOf('AWS::ApiGateway::GatewayResponse')).toThrow(
      'A REST API takes one response for UNAUTHORIZED: leave yours out',
    )
  })
})
