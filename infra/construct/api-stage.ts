import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { CfnRoute, CfnStage, type HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Stack } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { routeLimits } from './auth-routes.ts'
import type { Retention } from './lambda-function.ts'

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
  sub: '$context.authorizer.sub',
  error: '$context.error.message',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
}

/** The API's one stage, without a name in its path, with an access log and throttles. Comes after all routes. */
export class ApiStage extends HttpStage {
  constructor(scope: Construct, id: string, httpApi: HttpApi, retention: Retention) {
    const logGroup = new LogGroup(scope, `${id}Log`, {
      // Under this prefix the group needs no place in the account's log resource policy, which is small and shared.
      logGroupName: `/aws/vendedlogs/${Stack.of(scope).stackName}`,
      retention: retention.logRetention,
      removalPolicy: retention.removalPolicy,
    })
    super(scope, id, {
      httpApi,
      autoDeploy: true,
      throttle: stageLimit,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    })
    limitRoutes(this, httpApi)
  }
}

function limitRoutes(stage: HttpStage, api: HttpApi): void {
  const { defaultChild } = stage.node
  if (!(defaultChild instanceof CfnStage)) throw new TypeError('The stage is not a CfnStage.')
  const routes = api.node.findAll().filter((node) => node instanceof CfnRoute)
  const limited = routeLimits().filter(([key]) => routes.some(({ routeKey }) => routeKey === key))
  defaultChild.routeSettings = Object.fromEntries(
    limited.map(([key, { rate, burst }]) => [key, { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }]),
  )
  // CloudFormation refuses settings of a route that does not exist yet.
  stage.node.addDependency(...routes)
}
