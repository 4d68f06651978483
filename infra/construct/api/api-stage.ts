import { CfnRoute, CfnStage, type HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Annotations, Aspects, Aws, Fn, Stack } from 'aws-cdk-lib/core'
import type { Construct, IConstruct } from 'constructs'
import type { RouteLimit } from '../function-spec.ts'
import { functionsIn, type LambdaFunction, type Retention } from '../lambda-function.ts'
import { stagesOf } from './auth-api.ts'
import { routeLimits } from './auth-routes.ts'

/** Requests per second and at once, of all callers together: a bound for the bill, not for a single guesser. */
const stageLimit = { rateLimit: 500, burstLimit: 1000 }

// Nothing that a caller writes: no header, no query, no body, no path (the route key names it), so that no secret gets
// in and no value can break the line.
const accessLogFields = {
  time: '$context.requestTimeEpoch',
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  latency: '$context.responseLatency',
  sourceIp: '$context.identity.sourceIp',
  // Of our authorizer, or of API Gateway's own.
  sub: '$context.authorizer.sub',
  claimsSub: '$context.authorizer.claims.sub',
  error: '$context.error.message',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
}

type Limited = { readonly functions: readonly LambdaFunction[] }

/**
 * The API's one stage, without a name in its path, with an access log and throttles, those of the functions' routes
 * among them. Comes after all routes.
 */
export class ApiStage extends HttpStage {
  constructor(scope: Construct, id: string, httpApi: HttpApi, { functions, ...retention }: Retention & Limited) {
    super(scope, id, { httpApi, autoDeploy: true, throttle: stageLimit })
    const stage = resourceOf(this)
    limitRoutes(stage, httpApi, functions)
    logAccess(stage, new LogGroup(scope, `${id}Log`, logGroupProps(scope, retention)))
  }
}

/**
 * Gives the stage of an API with our routes their limits and, unless it has one, an access log. Warns where the API has no
 * default stage: then its owner has to set both.
 */
export function equipStage(auth: Construct, api: HttpApi, retention: Retention): void {
  const { defaultStage } = api
  if (!defaultStage) {
    warnUnlessEquipped(api)
    return
  }
  const stage = resourceOf(defaultStage)
  limitRoutes(stage, api, functionsIn(auth))
  if (stage.accessLogSettings !== undefined) return
  logAccess(stage, new LogGroup(auth, `${api.node.addr}Log`, logGroupProps(auth, retention)))
}

function warnUnlessEquipped(api: HttpApi): void {
  const visit = (node: IConstruct) => {
    const isOurs = stagesOf(api).some(({ node: { scope } }) => scope instanceof ApiStage)
    if (node !== api || isOurs) return
    Annotations.of(api).addWarningV2(
      'latchkey:stage',
      'This API has no default stage, so the limits of log-in and an access log are not set: set them on its stage ' +
        '(docs/cdk.md, "Limits and access log").',
    )
  }
  Aspects.of(api).add({ visit })
}

const logGroupProps = (scope: Construct, { logRetention: retention, removalPolicy }: Retention) => ({
  // Under this prefix the group needs no place in the account's log resource policy, which is small and shared. The id of
  // the stack makes the name unique: a group that outlived a stack does not stop the next one of that name.
  logGroupName: Fn.join('-', [`/aws/vendedlogs/${Stack.of(scope).stackName}`, scope.node.addr.slice(-8), stackUuid()]),
  retention,
  removalPolicy,
})

// The last part of arn:aws:cloudformation:…:stack/NAME/UUID.
const stackUuid = (): string => Fn.select(2, Fn.split('/', Aws.STACK_ID))

function resourceOf({ node: { defaultChild, path } }: IConstruct): CfnStage {
  if (defaultChild instanceof CfnStage) return defaultChild
  throw new TypeError(`${path} is not made of a CfnStage.`)
}

function logAccess(stage: CfnStage, logGroup: LogGroup): void {
  stage.accessLogSettings = { destinationArn: logGroup.logGroupArn, format: JSON.stringify(accessLogFields) }
}

function limitRoutes(stage: CfnStage, api: HttpApi, functions: readonly LambdaFunction[]): void {
  const limits = new Map<string, RouteLimit>(routeLimits(functions))
  const limited = api.node
    .findAll()
    .filter((node) => node instanceof CfnRoute && limits.has(node.routeKey)) as CfnRoute[]
  const settings = limited.map(({ routeKey }) => [routeKey, settingsOf(limits.get(routeKey))] as const)
  stage.routeSettings = { ...stage.routeSettings, ...Object.fromEntries(settings) }
  // CloudFormation refuses settings of a route that does not exist yet.
  stage.node.addDependency(...limited)
}

const settingsOf = (limit: RouteLimit | undefined) => ({
  ThrottlingRateLimit: limit?.rate,
  ThrottlingBurstLimit: limit?.burst,
})
