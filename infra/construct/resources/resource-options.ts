import type { Integration } from 'aws-cdk-lib/aws-apigateway'
import type { HttpMethod, HttpRouteIntegration } from 'aws-cdk-lib/aws-apigatewayv2'

/** What a protected resource is, on an API of any kind. */
export type ResourceOptions = {
  /** Where it is in the API, such as `/mcp`; `/` for the whole API. */
  readonly path: string
  /**
   * What its tokens say in `aud`, and clients send as `resource`: the address that clients call. Needed where the API is
   * reached by a domain that `TokenAuth` does not know.
   * @default - the address of the API and the path
   */
  readonly url?: string
  /**
   * The scopes of the service that its tokens may have. Clients read them in its metadata.
   * @default - all scopes of the service
   */
  readonly scopes?: readonly string[]
  /**
   * What its route asks for: a token must have all of these.
   * @default - all of `scopes`, if they are given; otherwise every token for this resource will do
   */
  readonly requiredScopes?: readonly string[]
}

export type HttpResourceOptions = ResourceOptions & {
  /**
   * What answers at the path. Its route has the authorizer of the resource.
   * @default - no route is added: give `httpAuthorizer()` of the resource to routes of yours
   */
  readonly integration?: HttpRouteIntegration
  /**
   * The methods of the route.
   * @default - GET, POST and DELETE, those of MCP's streamable HTTP
   */
  readonly methods?: readonly HttpMethod[]
}

export type RestResourceOptions = ResourceOptions & {
  /**
   * What answers at the path. Its methods have the authorizer of the resource.
   * @default - no method is added: give `restAuthorizer()` of the resource to methods of yours
   */
  readonly integration?: Integration
  /**
   * The methods at the path.
   * @default ['GET', 'POST', 'DELETE'] - those of MCP's streamable HTTP
   */
  readonly methods?: readonly string[]
}
