import { expect, test } from '@jest/globals'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { createShop, route } from '../../../support/builders/shop.ts'

test("API Gateway's own authorizer verifies our issuer and audience, without a function", () => {
  const { stack, auth, propertiesOf } = createShop({ issuer: 'https://auth.example.com', audience: 'orders' })
  const api = new HttpApi(stack, 'Web')
  for (const path of ['/orders', '/invoices']) {
    api.addRoutes({ ...route(path), authorizer: auth.nativeAuthorizer(), authorizationScopes: ['a'] })
  }

  expect(propertiesOf('AWS::ApiGatewayV2::Authorizer')).toEqual([
    {
      ApiId: { Ref: expect.stringMatching(/^Web/) },
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://auth.example.com', Audience: ['orders'] },
      Name: 'NativeAuthorizer',
    },
  ])
  expect(propertiesOf('AWS::ApiGatewayV2::Route')).toMatchObject([
    { AuthorizationType: 'JWT', AuthorizationScopes: ['a'] },
    { AuthorizationType: 'JWT', AuthorizationScopes: ['a'] },
  ])
})

test('it warns that the issuer must answer before', () => {
  const { stack, auth, warnings } = createShop()
  new HttpApi(stack, 'Web', { defaultAuthorizer: auth.nativeAuthorizer() }).addRoutes(route('/'))

  expect(warnings()).toEqual([expect.stringContaining('the authorizer in a second deployment')])
})
