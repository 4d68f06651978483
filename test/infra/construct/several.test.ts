import { describe, expect, test } from '@jest/globals'
import { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, HttpMethod, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpUrlIntegration, WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { type App, Stack } from 'aws-cdk-lib/core'
import { ensureBundled } from '../../../infra/build/ensure-bundled.ts'
import { TokenAuth } from '../../../infra/construct/token-auth.ts'
import { templateApp } from '../../support/builders/template-app.ts'

type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }

async function setUp() {
  await ensureBundled()
  return { app: templateApp() }
}

const templateOf = (app: App, stack: string) => app.synth().getStackArtifact(stack).template

const ofType = (template: { readonly Resources: Record<string, Resource> }, type: string) =>
  Object.values(template.Resources).filter(({ Type }) => Type === type)

const orders = (path: string) => ({
  path,
  methods: [HttpMethod.GET],
  integration: new HttpUrlIntegration('orders', 'https://orders.example.com'),
})

describe('two in one stack', () => {
  test('share nothing: neither table, keys and functions nor metrics', async () => {
    const { app } = await setUp()
    const stack = new Stack(app, 'Shop')
    for (const id of ['Customers', 'Staff']) {
      new TokenAuth(stack, id, { secondFactor: 'optional' }).addAuthRoutes(new HttpApi(stack, `${id}Api`))
    }
    const template = templateOf(app, 'Shop')
    const environments = ofType(template, 'AWS::Lambda::Function').map(({ Properties }) =>
      JSON.stringify(Object(Properties['Environment']).Variables ?? {}),
    )

    expect(ofType(template, 'AWS::DynamoDB::GlobalTable')).toHaveLength(2)
    expect(ofType(template, 'AWS::KMS::Key')).toHaveLength(4)
    expect(environments.filter((text) => /Customers/.test(text) && /Staff/.test(text))).toEqual([])
    expect(environments.filter((text) => /"Customers/.test(text)).length).toBe(
      environments.filter((text) => /"Staff/.test(text)).length,
    )
    const namespaces = ofType(template, 'AWS::Logs::MetricFilter').map(({ Properties }) =>
      [Properties['MetricTransformations']].flat().map((each) => Object(each).MetricNamespace),
    )
    expect(new Set(namespaces.flat())).toEqual(new Set(['Shop/Customers', 'Shop/Staff']))
  })

  test('may guard routes of one API, each its own', async () => {
    const { app } = await setUp()
    const stack = new Stack(app, 'Shop')
    const create = (id: string) =>
      new TokenAuth(stack, id, { issuer: `https://${id.toLowerCase()}.example.com`, scopes: ['orders:read'] })
    const [customers, staff] = [create('Customers'), create('Staff')]
    const api = new HttpApi(stack, 'Api')
    const rest = new RestApi(stack, 'Rest')
    for (const auth of [customers, staff]) {
      const { id } = auth.node
      const scopes = ['orders:read']
      api.addRoutes({ ...orders(`/${id}`), authorizer: auth.httpAuthorizer() })
      api.addRoutes({ ...orders(`/${id}/orders`), authorizer: auth.httpAuthorizer({ scopes }) })
      api.addRoutes({ ...orders(`/${id}/native`), authorizer: auth.nativeAuthorizer() })
      const resource = rest.root.addResource(id)
      resource.addMethod('GET', undefined, { authorizer: auth.restAuthorizer() })
      resource.addMethod('PUT', undefined, { authorizer: auth.restAuthorizer({ scopes }) })
    }
    const template = templateOf(app, 'Shop')
    const askedBy = (type: string) =>
      ofType(template, type).map(({ Properties: { Name, AuthorizerUri, JwtConfiguration } }) => [
        Name,
        /(customers|staff)/i.exec(JSON.stringify(AuthorizerUri ?? JwtConfiguration))?.[1],
      ])

    expect(askedBy('AWS::ApiGatewayV2::Authorizer')).toEqual([
      ['Authorizer', 'Customers'],
      ['RouteAuthorizer', 'Customers'],
      ['NativeAuthorizer', 'customers'],
      ['StaffAuthorizer', 'Staff'],
      ['StaffRouteAuthorizer', 'Staff'],
      ['StaffNativeAuthorizer', 'staff'],
    ])
    expect(askedBy('AWS::ApiGateway::Authorizer').map(([, auth]) => auth)).toEqual([
      'Customers',
      'Customers',
      'Staff',
      'Staff',
    ])
  })
})

test('two in two stacks of one app stand beside each other', async () => {
  const { app } = await setUp()
  for (const id of ['Shop', 'Office']) {
    const stack = new Stack(app, id)
    new TokenAuth(stack, 'Auth').addAuthRoutes(new HttpApi(stack, 'Api'))
  }

  expect(app.synth().stacks.map(({ id, dependencies }) => [id, dependencies.map((each) => each.id)])).toEqual([
    ['Office', ['Office.assets']],
    ['Shop', ['Shop.assets']],
  ])
})

describe('APIs of all kinds in another stack', () => {
  test('depend on the stack of the TokenAuth, which depends on none of them', async () => {
    const { app } = await setUp()
    const stack = new Stack(app, 'Auth')
    const auth = new TokenAuth(stack, 'Auth')
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))
    const other = new Stack(app, 'Shop')
    new HttpApi(other, 'Api').addRoutes({ ...orders('/orders'), authorizer: auth.httpAuthorizer() })
    new RestApi(other, 'Rest').root.addMethod('GET', undefined, { authorizer: auth.restAuthorizer() })
    new WebSocketApi(other, 'Socket', {
      connectRouteOptions: {
        integration: new WebSocketMockIntegration('Mock'),
        authorizer: auth.webSocketAuthorizer(),
      },
    })
    auth.grantAdmin(new Role(other, 'Support', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }))

    const stacks = app.synth().stacks.map(({ id, dependencies }) => [id, dependencies.map((each) => each.id)])
    expect(stacks).toEqual([
      ['Auth', ['Auth.assets']],
      ['Shop', expect.arrayContaining(['Auth'])],
    ])
  })
})
