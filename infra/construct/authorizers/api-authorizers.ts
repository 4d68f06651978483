import type { Authorizer as RestApiAuthorizer, RestApiBase } from 'aws-cdk-lib/aws-apigateway'
import type { IHttpRouteAuthorizer, IWebSocketRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { AuthorizerRules } from './authorizer-rules.ts'
import { createHttpAuthorizer, createNativeAuthorizer, onBind, routeKeyOf } from './http-authorizer.ts'
import { findRouteAuthorizer, findTokenAuthorizer, RestAuthorizer } from './rest-authorizer.ts'
import { addChallenges } from './rest-challenges.ts'
import { createWebSocketAuthorizer, type TokenPlace } from './websocket-authorizer.ts'

export type AuthorizerOptions = {
  /**
   * The scopes that a token must have, all of them.
   * @default - none: every good token will do
   */
  readonly scopes?: readonly string[]
}

export type WebSocketAuthorizerOptions = AuthorizerOptions & {
  /**
   * Where a client puts its token: in the header `Authorization`; in `Sec-WebSocket-Protocol` as the subprotocols
   * `bearer` and the token, which is what a browser can do; or in the query as `access_token`, where it ends up in logs.
   * @default 'header'
   */
  readonly token?: TokenPlace
}

/** The authorizers that protect APIs. All ask one function, and each may be given to any number of APIs. */
export abstract class ApiAuthorizers extends Construct {
  /** What tokens say in `iss`. */
  abstract readonly issuer: string
  /** What tokens say in `aud`. */
  abstract readonly audience: string
  /** The function that the authorizers ask. */
  abstract readonly authorizerFunction: IFunction
  /** In seconds. */
  protected abstract readonly authorizerCache: number
  /** What the function's environment says of routes; undefined where that is not ours to write. */
  protected abstract readonly rules: AuthorizerRules | undefined

  private readonly handler = () => this.authorizerFunction
  private readonly cache = () => Duration.seconds(this.authorizerCache)
  private readonly http = createHttpAuthorizer('byToken', this.handler, this.cache)
  private readonly httpByRoute = createHttpAuthorizer('byRoute', this.handler, this.cache)
  private readonly rest = findTokenAuthorizer(this.handler, this.cache)
  private readonly restByRoute = findRouteAuthorizer(this.handler, this.cache)
  private readonly native = createNativeAuthorizer(
    () => this.issuer,
    () => this.audience,
  )

  /** For routes of HTTP APIs, or as an API's default: only a good access token opens them. */
  httpAuthorizer({ scopes }: AuthorizerOptions = {}): IHttpRouteAuthorizer {
    if (scopes === undefined) return this.http
    const rules = this.rulesFor('scopes')
    return onBind(this.httpByRoute, (route) => {
      const { httpApi: api } = route
      rules.require({ api, apiId: api.apiId, scopes, keys: () => [routeKeyOf(route)] })
    })
  }

  /** For methods of one REST API, or as its default: only a good access token opens them. */
  restAuthorizer({ scopes }: AuthorizerOptions = {}): RestApiAuthorizer {
    const id = `Rest${this.node.children.length}`
    if (scopes === undefined) return new RestAuthorizer(this, id, this.rest)
    const rules = this.rulesFor('scopes')
    const authorizer: RestAuthorizer = new RestAuthorizer(this, id, (api) => {
      rules.require({ api, apiId: api.restApiId, scopes, keys: () => authorizer.methodKeys() })
      return this.restByRoute(api)
    })
    return authorizer
  }

  /**
   * Has a REST API say in `WWW-Authenticate` why it refuses (RFC 6750 section 3), with CORS headers where the API has
   * `defaultCorsPreflightOptions`. May be called again.
   */
  addRestChallenges(api: RestApiBase): void {
    addChallenges(api)
  }

  /** For the route `$connect` of WebSocket APIs: only a good access token opens a connection. */
  webSocketAuthorizer({ scopes, token = 'header' }: WebSocketAuthorizerOptions = {}): IWebSocketRouteAuthorizer {
    const rules = scopes || token === 'query' ? this.rulesFor('scopes and tokens in the query') : undefined
    return createWebSocketAuthorizer(this.authorizerFunction, token, (api) => {
      if (scopes) rules?.require({ api, apiId: api.apiId, scopes, keys: () => ['$connect'] })
      if (token === 'query') rules?.takeQueryToken(api)
    })
  }

  /**
   * API Gateway's own JWT authorizer, for routes of HTTP APIs: no function is asked, and every refusal of a token is 401
   * with `WWW-Authenticate`. Scopes are CDK's `authorizationScopes`, of which a token needs one. The issuer must answer
   * before an API gets it: a first deployment goes without.
   */
  nativeAuthorizer(): IHttpRouteAuthorizer {
    return this.native
  }

  private rulesFor(what: string): AuthorizerRules {
    if (this.rules) return this.rules
    throw new Error(
      `${this.node.path}: ${what} are for the stack that has the TokenAuth itself, not a copy by attributes.`,
    )
  }
}
