import { Stack, type StackProps } from 'aws-cdk-lib'
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { Construct } from 'constructs'
import { TokenAuth, type TokenAuthProps } from 'latchkey'

export class ShopStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)
    const settings: TokenAuthProps = { scopes: ['orders:read'], refreshGrace: 'until-used' }
    const auth = new TokenAuth(this, 'Auth', settings)
    const api = new HttpApi(this, 'Api')
    auth.addAuthRoutes(api)
    api.addRoutes({
      path: '/orders',
      methods: [HttpMethod.GET],
      integration: new HttpUrlIntegration('Orders', 'https://orders.example.com'),
      authorizer: auth.httpAuthorizer({ scopes: ['orders:read'] }),
    })
  }
}
