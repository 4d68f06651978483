// What infra/local/synthesise.ts does, of a stack with a protected resource; who gets past its authorizer gets the answer of /me.
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { TokenAuth } from '../../infra/construct/token-auth.ts'
import { createApp } from '../../infra/create-app.ts'

const [folder = '', context = ''] = process.argv.slice(2)
const app = await createApp(JSON.parse(context), { outdir: folder, target: 'localhost' })
const nodes = app.node.findAll()
const api = nodes.find((node) => node instanceof HttpApi)
const auth = nodes.find((node) => node instanceof TokenAuth)
const me = nodes.find((node) => node instanceof LambdaFunction && node.node.id === 'me') as LambdaFunction
if (!(api && auth)) throw new Error('The stack has no API or no TokenAuth.')
const integration = new HttpLambdaIntegration('me', me)
auth.addProtectedResource(api, {
  path: '/mcp',
  scopes: ['tools:read', 'tools:write'],
  requiredScopes: ['tools:read'],
  integration,
})
app.synth()
