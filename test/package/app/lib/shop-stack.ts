import { Stack, type StackProps } from 'aws-cdk-lib'
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { HostedZone } from 'aws-cdk-lib/aws-route53'
import type { Construct } from 'constructs'
import { type DomainOptions, TokenAuth, type TokenAuthProps } from 'latchkey'

export class ShopStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)
    const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/abc'
    const domain: DomainOptions = {
      name: 'auth.example.com',
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      hostedZone: HostedZone.fromHostedZoneId(this, 'Zone', 'Z0123456789'),
    }
    const settings: TokenAuthProps = { domain, scopes: ['orders:read'], refreshGrace: 'until-used' }
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
