import { type HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Lazy, RemovalPolicy } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { createPassword, createRegister } from './account-functions.ts'
import { createAdmin, createAuthorizer, createDiscovery } from './auth-functions.ts'
import { AuthTable } from './auth-table.ts'
import type { ApiAuthorizers } from './authorizers/api-authorizers.ts'
import { AuthorizerRules } from './authorizers/authorizer-rules.ts'
import { ImportedAuthorizers, type TokenAuthAttributes } from './authorizers/imported-authorizers.ts'
import { AuthMetrics } from './monitoring/auth-metrics.ts'
import { countEvents } from './monitoring/event-counts.ts'
import { createMonitoring, type Monitoring } from './monitoring/monitoring.ts'
import { addOpenRoutes, type OpenFunctions } from './open-routes.ts'
import { createLogin, createRevoke, createSessions, createToken } from './session-functions.ts'
import { readSettings } from './settings.ts'
import { SigningKeys } from './signing-keys.ts'
import { warnOfFreeGuessing } from './throttle-warnings.ts'
import type { TokenAuthProps } from './token-auth-props.ts'

/** Log-in, signed tokens and authorization for APIs of every kind. Its functions are in the package, ready to be deployed. */
export class TokenAuth extends AuthMetrics {
  readonly issuer: string
  readonly audience: string
  /** Users, sessions and what the throttle counts. */
  readonly table: AuthTable
  /** Runs the admin commands; whoever may invoke it is an administrator. */
  readonly adminFunction: IFunction
  readonly authorizerFunction: IFunction
  protected readonly authorizerCache: number
  protected readonly rules: AuthorizerRules
  private readonly openFunctions: OpenFunctions
  private readonly sessionsFunction: IFunction
  private readonly passwordFunction: IFunction
  private readonly monitoring: Monitoring | undefined
  private firstApi: HttpApi | undefined

  /** The authorizers of a `TokenAuth` of another stack or app, for APIs of this one. */
  static fromAttributes(scope: Construct, id: string, attributes: TokenAuthAttributes): ApiAuthorizers {
    return new ImportedAuthorizers(scope, id, attributes)
  }

  constructor(scope: Construct, id: string, props: TokenAuthProps = {}) {
    super(scope, id)
    const { removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, monitoring = true, alarmTopic, ...given } = props
    const settings = readSettings(given)
    if (removalPolicy !== RemovalPolicy.DESTROY) warnOfFreeGuessing(this, settings)
    const retention = { removalPolicy, logRetention: settings.logRetention }
    this.issuer = settings.issuer ?? this.endpointOfFirstApi()
    this.audience = settings.audience ?? this.issuer
    this.table = new AuthTable(this, 'Table', removalPolicy)
    const keys = new SigningKeys(this, 'Keys', { ...settings, ...retention })
    this.authorizerCache = settings.authorizerCache
    this.rules = new AuthorizerRules(this, settings)
    const { issuer, audience, table, rules } = this
    const parts = { settings, retention, issuer, audience, keys, table, rules }
    const authorizer = createAuthorizer(this, parts)
    this.authorizerFunction = authorizer
    this.openFunctions = {
      login: createLogin(this, parts, authorizer),
      register: settings.selfRegistration ? createRegister(this, parts) : undefined,
      token: createToken(this, parts, authorizer),
      revoke: createRevoke(this, parts),
      discovery: createDiscovery(this, parts),
    }
    this.sessionsFunction = createSessions(this, parts)
    this.passwordFunction = createPassword(this, parts, authorizer)
    this.adminFunction = createAdmin(this, parts)
    countEvents(this)
    this.monitoring = createMonitoring(this, monitoring, { alarmTopic, ...settings })
  }

  /**
   * Adds log-in, refresh, log-out and discovery to an API, open to everyone even if the API has a default authorizer, and
   * the caller's sessions and password behind the authorizer.
   */
  addAuthRoutes(api: HttpApi): void {
    this.firstApi ??= api
    this.monitoring?.watchApi(api)
    addOpenRoutes(api, this.openFunctions)
    const authorizer = this.httpAuthorizer()
    const sessions = { authorizer, integration: new HttpLambdaIntegration('sessions', this.sessionsFunction) }
    api.addRoutes({ ...sessions, path: '/sessions', methods: [HttpMethod.GET, HttpMethod.DELETE] })
    api.addRoutes({ ...sessions, path: '/sessions/{id}', methods: [HttpMethod.DELETE] })
    const password = { authorizer, integration: new HttpLambdaIntegration('password', this.passwordFunction) }
    api.addRoutes({ ...password, path: '/password', methods: [HttpMethod.POST] })
  }

  /** Lets someone run the admin commands: create users, disable them and so on. */
  grantAdmin(grantee: IGrantable): Grant {
    return this.adminFunction.grantInvoke(grantee)
  }

  private endpointOfFirstApi(): string {
    this.node.addValidation({
      validate: () =>
        this.firstApi ? [] : ['Set `issuer` or call `addAuthRoutes(api)`: without either no token has an issuer.'],
    })
    return Lazy.string({ produce: () => this.firstApi?.apiEndpoint })
  }
}
