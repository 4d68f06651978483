import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { ShopStack } from '../lib/shop-stack'

test('the shop has log-in and a protected route', () => {
  const template = Template.fromStack(new ShopStack(new App(), 'Shop'))

  template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /login', AuthorizationType: 'NONE' })
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'GET /orders', AuthorizationType: 'CUSTOM' })
  template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
    DomainName: 'auth.example.com',
    DomainNameConfigurations: [{ IpAddressType: 'dualstack', SecurityPolicy: 'TLS_1_2' }],
  })
})
