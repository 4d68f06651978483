import { CorsHttpMethod, type CorsPreflightOptions, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { Function as CdkFunction, CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { HostedZone } from 'aws-cdk-lib/aws-route53'
import { EmailIdentity } from 'aws-cdk-lib/aws-ses'
import { CfnOutput, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { ApiStage } from './construct/api/api-stage.ts'
import { addRoutes } from './construct/api/auth-routes.ts'
import type { DomainOptions } from './construct/domain/domain-options.ts'
import { functionSpecs } from './construct/function-specs.ts'
import { functionsIn, LambdaFunction } from './construct/lambda-function.ts'
import type { EmailOptions } from './construct/mail/email-options.ts'
import type { Settings } from './construct/settings/settings.ts'
import { TokenAuth } from './construct/token-auth.ts'

/** An HTTP API with log-in, and one protected route as the example of yours. */
export class AuthStack extends Stack {
  constructor(scope: Construct, settings: Settings) {
    const { stage, name, account, region, domainName, certificateArn, hostedZoneId, ...ofAuth } = settings
    const { corsOrigins, corsMethods, corsHeaders, authorizer, generations, migration, claims, ...others } = ofAuth
    const { emailFrom, emailReplyTo, emailIdentityArn, mailHook, clients, registeredClients, ...rest } = others
    super(scope, ['Latchkey', stage, name].filter(Boolean).join('-'), {
      // Without them the stack goes where the credentials point.
      env: { ...(account && { account }), ...(region && { region }) },
      description: 'Log-in, signed tokens and authorization for Amazon API Gateway',
      terminationProtection: settings.deletionProtection,
    })
    const removalPolicy = stage === 'prod' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY

    const retention = { removalPolicy, logRetention: settings.logRetention }

    // A sandbox has alarms only if someone wants to hear of them: the free tier includes only a few.
    const monitoring = stage === 'prod' || settings.alarmEmail !== undefined

    const auth = new TokenAuth(this, 'Auth', {
      ...rest,
      clients: [...clients, ...registeredClients],
      ...(migration && { migration: ownersFunction(this, 'OldSystem', migration) }),
      ...(claims && { claims: ownersFunction(this, 'Claims', claims) }),
      email: emailFor(this, { emailFrom, emailReplyTo, emailIdentityArn, mailHook }),
      domain: domainFor(this, { domainName, certificateArn, hostedZoneId }),
      generations: generations.map(({ name, keySpec }) => `${name}:${keySpec}`),
      removalPolicy,
      monitoring,
    })
    const api = new HttpApi(this, 'Api', {
      apiName: this.stackName,
      createDefaultStage: false,
      // A route that does not say otherwise needs a good access token.
      defaultAuthorizer: authorizer === 'native' ? auth.nativeAuthorizer() : auth.httpAuthorizer(),
      ...(corsOrigins.length > 0 && { corsPreflight: corsFor({ corsOrigins, corsMethods, corsHeaders }) }),
    })
    auth.addAuthRoutes(api)

    const examples = functionSpecs.filter(({ owner }) => owner === 'example')
    addRoutes(
      api,
      examples.map((spec) => new LambdaFunction(this, { spec, environment: {}, ...retention })),
    )

    new ApiStage(this, 'Stage', api, { functions: functionsIn(auth), ...retention })

    nameFunctionsByFolder(this)
    nameOutputsShortly(auth)
    addTags(this, { project: 'latchkey', stage })
    addOutputs(this, {
      ApiUrl: auth.url,
      Issuer: auth.issuer,
      Audience: auth.audience,
      JwksUrl: `${auth.issuer}/.well-known/jwks.json`,
      TableName: auth.table.tableName,
    })
  }
}

// In another account the function's own policy must admit the caller too, which only its owner can see to.
const ownersFunction = (scope: Construct, id: string, functionArn: string) =>
  CdkFunction.fromFunctionAttributes(scope, id, { functionArn, skipPermissions: true })

type MailSettings = Pick<Settings, 'emailFrom' | 'emailReplyTo' | 'emailIdentityArn' | 'mailHook'>

function emailFor(
  scope: Construct,
  { emailFrom: from, emailReplyTo: replyTo, emailIdentityArn, mailHook }: MailSettings,
): EmailOptions | undefined {
  if (from === undefined) return undefined
  return {
    from,
    replyTo,
    ...(emailIdentityArn && { identity: EmailIdentity.fromEmailIdentityArn(scope, 'EmailIdentity', emailIdentityArn) }),
    ...(mailHook && { hook: ownersFunction(scope, 'MailHook', mailHook) }),
  }
}

type CorsSettings = Pick<Settings, 'corsOrigins' | 'corsMethods' | 'corsHeaders'>

const corsFor = ({ corsOrigins, corsMethods, corsHeaders }: CorsSettings): CorsPreflightOptions => ({
  allowOrigins: [...corsOrigins],
  allowMethods: corsMethods.map((method) => CorsHttpMethod[method as keyof typeof CorsHttpMethod]),
  allowHeaders: [...corsHeaders],
  exposeHeaders: ['retry-after'],
  maxAge: Duration.hours(1),
})

type DomainSettings = Pick<Settings, 'domainName' | 'certificateArn' | 'hostedZoneId'>

function domainFor(
  scope: Construct,
  { domainName: name, certificateArn, hostedZoneId }: DomainSettings,
): DomainOptions | undefined {
  if (name === undefined || certificateArn === undefined) return undefined
  const certificate = Certificate.fromCertificateArn(scope, 'Certificate', certificateArn)
  return {
    name,
    certificate,
    hostedZone: hostedZoneId === undefined ? undefined : HostedZone.fromHostedZoneId(scope, 'Zone', hostedZoneId),
  }
}

// The template names a function after its folder, so that logs, events and code have one name for it.
function nameFunctionsByFolder(stack: Stack): void {
  for (const node of stack.node.findAll()) {
    if (node instanceof CfnFunction && node.node.scope) node.overrideLogicalId(node.node.scope.node.id)
  }
}

// The construct's own output has a longer name, because a stack may have several of them.
function nameOutputsShortly(auth: TokenAuth): void {
  for (const child of auth.node.children) if (child instanceof CfnOutput) child.overrideLogicalId(child.node.id)
}

// The bill and the console group resources by these.
function addTags(stack: Stack, tags: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(tags)) Tags.of(stack).add(name, value)
}

function addOutputs(stack: Stack, outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value })
}
