import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { App, Stack } from 'aws-cdk-lib/core'
import { TokenAuth } from 'latchkey'
import { addMcpServer } from './mcp-resource.ts'

export const app = new App()
const stack = new Stack(app, 'Notes')
const api = new HttpApi(stack, 'Api')
const auth = new TokenAuth(stack, 'Auth', {
  signInPages: true,
  clientsByUrl: 'all',
  scopes: ['notes:read', 'notes:write'],
})
auth.addAuthRoutes(api)
addMcpServer(api, auth, 'mcp-server', app.node.tryGetContext('issuerIsLive') === 'true')
