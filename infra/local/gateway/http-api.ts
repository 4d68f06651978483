import { refuse } from '../refusal.ts'
import type { References } from '../template/intrinsics.ts'
import type { Place } from '../template/physical-ids.ts'
import type { Properties, TypeName } from '../template/resource-types.ts'
import { idsOf, type LeaveOut, type Read, type Template } from '../template/template.ts'
import type { CorsConfiguration } from './cors.ts'
import { callerArn, checkPermission, type Permission } from './permissions.ts'
import { type ApiContext, find, functionOf, type RouteAuthorizer, readRouteAuthorizer } from './route-authorizer.ts'
import type { RouteLimit } from './throttle.ts'

export type Route = {
  readonly key: string
  readonly functionArn: string
  /** Milliseconds. */
  readonly timeout: number
  readonly limit: RouteLimit
  /** Why nothing answers the route here; it has its authorizer all the same. */
  readonly unserved?: string
} & RouteAuthorizer

/** A stage of an HTTP API. */
export type HttpApi = {
  readonly id: string
  readonly logicalId: string
  /** Where it is reached. */
  readonly endpoint: string
  readonly stage: string
  readonly variables: Readonly<Record<string, string>>
  readonly routes: readonly Route[]
  readonly cors?: CorsConfiguration
  readonly place: Place
}

export type ApiSource = References & {
  readonly template: Template
  readonly read: Read
  readonly place: Place
  /** Takes what is not served; without it all must be. */
  readonly leaveOut?: LeaveOut
  /** Why a function cannot run here, by its ARN. */
  readonly whyUnserved: (functionArn: string) => string | undefined
}

type RouteContext = ApiContext & Pick<ApiSource, 'leaveOut' | 'whyUnserved'> & { readonly stages: readonly string[] }

const apiType = 'AWS::ApiGatewayV2::Api'

/** Reads the template's HTTP APIs and all that their routes need; what would be a 500 on AWS is refused. */
export function readHttpApis(source: ApiSource): readonly HttpApi[] {
  const { template, read, leaveOut, attribute } = source
  const ids = idsOf(template, apiType)
  const isOther = (id: string) => template.Resources[id]?.Properties?.['ProtocolType'] === 'WEBSOCKET'
  const served = ids.filter((id) => !(leaveOut && isOther(id)))
  for (const logicalId of ids.filter((id) => !served.includes(id)))
    leaveOut?.({ logicalId, type: apiType, why: 'WebSocket APIs are not served' })
  const permissions = idsOf(template, 'AWS::Lambda::Permission').map((id) => read('AWS::Lambda::Permission', id))
  const endpoints = served.map((id) => String(attribute(id, 'ApiEndpoint')))
  leaveOutForeign(source)
  const mapped = readMappings(source)
  return served.flatMap((logicalId) => readHttpApi(logicalId, { ...source, permissions, endpoints, mapped }))
}

// A route of an API of another stack is reached there.
function leaveOutForeign({ template, leaveOut }: ApiSource): void {
  const type = 'AWS::ApiGatewayV2::Route'
  const apis = idsOf(template, apiType)
  for (const logicalId of idsOf(template, type)) {
    if (!apis.includes(apiOf(template, logicalId))) leaveOut?.({ logicalId, type, why: 'its API is not of this stack' })
  }
}

const apiOf = ({ Resources }: Template, logicalId: string): string =>
  String(Object(Resources[logicalId]?.Properties?.['ApiId']).Ref)

type Common = ApiSource & {
  readonly permissions: readonly Permission[]
  readonly endpoints: readonly string[]
  /** The ids of the APIs that are at the root of a domain. */
  readonly mapped: readonly string[]
}

function readHttpApi(logicalId: string, source: Common): readonly HttpApi[] {
  const { template, read, ref, attribute, place } = source
  const { CorsConfiguration: cors, DisableExecuteApiEndpoint: isClosed } = read(apiType, logicalId)
  if (cors?.AllowCredentials && cors.AllowOrigins.includes('*')) {
    refuse(`${logicalId}, CorsConfiguration: API Gateway does not take AllowCredentials with the origin *.`)
  }
  const apiId = String(ref(logicalId))
  if (isClosed && !source.mapped.includes(apiId)) {
    refuse(`${logicalId}, DisableExecuteApiEndpoint: without a domain nobody can reach the API.`)
  }
  const idsIn = (type: TypeName) => idsOf(template, type).filter((id) => apiOf(template, id) === logicalId)
  const stages = idsIn('AWS::ApiGatewayV2::Stage').map((id) => ({ id, ...read('AWS::ApiGatewayV2::Stage', id) }))
  if (stages.length === 0) refuse(`${logicalId}: without a stage nobody can reach the API.`)
  const endpoint = String(attribute(logicalId, 'ApiEndpoint'))
  const context = { ...source, apiId, stages: stages.map(({ StageName }) => StageName) }
  const routes = idsIn('AWS::ApiGatewayV2::Route').map((id) => readRoute(id, context))
  for (const stage of stages) refuseStrayLimits(stage, routes)
  return stages.map((stage) => ({
    ...{ id: apiId, logicalId, endpoint, stage: stage.StageName, variables: stage.StageVariables, place },
    routes: routes.map((route) => ({ ...route, limit: limitOf(route.key, stage) })),
    ...(cors && { cors }),
  }))
}

function readMappings({ template, read, leaveOut }: ApiSource): readonly string[] {
  return idsOf(template, 'AWS::ApiGatewayV2::ApiMapping').flatMap((logicalId) => {
    try {
      return [read('AWS::ApiGatewayV2::ApiMapping', logicalId).ApiId]
    } catch (error) {
      if (!leaveOut) throw error
      leaveOut({ logicalId, type: 'AWS::ApiGatewayV2::ApiMapping', why: 'base paths of domains are not served' })
      return []
    }
  })
}

function readRoute(logicalId: string, context: RouteContext): Omit<Route, 'limit'> {
  const { read, apiId, permissions, place, stages } = context
  const route = read('AWS::ApiGatewayV2::Route', logicalId)
  const authorizer = readRouteAuthorizer(route, logicalId, context)
  const target = readTarget(route.Target, logicalId, context)
  for (const stage of target.unserved === undefined ? stages : [])
    checkPermission(permissions, target.functionArn, callerArn(apiId, route.RouteKey, place, stage), logicalId)
  return { key: route.RouteKey, ...target, ...authorizer }
}

type Target = Pick<Route, 'functionArn' | 'timeout' | 'unserved'>

function readTarget(target: string, route: string, context: RouteContext): Target {
  const { read, leaveOut, whyUnserved } = context
  const integration = find(context, 'AWS::ApiGatewayV2::Integration', target.replace(/^integrations\//, ''))
  if (!integration) return refuse(`${route}, Target: ${target} is not an integration of this template.`)
  try {
    const { IntegrationUri, TimeoutInMillis } = read('AWS::ApiGatewayV2::Integration', integration)
    const functionArn = functionOf(IntegrationUri) ?? refuse(`${integration}, IntegrationUri: it names no function.`)
    const unserved = whyUnserved(functionArn)
    return { functionArn, timeout: TimeoutInMillis, ...(unserved !== undefined && { unserved }) }
  } catch (error) {
    if (!leaveOut || !(error instanceof Error)) throw error
    return { functionArn: '', timeout: 0, unserved: error.message }
  }
}

type Stage = { readonly id: string } & Pick<
  Properties<'AWS::ApiGatewayV2::Stage'>,
  'DefaultRouteSettings' | 'RouteSettings'
>

function limitOf(routeKey: string, { DefaultRouteSettings, RouteSettings }: Stage): RouteLimit {
  const settings = { ...DefaultRouteSettings, ...RouteSettings[routeKey] }
  return { rate: settings.ThrottlingRateLimit, burst: settings.ThrottlingBurstLimit }
}

function refuseStrayLimits({ id, RouteSettings }: Stage, routes: readonly Pick<Route, 'key'>[]): void {
  const stray = Object.keys(RouteSettings).find((key) => !routes.some((route) => route.key === key))
  if (stray !== undefined) refuse(`${id}, RouteSettings: there is no route "${stray}".`)
}
