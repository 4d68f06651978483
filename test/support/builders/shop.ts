import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { type App, Stack } from 'aws-cdk-lib/core'
import { ensureBundled } from '../../../infra/build/ensure-bundled.ts'
import { TokenAuth } from '../../../infra/construct/token-auth.ts'
import type { TokenAuthProps } from '../../../infra/construct/token-auth-props.ts'
import { templateApp } from './template-app.ts'

type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }

await ensureBundled()

/** Someone's own stack with a TokenAuth, and what becomes of it. */
export function createShop(props: TokenAuthProps = { issuer: 'https://auth.example.com', scopes: ['a', 'b', 'c'] }) {
  const app = templateApp()
  const stack = new Stack(app, 'Shop')
  const auth = new TokenAuth(stack, 'Auth', props)
  const resourcesOf = (type: string, name = 'Shop') => {
    const resources: Readonly<Record<string, Resource>> = app.synth().getStackArtifact(name).template.Resources
    return Object.entries(resources).filter(([, { Type }]) => Type === type)
  }
  const propertiesOf = (type: string, name = 'Shop') => resourcesOf(type, name).map(([, { Properties }]) => Properties)
  return {
    app,
    stack,
    auth,
    resourcesOf,
    propertiesOf,
    authorizer: () => authorizerOf(resourcesOf),
    warnings: () => warningsOf(app),
  }
}

function authorizerOf(resourcesOf: (type: string) => readonly (readonly [string, Resource])[]) {
  const [found] = resourcesOf('AWS::Lambda::Function').filter(([id]) => id.startsWith('Authauthorizer'))
  if (!found) throw new Error('The stack has no authorizer.')
  const { Variables } = found[1].Properties['Environment'] as { Variables: Readonly<Record<string, unknown>> }
  return { id: found[0], routeRules: routeRulesOf(Variables['ROUTE_RULES']), variables: Variables }
}

// An API's id is known at deploy alone; here the API's logical id stands for it.
function routeRulesOf(value: unknown): unknown {
  const parts =
    typeof value === 'string'
      ? [value]
      : (value as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'][1]
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : part.Ref)).join(''))
}

function warningsOf(app: App): readonly string[] {
  const messages = app.synth().stacks.flatMap(({ messages }) => messages)
  return messages.filter(({ level }) => level === 'warning').map(({ entry }) => `${entry.data}`)
}

/** A route of an HTTP API that leads somewhere. */
export const route = (path: string, method = HttpMethod.GET) => ({
  path,
  methods: [method],
  integration: new HttpUrlIntegration('orders', 'https://orders.example.com'),
})
