import {
  type HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Lazy, RemovalPolicy, Validations } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { createAdmin, createAuthorizer, createDiscovery, createLogin } from './auth-functions.ts'
import { AuthMetrics } from './auth-metrics.ts'
import { AuthTable } from './auth-table.ts'
import { countEvents } from './event-counts.ts'
import { createHttpAuthorizer } from './http-authorizer.ts'
import { createMonitoring, type Monitoring } from './monitoring.ts'
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
  private readonly loginFunction: IFunction
  private readonly discoveryFunction: IFunction
  private readonly authorizer: IHttpRouteAuthorizer
  private readonly monitoring: Monitoring | undefined
  private firstApi: HttpApi | undefined

  constructor(scope: Construct, id: string, props: TokenAuthProps = {}) {
    super(scope, id)
    const { removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, monitoring = true, alarmTopic, ...given } = props
    const settings = readSettings(given)
    const retention = { removalPolicy, logRetention: settings.logRetention }
    this.issuer = settings.issuer ?? this.endpointOfFirstApi()
    this.audience = settings.audience ?? this.issuer
    this.table = new AuthTable(this, 'Table', removalPolicy)
    const keys = new SigningKeys(this, 'Keys', { ...settings, ...retention })
    const { issuer, audience, table } = this
    const parts = { settings, retention, issuer, audience, keys, table }
    const authorizer = createAuthorizer(this, parts)
    this.loginFunction = createLogin(this, parts, authorizer)
    this.discoveryFunction = createDiscovery(this, parts)
    this.adminFunction = createAdmin(this, parts)
    this.authorizer = createHttpAuthorizer(authorizer, settings.authorizerCache)
    countEvents(this)
    this.monitoring = createMonitoring(this, monitoring, { alarmTopic, ...settings })
  }

  /** Adds log-in and discovery to an API, open to everyone even if the API has a default authorizer. */
  addAuthRoutes(api: HttpApi): void {
    this.firstApi ??= api
    this.monitoring?.watchApi(api)
    const login = new HttpLambdaIntegration('login', this.loginFunction)
    const discovery = new HttpLambdaIntegration('discovery', this.discoveryFunction)
    const add = (method: HttpMethod, path: string, integration: HttpLambdaIntegration, reason: string) =>
      acknowledgeOpen(
        api.addRoutes({ path, methods: [method], integration, authorizer: new HttpNoneAuthorizer() }),
        reason,
      )
    add(HttpMethod.POST, '/login', login, 'Whoever logs in has no token yet.')
    for (const name of ['jwks.json', 'openid-configuration', 'oauth-authorization-server']) {
      add(HttpMethod.GET, `/.well-known/${name}`, discovery, 'Anyone may read how our tokens are verified.')
    }
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

function acknowledgeOpen(routes: readonly HttpRoute[], reason: string): void {
  for (const route of routes) Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason })
}
