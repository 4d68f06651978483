import type { CorsConfiguration } from './cors.ts'
import { type Authorizer, isIdentitySource } from './http-authorizer.ts'
import type { References } from './intrinsics.ts'
import { callerArn, checkPermission, type Permission } from './permissions.ts'
import { refuse } from './refusal.ts'
import type { TypeName } from './resource-types.ts'
import { idsOf, type Read, type Template } from './template.ts'
import type { RouteLimit } from './throttle.ts'

export type Route = {
  readonly key: string
  readonly functionArn: string
  /** Milliseconds. */
  readonly timeout: number
  readonly limit: RouteLimit
  readonly authorizer?: Authorizer
}

export type HttpApi = {
  readonly id: string
  readonly routes: readonly Route[]
  readonly cors?: CorsConfiguration
}

type Source = { readonly template: Template; readonly read: Read; readonly ref: References['ref'] }
type Surroundings = Source & { readonly apiId: string; readonly permissions: readonly Permission[] }

/** Reads the template's one HTTP API and all that its routes need; what would be a 500 on AWS is refused. */
export function readHttpApi(source: Source): HttpApi {
  const { template, read, ref } = source
  const logicalId = only(template, 'AWS::ApiGatewayV2::Api')
  const { CorsConfiguration: cors } = read('AWS::ApiGatewayV2::Api', logicalId)
  if (cors?.AllowCredentials && cors.AllowOrigins.includes('*')) {
    refuse(`${logicalId}, CorsConfiguration: API Gateway does not take AllowCredentials with the origin *.`)
  }
  const permissions = idsOf(template, 'AWS::Lambda::Permission').map((id) => read('AWS::Lambda::Permission', id))
  const surroundings = { ...source, apiId: String(ref(logicalId)), permissions }
  const routes = idsOf(template, 'AWS::ApiGatewayV2::Route').map((id) => readRoute(id, surroundings))
  const limits = readLimits(source, routes)
  return {
    id: surroundings.apiId,
    routes: routes.map((route) => ({ ...route, limit: limits(route.key) })),
    ...(cors && { cors }),
  }
}

function readRoute(logicalId: string, surroundings: Surroundings): Omit<Route, 'limit'> {
  const { read, apiId, permissions } = surroundings
  const { RouteKey, Target, AuthorizationType, AuthorizerId } = read('AWS::ApiGatewayV2::Route', logicalId)
  if ((AuthorizationType === 'CUSTOM') !== (AuthorizerId !== undefined)) {
    refuse(`${logicalId}, AuthorizationType: CUSTOM goes with an AuthorizerId and NONE without.`)
  }
  const integration = find(surroundings, 'AWS::ApiGatewayV2::Integration', Target.replace(/^integrations\//, ''))
  if (!integration) return refuse(`${logicalId}, Target: ${Target} is no integration of this template.`)
  const { IntegrationUri, TimeoutInMillis } = read('AWS::ApiGatewayV2::Integration', integration)
  const functionArn = functionOf(IntegrationUri) ?? refuse(`${integration}, IntegrationUri: it names no function.`)
  checkPermission(permissions, functionArn, callerArn(apiId, RouteKey), logicalId)
  return {
    key: RouteKey,
    functionArn,
    timeout: TimeoutInMillis,
    ...(AuthorizerId !== undefined && { authorizer: readAuthorizer(AuthorizerId, logicalId, surroundings) }),
  }
}

function readAuthorizer(id: string, route: string, surroundings: Surroundings): Authorizer {
  const { read, apiId, permissions } = surroundings
  const logicalId = find(surroundings, 'AWS::ApiGatewayV2::Authorizer', id)
  if (!logicalId) return refuse(`${route}, AuthorizerId: ${id} is no authorizer of this template.`)
  const authorizer = read('AWS::ApiGatewayV2::Authorizer', logicalId)
  const strange = authorizer.IdentitySource.find((source) => !isIdentitySource(source))
  if (strange) refuse(`${logicalId}, IdentitySource: ${strange} is not understood here.`)
  // What AWS answers to a denial without an identity source is not known well enough to be copied.
  if (authorizer.IdentitySource.length === 0) refuse(`${logicalId}, IdentitySource: none is not understood here.`)
  const functionArn =
    functionOf(authorizer.AuthorizerUri) ?? refuse(`${logicalId}, AuthorizerUri: it names no function.`)
  checkPermission(permissions, functionArn, callerArn(apiId, `authorizers/${id}`), logicalId)
  const { IdentitySource: identitySources, AuthorizerResultTtlInSeconds: resultTtl } = authorizer
  return { id, functionArn, identitySources, resultTtl }
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

// An integration names its function by the ARN alone, an authorizer by API Gateway's address for it.
const functionOf = (uri: string) => /(?:^|\/)(arn:aws:lambda:[^/]+)(?:\/invocations)?$/.exec(uri)?.[1]

const find = ({ template, ref }: Source, type: TypeName, id: string) =>
  idsOf(template, type).find((logicalId) => ref(logicalId) === id)

function only(template: Template, type: TypeName): string {
  const ids = idsOf(template, type)
  return ids.length === 1 && ids[0] ? ids[0] : refuse(`The template has ${ids.length} of ${type}, not one.`)
}
