import { type HttpApi, HttpMethod, type IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Lazy, RemovalPolicy } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { createPassword, createRegister } from './account-functions.ts'
import { createAdmin, createAuthorizer, createDiscovery } from './auth-functions.ts'
import { AuthMetrics } from './auth-metrics.ts'
import { AuthTable } from './auth-table.ts'
import { countEvents } from './event-counts.ts'
import { warnOfFreeGuessing } from './free-guessing.ts'
import { createHttpAuthorizer } from './http-authorizer.ts'
import { createMonitoring, type Monitoring } from './monitoring.ts'
import { addOpenRoutes, type OpenFunctions } from './open-routes.ts'
import { createLogin, createRevoke, createSessions, createToken } from './session-functions.ts'
import { readSettings } from './settings.ts'
import { SigningKeys } from './signing-keys.ts'
import type { TokenAuthProps } from './token-auth-props.ts'

/** Log-in, signed tokens and authorization for HTTP APIs. The functions must have been bundled before, by `bundle()`. */
export class TokenAuth extends AuthMetrics {
  /** What tokens say in `iss`. */
  readonly issuer: string
  /** What tokens say in `aud`. */
  readonly audience: string
  readonly table: AuthTable
  readonly adminFunction: IFunction
  private readonly openFunctions: OpenFunctions
  private readonly sessionsFunction: IFunction
  private readonly passwordFunction: IFunction
  private readonly authorizer: IHttpRouteAuthorizer
  private readonly monitoring: Monitoring | undefined
  private firstApi: HttpApi | undefined

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
    const { issuer, audience, table } = this
    const parts = { settings, retention, issuer, audience, keys, table }
    const authorizer = createAuthorizer(this, parts)
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
    this.authorizer = createHttpAuthorizer(authorizer, settings.authorizerCache)
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
    const { authorizer } = this
    const sessions = { authorizer, integration: new HttpLambdaIntegration('sessions', this.sessionsFunction) }
    api.addRoutes({ ...sessions, path: '/sessions', methods: [HttpMethod.GET, HttpMethod.DELETE] })
    api.addRoutes({ ...sessions, path: '/sessions/{id}', methods: [HttpMethod.DELETE] })
    const password = { authorizer, integration: new HttpLambdaIntegration('password', this.passwordFunction) }
    api.addRoutes({ ...password, path: '/password', methods: [HttpMethod.POST] })
  }

  /** For the routes, or as an API's default, that only a good access token opens. */
  httpAuthorizer(): IHttpRouteAuthorizer {
    return this.authorizer
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
