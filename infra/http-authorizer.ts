import type { IHttpApi, IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Duration } from 'aws-cdk-lib/core'

/** An authorizer for any number of routes of any number of APIs: CDK binds one to one API, and one API takes ten. */
export function createHttpAuthorizer(handler: IFunction, cacheSeconds: number): IHttpRouteAuthorizer {
  const bound = new Map<IHttpApi, HttpLambdaAuthorizer>()
  const createFor = (api: IHttpApi) => {
    const authorizer = new HttpLambdaAuthorizer('Authorizer', handler, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: Duration.seconds(cacheSeconds),
    })
    bound.set(api, authorizer)
    return authorizer
  }
  return {
    bind: (options) => (bound.get(options.route.httpApi) ?? createFor(options.route.httpApi)).bind(options),
  }
}
