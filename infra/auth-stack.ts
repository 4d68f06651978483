import { CorsHttpMethod, type CorsPreflightOptions, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnOutput, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { MeEnvName } from '../functions/me/env.ts'
import { ApiStage } from './construct/api-stage.ts'
import { AuthFunction } from './construct/auth-function.ts'
import type { Settings } from './construct/settings.ts'
import { TokenAuth } from './construct/token-auth.ts'

/** An HTTP API with log-in, and one protected route as the example of yours. */
export class AuthStack extends Stack {
  constructor(scope: Construct, { stage, corsOrigins, authorizer, ...settings }: Settings) {
    super(scope, `Latchkey-${stage}`, {
      description: 'Log-in, signed tokens and authorization for Amazon API Gateway',
      terminationProtection: stage === 'prod',
    })
    const removalPolicy = stage === 'prod' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY

    const retention = { removalPolicy, logRetention: settings.logRetention }

    // A sandbox has alarms where someone wants to hear of them; an account has but few for nothing.
    const monitoring = stage === 'prod' || settings.alarmEmail !== undefined

    const auth = new TokenAuth(this, 'Auth', { ...settings, removalPolicy, monitoring })
    const api = new HttpApi(this, 'Api', {
      apiName: this.stackName,
      createDefaultStage: false,
      // Whatever a route does not say otherwise, only a good access token opens it.
      defaultAuthorizer: authorizer === 'native' ? auth.nativeAuthorizer() : auth.httpAuthorizer(),
      ...(corsOrigins.length > 0 && { corsPreflight: corsFor(corsOrigins) }),
    })
    auth.addAuthRoutes(api)

    const me = new AuthFunction<MeEnvName>(this, 'me', {
      description: 'GET /me: who the caller is, the example of a protected function',
      environment: {},
      timeout: Duration.seconds(5),
      ...retention,
    })
    const integration = new HttpLambdaIntegration('me', me)
    api.addRoutes({ path: '/me', methods: [HttpMethod.GET], integration })

    new ApiStage(this, 'Stage', api, retention)

    nameFunctionsByFolder(this)
    addTags(this, { project: 'latchkey', stage })
    addOutputs(this, {
      ApiUrl: api.apiEndpoint,
      Issuer: auth.issuer,
      Audience: auth.audience,
      JwksUrl: `${auth.issuer}/.well-known/jwks.json`,
      TableName: auth.table.tableName,
      AdminFunctionName: auth.adminFunction.functionName,
    })
  }
}

const corsFor = (origins: readonly string[]): CorsPreflightOptions => ({
  allowOrigins: [...origins],
  allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.DELETE],
  allowHeaders: ['authorization', 'content-type'],
  exposeHeaders: ['retry-after'],
  maxAge: Duration.hours(1),
})

// The template calls a function what its folder is called, so logs, events and code go by one name.
function nameFunctionsByFolder(stack: Stack): void {
  for (const node of stack.node.findAll()) {
    if (node instanceof CfnFunction && node.node.scope) node.overrideLogicalId(node.node.scope.node.id)
  }
}

// By these the bill and the console tell what belongs together.
function addTags(stack: Stack, tags: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(tags)) Tags.of(stack).add(name, value)
}

function addOutputs(stack: Stack, outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value })
}
