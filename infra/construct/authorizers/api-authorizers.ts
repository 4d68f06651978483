import type { Authorizer as RestApiAuthorizer, RestApiBase } from 'aws-cdk-lib/aws-apigateway'
import type { IHttpRouteAuthorizer, IWebSocketRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { type CachedAuthorizerOptions, readDemand, type WebSocketAuthorizerOptions } from './authorizer-options.ts'
import type { AuthorizerRules } from './authorizer-rules.ts'
import { createHttpAuthorizer, createNativeAuthorizer, onBind, routeKeyOf } from './http-authorizer.ts'
import { findRouteAuthorizer, findTokenAuthorizer, RestAuthorizer } from './rest-authorizer.ts'
import { addChallenges } from './rest-challenges.ts'
import { createWebSocketAuthorizer } from './websocket-authorizer.ts'

const ruled = 'scopes, maxAge and acr'

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
  private readonly http = createHttpAuthorizer(this, 'Authorizer', 'byToken', this.handler, this.cache)
  private readonly httpByRoute = onceForEachCache(this.cache, (id, cache) =>
    createHttpAuthorizer(this, id, 'byRoute', this.handler, cache),
  )
  private readonly rest = findTokenAuthorizer(this, this.handler, this.cache)
  private readonly restByRoute = onceForEachCache(this.cache, (id, cache) =>
    findRouteAuthorizer(this, id, this.handler, cache),
  )
  private readonly native = createNativeAuthorizer(
    this,
    () => this.issuer,
    () => this.audience,
  )

  /** For routes of HTTP APIs, or as an API's default: only a good access token opens them. */
  httpAuthorizer(options: CachedAuthorizerOptions = {}): IHttpRouteAuthorizer {
    const demand = readDemand(options)
    if (!demand) return this.http
    const rules = this.rulesFor(ruled)
    return onBind(this.httpByRoute(demand.cache), (route) => {
      const { httpApi: api } = route
      rules.require({ api, apiId: api.apiId, demand, keys: () => [routeKeyOf(route)] })
    })
  }

  /** For methods of one REST API, or as its default: only a good access token opens them. */
  restAuthorizer(options: CachedAuthorizerOptions = {}): RestApiAuthorizer {
    const id = `Rest${this.node.children.length}`
    const demand = readDemand(options)
    if (!demand) return new RestAuthorizer(this, id, this.rest)
    const rules = this.rulesFor(ruled)
    const authorizer: RestAuthorizer = new RestAuthorizer(this, id, (api) => {
      rules.require({ api, apiId: api.restApiId, demand, keys: () => authorizer.methodKeys() })
      return this.restByRoute(demand.cache)(api)
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

  /** For the route `$connect` of WebSocket APIs: only a good access token opens a connection. Nothing is checked later. */
  webSocketAuthorizer({ token = 'header', ...options }: WebSocketAuthorizerOptions = {}): IWebSocketRouteAuthorizer {
    const demand = readDemand(options)
    const rules =
      demand || token === 'query' ? this.rulesFor(token === 'query' ? 'tokens in the query' : ruled) : undefined
    return createWebSocketAuthorizer(this.authorizerFunction, token, (api) => {
      if (demand) rules?.require({ api, apiId: api.apiId, demand, keys: () => ['$connect'] })
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

/** One of something for each time that step-up's answers are kept, and one for answers that are kept as usual. */
function onceForEachCache<T>(usual: () => Duration, create: (id: string, cache: () => Duration) => T) {
  const made = new Map<number | undefined, T>()
  return (cache: number | undefined): T => {
    const found =
      made.get(cache) ??
      (cache === undefined
        ? create('RouteAuthorizer', usual)
        : create(`StepUpAuthorizer${cache || ''}`, () => Duration.seconds(cache)))
    made.set(cache, found)
    return found
  }
}
