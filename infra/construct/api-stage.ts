import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { CfnRoute, CfnStage, type HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Stack } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { Retention } from './auth-function.ts'

/** Requests a second and at once, of all callers together: a bound for the bill, not for a single guesser. */
const limits = {
  everything: { rateLimit: 500, burstLimit: 1000 },
  // Each of these costs a password hash. A burst is for the morning, when everyone comes at once.
  login: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 500 },
  others: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
}

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
      throttle: limits.everything,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    })
    throttleHashing(this, httpApi)
  }
}

const hashing = { 'POST /login': limits.login, 'POST /register': limits.others, 'POST /password': limits.others }

function throttleHashing(stage: HttpStage, api: HttpApi): void {
  const { defaultChild } = stage.node
  if (!(defaultChild instanceof CfnStage)) throw new TypeError('The stage is made of something else than a CfnStage.')
  const routes = api.node.findAll().filter((node) => node instanceof CfnRoute)
  const there = Object.entries(hashing).filter(([key]) => routes.some(({ routeKey }) => routeKey === key))
  defaultChild.routeSettings = Object.fromEntries(there)
  // CloudFormation refuses settings of a route that is not there yet.
  stage.node.addDependency(...routes)
}
