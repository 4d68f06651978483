import { type HttpApi, HttpMethod, HttpNoneAuthorizer, type IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { acknowledge } from '../acknowledge.ts'
import type { LambdaFunction } from '../lambda-function.ts'

/**
 * Adds the routes of functions to an API. A route that is open is so even if the API has a default authorizer; `protect`
 * is the authorizer of the others, which is the API's default if it is left out.
 */
export function addRoutes(api: HttpApi, functions: readonly LambdaFunction[], protect?: IHttpRouteAuthorizer): void {
  for (const handler of functions) {
    const { name, routes = [] } = handler.spec
    if (routes.length === 0) continue
    const integration = new HttpLambdaIntegration(name, handler)
    for (const { method, path, open } of routes) {
      const authorizer = open === undefined ? protect : new HttpNoneAuthorizer()
      const added = api.addRoutes({
        path,
        methods: [HttpMethod[method]],
        integration,
        ...(authorizer && { authorizer }),
      })
      if (open === undefined) continue
      for (const route of added) acknowledge(route, 'AwsSolutions-APIG4', open)
    }
  }
}

/** The limits of routes that have their own, by route key. */
export const routeLimits = (functions: readonly LambdaFunction[]) =>
  functions
    .flatMap(({ spec: { routes = [] } }) => routes)
    .flatMap(({ method, path, limit }) => (limit ? [[`${method} ${path}`, limit] as const] : []))
