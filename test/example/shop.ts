import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, HttpMethod, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { App, Stack } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { TokenAuth } from 'latchkey'

/** Three APIs of someone's own, of every kind that there is, with one log-in for all of them. */
class ShopStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    const shop = new LambdaFunction(this, 'Shop', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code })
    const auth = new TokenAuth(this, 'Auth', { scopes: ['orders:read', 'orders:write'] })

    const web = new HttpApi(this, 'Web', { defaultAuthorizer: auth.httpAuthorizer() })
    auth.addAuthRoutes(web)
    const integration = new HttpLambdaIntegration('Shop', shop)
    web.addRoutes({ path: '/basket', methods: [HttpMethod.GET], integration })
    const authorizer = auth.httpAuthorizer({ scopes: ['orders:read'] })
    web.addRoutes({ path: '/orders', methods: [HttpMethod.GET], integration, authorizer })

    const rest = new RestApi(this, 'Rest', { defaultMethodOptions: { authorizer: auth.restAuthorizer() } })
    auth.addRestChallenges(rest)
    const orders = rest.root.addResource('orders')
    orders.addMethod('GET', new LambdaIntegration(shop))
    orders.addMethod('POST', new LambdaIntegration(shop), {
      authorizer: auth.restAuthorizer({ scopes: ['orders:write'] }),
    })

    const chat = new WebSocketApi(this, 'Chat', {
      connectRouteOptions: {
        integration: new WebSocketLambdaIntegration('Connect', shop),
        authorizer: auth.webSocketAuthorizer({ token: 'subprotocol' }),
      },
    })
    new WebSocketStage(this, 'Live', { webSocketApi: chat, stageName: 'live', autoDeploy: true })
  }
}

// A browser drops a connection that answers with none of the subprotocols that it offered.
const code = Code.fromInline(`exports.handler = async ({ headers, requestContext }) => ({
  statusCode: 200,
  headers: headers['Sec-WebSocket-Protocol'] ? { 'Sec-WebSocket-Protocol': 'bearer' } : {},
  body: JSON.stringify(requestContext.authorizer),
})`)

export const app = new App()
new ShopStack(app, 'Shop')
