import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import type { DomainName, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnOutput, Lazy, RemovalPolicy } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { warnIfAccountsAreWeak } from './account-warnings.ts'
import { equipStage } from './api/api-stage.ts'
import { issuerProblems, refuseForeignApi } from './api/auth-api.ts'
import { addRoutes } from './api/auth-routes.ts'
import { warnIfHostIsShared, warnIfPagesHaveNoHost } from './api/page-warnings.ts'
import { createAuthFunctions, type FunctionParts } from './auth-functions.ts'
import { AuthTable } from './auth-table.ts'
import type { ApiAuthorizers } from './authorizers/api-authorizers.ts'
import { AuthorizerRules } from './authorizers/authorizer-rules.ts'
import { ImportedAuthorizers, type TokenAuthAttributes } from './authorizers/imported-authorizers.ts'
import { type ClientOptions, metadataOf } from './clients/client-options.ts'
import { RegisteredClients } from './clients/registered-clients.ts'
import { ApiDomain } from './domain/api-domain.ts'
import { FactorKey } from './factors/factor-key.ts'
import { createRelyingParty, warnIfPasskeysAreStuck } from './factors/relying-party.ts'
import { functionSpecs } from './function-specs.ts'
import { functionsIn, type Retention } from './lambda-function.ts'
import type { EmailOptions } from './mail/email-options.ts'
import { MailSender } from './mail/mail-sender.ts'
import { warnIfUnnamed } from './mail/mail-warnings.ts'
import { AuthMetrics } from './monitoring/auth-metrics.ts'
import { countEvents } from './monitoring/event-counts.ts'
import { createMonitoring, type Monitoring } from './monitoring/monitoring.ts'
import { addProtectedResource } from './resources/add-protected-resource.ts'
import { KnownResources } from './resources/known-resources.ts'
import type { ProtectedResource } from './resources/protected-resource.ts'
import type { HttpResourceOptions, RestResourceOptions } from './resources/resource-options.ts'
import { readSettings } from './settings/settings.ts'
import { SigningKeys } from './signing-keys.ts'
import type { TokenAuthProps } from './token-auth-props.ts'

/** Log-in, signed tokens and authorization for APIs of every kind. Its functions are in the package, ready to deploy. */
export class TokenAuth extends AuthMetrics {
  readonly issuer: string
  readonly audience: string
  /** The domain, where one is set: other APIs can be mapped at base paths of it. */
  readonly domainName: DomainName | undefined
  /** The address of the API with log-in: the domain's, or API Gateway's own. */
  readonly url: string
  /** What mails are sent by, where `email` is set. */
  readonly mail: MailSender | undefined
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
  private registered: RegisteredClients | undefined
  private readonly parts: FunctionParts
  private readonly resources: KnownResources
  private readonly discovery: IFunction | undefined

  /** The authorizers of a `TokenAuth` of another stack or app, for APIs of this one. */
  static fromAttributes(scope: Construct, id: string, attributes: TokenAuthAttributes): ApiAuthorizers {
    return new ImportedAuthorizers(scope, id, attributes)
  }

  constructor(scope: Construct, id: string, props: TokenAuthProps = {}) {
    super(scope, id)
    const { removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, monitoring = true, ...others } = props
    const { alarmTopic, domain, migration, email, ...given } = others
    const settings = readSettings({ ...given, migration: migration?.functionArn, ...settingsOf(email) })
    const hasFactors = settings.secondFactor !== 'off'
    const passkeys = { ...settings, domainName: domain?.name }
    if (removalPolicy !== RemovalPolicy.DESTROY) {
      warnIfAccountsAreWeak(this, settings)
      if (email) warnIfUnnamed(this, settings)
      if (hasFactors) warnIfPasskeysAreStuck(this, passkeys)
      if (settings.signInPages) warnIfPagesHaveNoHost(this, domain?.name, settings)
    }
    const retention = { removalPolicy, logRetention: settings.logRetention }
    this.retention = retention
    this.domain = domain && new ApiDomain(this, domain, settings.issuer)
    this.domainName = this.domain?.domainName
    this.url = this.domain?.url ?? Lazy.string({ produce: () => this.firstApi?.apiEndpoint })
    this.issuer = settings.issuer ?? this.url
    this.audience = settings.audience ?? this.issuer
    this.mail = email && new MailSender(this, { ...email, removalPolicy, domain })
    this.table = new AuthTable(this, 'Table', { ...settings, removalPolicy })
    const keys = new SigningKeys(this, 'Keys', { ...settings, domain, ...retention })
    const factorKey = hasFactors ? new FactorKey(this, 'FactorKey', { removalPolicy }) : undefined
    this.authorizerCache = settings.authorizerCache
    this.rules = new AuthorizerRules(this, settings)
    const { issuer, audience, table, rules } = this
    const relyingParty = createRelyingParty(passkeys)
    const resources = new KnownResources(this, settings, [issuer, audience])
    const known = { settings, issuer, audience, keys, factorKey, relyingParty, table, rules, resources }
    const parts = { ...known, mail: this.mail }
    this.resources = resources
    this.parts = parts
    const owned = { oldSystem: migration, mailHook: email?.hook }
    const { authorizer, admin, discovery } = createAuthFunctions(this, functionSpecs, parts, owned, retention)
    this.authorizerFunction = authorizer
    this.adminFunction = admin
    this.discovery = discovery
    countEvents(this)
    for (const client of settings.registeredClients) this.registerClient(client)
    this.monitoring = createMonitoring(this, monitoring, { alarmTopic, ...settings }, this.mail)
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
    if (this.parts.settings.signInPages) warnIfHostIsShared(api)
  }

  /**
   * Registers a client of the code flow, with `signInPages`. One that is gone from the app is deleted by the next
   * deployment.
   * @throws Error for an id or options that no client may have, with what is allowed.
   */
  addClient(id: string, options: ClientOptions): void {
    this.registerClient(metadataOf(id, options))
  }

  /**
   * Makes a path of an API a resource of its own: tokens are for it if a client asks for them by its URL as `resource`, and
   * its authorizer admits those only. The metadata (RFC 9728) by which clients find this service is served at both addresses
   * that they try. It need not be among `resources`. A REST API also says in `WWW-Authenticate` where the metadata is, so it
   * has one resource; an HTTP API cannot say so when an authorizer refuses.
   * @returns the resource, with authorizers for further routes of it
   * @throws Error for a path, URL or scope that it cannot have, or for one that is there already
   */
  addProtectedResource(api: HttpApi, options: HttpResourceOptions): ProtectedResource
  addProtectedResource(api: RestApi, options: RestResourceOptions): ProtectedResource
  addProtectedResource(api: HttpApi | RestApi, options: HttpResourceOptions | RestResourceOptions): ProtectedResource {
    return addProtectedResource(this, api, options, {
      ...{ parts: this.parts, retention: this.retention, authorizerCache: this.authorizerCache },
      ...{ known: this.resources, monitoring: this.monitoring, discovery: this.discovery },
      isOwn: (each) => each === this.firstApi,
      domainUrl: this.domain?.url,
    })
  }

  private registerClient(metadata: Readonly<Record<string, unknown>>): void {
    this.registered ??= new RegisteredClients(this, 'Clients', this.parts, this.retention)
    this.registered.add(metadata)
  }

  /** Allows someone to run the admin commands: create users, disable them and so on. */
  grantAdmin(grantee: IGrantable): Grant {
    return this.adminFunction.grantInvoke(grantee)
  }
}

const settingsOf = (email: EmailOptions | undefined) => ({
  emailFrom: email?.from,
  emailReplyTo: email?.replyTo,
  emailIdentityArn: email?.identity?.emailIdentityArn,
  mailHook: email?.hook?.functionArn,
})
