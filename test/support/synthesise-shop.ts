// What infra/synthesis/synthesise.ts does, of a stack with routes that ask for scopes and step-up; who gets past the authorizer gets the answer of /me.
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { CachedAuthorizerOptions } from '../../infra/construct/authorizers/authorizer-options.ts'
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
const add = (path: string, method: HttpMethod, options: CachedAuthorizerOptions) =>
  api.addRoutes({ path, methods: [method], integration, authorizer: auth.httpAuthorizer(options) })
add('/orders', HttpMethod.GET, { scopes: ['orders:read'] })
add('/orders', HttpMethod.POST, { scopes: ['orders:write'] })
add('/orders/{id}', HttpMethod.ANY, { scopes: ['orders:write'] })
add('/address', HttpMethod.PUT, { maxAge: 600 })
add('/payments', HttpMethod.POST, { scopes: ['orders:write'], maxAge: 600, acr: 'mfa' })
add('/invoices', HttpMethod.GET, { acr: 'mfa', cache: 300 })
add('/profile', HttpMethod.GET, { acr: 'pwd', cache: 300 })
app.synth()
