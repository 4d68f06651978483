import { refuse } from '../refusal.ts'
import type { References } from '../template/intrinsics.ts'
import type { TypeName } from '../template/resource-types.ts'
import { idsOf, type Read, type Template } from '../template/template.ts'
import type { CorsConfiguration } from './cors.ts'
import { callerArn, checkPermission } from './permissions.ts'
import { type ApiContext, find, functionOf, type RouteAuthorizer, readRouteAuthorizer } from './route-authorizer.ts'
import type { RouteLimit } from './throttle.ts'

export type Route = {
  readonly key: string
  readonly functionArn: string
  /** Milliseconds. */
  readonly timeout: number
  readonly limit: RouteLimit
} & RouteAuthorizer

export type HttpApi = {
  readonly id: string
  readonly routes: readonly Route[]
  readonly cors?: CorsConfiguration
}

type Source = { readonly template: Template; readonly read: Read } & References

/** Reads the template's one HTTP API and all that its routes need; what would be a 500 on AWS is refused. */
export function readHttpApi(source: Source): HttpApi {
  const { template, read, ref, attribute } = source
  const logicalId = only(template, 'AWS::ApiGatewayV2::Api')
  const { CorsConfiguration: cors, DisableExecuteApiEndpoint: isClosed } = read('AWS::ApiGatewayV2::Api', logicalId)
  if (cors?.AllowCredentials && cors.AllowOrigins.includes('*')) {
    refuse(`${logicalId}, CorsConfiguration: API Gateway does not take AllowCredentials with the origin *.`)
  }
  const mappings = idsOf(template, 'AWS::ApiGatewayV2::ApiMapping').map((id) =>
    read('AWS::ApiGatewayV2::ApiMapping', id),
  )
  if (isClosed && mappings.length === 0) {
    refuse(`${logicalId}, DisableExecuteApiEndpoint: without a domain nobody can reach the API.`)
  }
  const permissions = idsOf(template, 'AWS::Lambda::Permission').map((id) => read('AWS::Lambda::Permission', id))
  const endpoint = String(attribute(logicalId, 'ApiEndpoint'))
  const context = { ...source, apiId: String(ref(logicalId)), endpoint, permissions }
  const routes = idsOf(template, 'AWS::ApiGatewayV2::Route').map((id) => readRoute(id, context))
  const limits = readLimits(source, routes)
  return {
    id: context.apiId,
    routes: routes.map((route) => ({ ...route, limit: limits(route.key) })),
    ...(cors && { cors }),
  }
}

function readRoute(logicalId: string, context: ApiContext): Omit<Route, 'limit'> {
  const { read, apiId, permissions } = context
  const route = read('AWS::ApiGatewayV2::Route', logicalId)
  const { RouteKey, Target } = route
  const authorizer = readRouteAuthorizer(route, logicalId, context)
  const integration = find(context, 'AWS::ApiGatewayV2::Integration', Target.replace(/^integrations\//, ''))
  if (!integration) return refuse(`${logicalId}, Target: ${Target} is not an integration of this template.`)
  const { IntegrationUri, TimeoutInMillis } = read('AWS::ApiGatewayV2::Integration', integration)
  const functionArn = functionOf(IntegrationUri) ?? refuse(`${integration}, IntegrationUri: it names no function.`)
  checkPermission(permissions, functionArn, callerArn(apiId, RouteKey), logicalId)
  return {
    key: RouteKey,
    functionArn,
    timeout: TimeoutInMillis,
    ...authorizer,
  }
}

function readLimits({ template, read }: Source, routes: readonly { readonly key: string }[]) {
  const logicalId = only(template, 'AWS::ApiGatewayV2::Stage')
  const { DefaultRouteSettings, RouteSettings } = read('AWS::ApiGatewayV2::Stage', logicalId)
  const stray = Object.keys(RouteSettings).find((key) => !routes.some((route) => route.key === key))
  if (stray !== undefined) refuse(`${logicalId}, RouteSettings: there is no route "${stray}".`)
  return (routeKey: string): RouteLimit => {
    const settings = { ...DefaultRouteSettings, ...RouteSettings[routeKey] }
    return { rate: settings.ThrottlingRateLimit, burst: settings.ThrottlingBurstLimit }
  }
}

function only(template: Template, type: TypeName): string {
  const ids = idsOf(template, type)
  return ids.length === 1 && ids[0] ? ids[0] : refuse(`The template has ${ids.length} of ${type}, not one.`)
}
