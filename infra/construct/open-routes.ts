import { type HttpApi, HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Validations } from 'aws-cdk-lib/core'

const { GET, POST } = HttpMethod
const documents = ['jwks.json', 'openid-configuration', 'oauth-authorization-server']

/** Which function answers at which routes without an access token, and why they need none. */
const openRoutes = {
  login: { method: POST, paths: ['/login'], reason: 'Whoever logs in has no token yet.' },
  register: { method: POST, paths: ['/register'], reason: 'Whoever registers has no account yet.' },
  token: { method: POST, paths: ['/token'], reason: 'The refresh token is the proof; the access token may be over.' },
  revoke: { method: POST, paths: ['/revoke'], reason: 'The refresh token is the proof; the access token may be over.' },
  discovery: {
    method: GET,
    paths: documents.map((name) => `/.well-known/${name}`),
    reason: 'Anyone may read how our tokens are verified.',
  },
}

type Name = keyof typeof openRoutes

/** Registration is there only where it is wanted. */
export type OpenFunctions = { readonly [N in Exclude<Name, 'register'>]: IFunction } & {
  readonly register: IFunction | undefined
}

/** Adds the routes that are open to everyone, even if the API has a default authorizer. */
export function addOpenRoutes(api: HttpApi, functions: OpenFunctions): void {
  for (const name of Object.keys(openRoutes) as Name[]) {
    const { method, paths, reason } = openRoutes[name]
    const handler = functions[name]
    if (!handler) continue
    const common = { methods: [method], integration: new HttpLambdaIntegration(name, handler) }
    for (const path of paths) {
      const routes = api.addRoutes({ ...common, path, authorizer: new HttpNoneAuthorizer() })
      for (const route of routes) Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason })
    }
  }
}
