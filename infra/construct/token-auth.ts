import type { DomainName, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnOutput, Lazy, RemovalPolicy } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { equipStage } from './api-stage.ts'
import { issuerProblems, refuseForeignApi } from './auth-api.ts'
import { addRoutes } from './auth-routes.ts'
import { AuthTable } from './auth-table.ts'
import type { ApiAuthorizers } from './authorizers/api-authorizers.ts'
import { AuthorizerRules } from './authorizers/authorizer-rules.ts'
import { ImportedAuthorizers, type TokenAuthAttributes } from './authorizers/imported-authorizers.ts'
import { ApiDomain } from './domain/api-domain.ts'
import type { FunctionSpec, Invoked, Parts } from './function-spec.ts'
import { functionSpecs } from './function-specs.ts'
import { functionsIn, LambdaFunction, type Retention } from './lambda-function.ts'
import { AuthMetrics } from './monitoring/auth-metrics.ts'
import { countEvents } from './monitoring/event-counts.ts'
import { createMonitoring, type Monitoring } from './monitoring/monitoring.ts'
import { readSettings } from './settings.ts'
import { SigningKeys } from './signing-keys.ts'
import { warnIfThrottleOff } from './throttle-warnings.ts'
import type { TokenAuthProps } from './token-auth-props.ts'

/** Log-in, signed tokens and authorization for APIs of every kind. Its functions are in the package, ready to deploy. */
export class TokenAuth extends AuthMetrics {
  readonly issuer: string
  readonly audience: string
  /** The domain, where one is set: other APIs can be mapped at base paths of it. */
  readonly domainName: DomainName | undefined
  /** The address of the API with log-in: that of the domain, or API Gateway's own. */
  readonly url: string
  /** Users, sessions and what the throttle counts. */
  readonly table: AuthTable
  /** Runs the admin commands; anyone who may invoke it is an administrator. */
  readonly adminFunction: IFunction
  readonly authorizerFunction: IFunction
  protected readonly authorizerCache: number
  protected readonly rules: AuthorizerRules
  private readonly retention: Retention
  private readonly monitoring: Monitoring | undefined
  private readonly domain: ApiDomain | undefined
  private firstApi: HttpApi | undefined

  /** The authorizers of a `TokenAuth` of another stack or app, for APIs of this one. */
  static fromAttributes(scope: Construct, id: string, attributes: TokenAuthAttributes): ApiAuthorizers {
    return new ImportedAuthorizers(scope, id, attributes)
  }

  constructor(scope: Construct, id: string, props: TokenAuthProps = {}) {
    super(scope, id)
    const { removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, monitoring = true, ...others } = props
    const { alarmTopic, domain, migration, ...given } = others
    const settings = readSettings({ ...given, ...(migration && { migration: migration.functionArn }) })
    if (removalPolicy !== RemovalPolicy.DESTROY) warnIfThrottleOff(this, settings)
    const retention = { removalPolicy, logRetention: settings.logRetention }
    this.retention = retention
    this.domain = domain && new ApiDomain(this, domain, settings.issuer)
    this.domainName = this.domain?.domainName
    this.url = this.domain?.url ?? Lazy.string({ produce: () => this.firstApi?.apiEndpoint })
    this.issuer = settings.issuer ?? this.url
    this.audience = settings.audience ?? this.issuer
    this.table = new AuthTable(this, 'Table', { ...settings, removalPolicy })
    const keys = new SigningKeys(this, 'Keys', { ...settings, domain, ...retention })
    this.authorizerCache = settings.authorizerCache
    this.rules = new AuthorizerRules(this, settings)
    const { issuer, audience, table, rules } = this
    const wanted = functionSpecs.filter(
      ({ owner = 'auth', isWanted }) => owner === 'auth' && (isWanted?.(settings) ?? true),
    )
    const parts = { settings, issuer, audience, keys, table, rules }
    const create = (spec: FunctionSpec, invoked: Invoked = {}) => {
      const created = createFunction(this, spec, { ...parts, invoked }, retention)
      for (const name of spec.invokes ?? []) invoked[name]?.grantInvoke(created)
      if (spec.table) table.grantItems(created, spec.table)
      if (spec.signs) keys.grantSign(created)
      return created
    }
    this.authorizerFunction = create(only(wanted, 'authorizer'))
    const [migrate] = wanted.filter(({ provides }) => provides === 'migration')
    const invoked = migrate ? { migration: create(migrate, { oldSystem: migration }) } : {}
    for (const spec of wanted.filter(({ provides }) => provides === undefined)) {
      // In every deployment those who verify learn a new key before anyone signs with it.
      const created = create(spec, invoked)
      if (spec.signs) created.node.addDependency(this.authorizerFunction)
    }
    this.adminFunction = create(only(wanted, 'admin'))
    countEvents(this)
    this.monitoring = createMonitoring(this, monitoring, { alarmTopic, ...settings })
    new CfnOutput(this, 'AdminFunctionName', {
      value: this.adminFunction.functionName,
      description: 'By this output the admin commands find the function of a stack',
    })
    this.node.addValidation({
      validate: () =>
        issuerProblems(this, this.issuer, this.firstApi, settings.issuer !== undefined || domain !== undefined),
    })
  }

  /**
   * Adds log-in, refresh, log-out and discovery to an API, open to everyone even if the API has a default authorizer, and
   * the caller's sessions and password behind the authorizer. The API's default stage gets the limits of these routes and,
   * unless it has one, an access log; an API without a default stage gets a warning instead.
   * With a `domain` the API is at its root, and API Gateway's own address of the API is closed.
   * @throws Error for an API of another stack, an imported one, one that has such routes already, or a second one beside a
   * domain.
   */
  addAuthRoutes(api: HttpApi): void {
    refuseForeignApi(this, api)
    this.firstApi ??= api
    this.domain?.mapTo(api)
    this.monitoring?.watchApi(api)
    addRoutes(api, functionsIn(this), this.httpAuthorizer())
    equipStage(this, api, this.retention)
  }

  /** Allows someone to run the admin commands: create users, disable them and so on. */
  grantAdmin(grantee: IGrantable): Grant {
    return this.adminFunction.grantInvoke(grantee)
  }
}

function createFunction(scope: Construct, spec: FunctionSpec, parts: Parts, retention: Retention): LambdaFunction {
  const { hashesPasswords, environment } = spec
  return new LambdaFunction(scope, {
    spec,
    environment: environment(parts),
    ...(hashesPasswords && { concurrency: parts.settings.loginConcurrency }),
    ...retention,
  })
}

function only(specs: readonly FunctionSpec[], provides: FunctionSpec['provides']): FunctionSpec {
  const [found, ...more] = specs.filter((spec) => spec.provides === provides)
  if (!found || more.length > 0) throw new Error(`These settings ask for ${more.length + 1} functions as ${provides}.`)
  return found
}
