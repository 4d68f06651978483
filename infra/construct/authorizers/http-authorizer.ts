import {
  CfnApi,
  CfnRoute,
  type IHttpApi,
  type IHttpRoute,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2'
import {
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Annotations, Aspects, type Duration } from 'aws-cdk-lib/core'
import type { IConstruct } from 'constructs'
import { freeId } from './free-id.ts'

/** What of a request an answer is kept for. */
const kept = {
  byToken: ['$request.header.Authorization'],
  byRoute: ['$request.header.Authorization', '$context.routeKey'],
}

/** An authorizer for any number of routes and HTTP APIs. */
export function createHttpAuthorizer(
  owner: IConstruct,
  id: string,
  by: keyof typeof kept,
  handler: () => IFunction,
  cache: () => Duration,
): IHttpRouteAuthorizer {
  const responseTypes = [HttpLambdaResponseType.SIMPLE]
  const identitySource = kept[by]
  const create = (api: IHttpApi) =>
    new HttpLambdaAuthorizer(freeId(api, owner, id), handler(), {
      responseTypes,
      identitySource,
      resultsCacheTtl: cache(),
    })
  return onBind(forEachApi(create), (route) => {
    refuseIgnoredScopes(route)
    warnOfClosedPreflight(route)
  })
}

/** API Gateway's own JWT authorizer, for any number of routes of any number of HTTP APIs. */
export const createNativeAuthorizer = (owner: IConstruct, issuer: () => string, audience: () => string) =>
  forEachApi((api) => {
    Annotations.of(api).addWarningV2(
      'latchkey:nativeAuthorizerOrder',
      'API Gateway reads /.well-known/openid-configuration of the issuer when it makes this authorizer: deploy log-in ' +
        'and discovery first, and the authorizer in a second deployment (docs/native-authorizer.md).',
    )
    return new HttpJwtAuthorizer(freeId(api, owner, 'NativeAuthorizer'), issuer(), { jwtAudience: [audience()] })
  })

/** The same authorizer, with something to do for each route that takes it. */
export const onBind = (authorizer: IHttpRouteAuthorizer, act: (route: IHttpRoute) => void): IHttpRouteAuthorizer => ({
  bind: (options) => {
    act(options.route)
    return authorizer.bind(options)
  },
})

/** The route's key as the template has it; not there yet while a route is being bound. */
export const routeKeyOf = (route: IHttpRoute): string => resourceOf(route).routeKey

// CDK binds an authorizer to one API, and one API takes ten of them: so there is one for each API that asks.
function forEachApi(create: (api: IHttpApi) => IHttpRouteAuthorizer): IHttpRouteAuthorizer {
  const bound = new Map<IHttpApi, IHttpRouteAuthorizer>()
  return {
    bind: (options) => {
      const { httpApi } = options.route
      const authorizer = bound.get(httpApi) ?? create(httpApi)
      bound.set(httpApi, authorizer)
      return authorizer.bind(options)
    },
  }
}

// Only API Gateway's own authorizer looks at them, and their author believes that they close the route.
function refuseIgnoredScopes(route: IHttpRoute): void {
  const validate = () =>
    resourceOf(route).authorizationScopes?.length
      ? ['authorizationScopes mean nothing to a Lambda authorizer: write httpAuthorizer({ scopes }) instead.']
      : []
  route.node.addValidation({ validate })
}

// API Gateway answers a preflight itself unless a route takes it, and a browser sends no token with a preflight.
function warnOfClosedPreflight(route: IHttpRoute): void {
  const visit = (node: IConstruct) => {
    const { node: api } = route.httpApi
    const hasCors = api.defaultChild instanceof CfnApi && api.defaultChild.corsConfiguration !== undefined
    if (node !== route || !hasCors || !/^(ANY |OPTIONS |\$default$)/.test(resourceOf(route).routeKey)) return
    Annotations.of(route).addWarningV2(
      'latchkey:closedPreflight',
      'This route takes CORS preflights too, and its authorizer refuses them, because a browser sends no token with them. ' +
        'Name the methods of the route, or add a route OPTIONS for its path with HttpNoneAuthorizer.',
    )
  }
  Aspects.of(route).add({ visit })
}

function resourceOf({ node }: IHttpRoute): CfnRoute {
  if (node.defaultChild instanceof CfnRoute) return node.defaultChild
  throw new TypeError(`${node.path} is not made of a CfnRoute.`)
}
