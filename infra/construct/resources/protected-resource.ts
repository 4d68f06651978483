import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { FunctionParts } from '../auth-functions.ts'
import { ApiAuthorizers } from '../authorizers/api-authorizers.ts'
import { AuthorizerRules } from '../authorizers/authorizer-rules.ts'
import { functionSpecs } from '../function-specs.ts'
import { LambdaFunction, type Retention } from '../lambda-function.ts'
import type { ResourceAddress } from './resource-address.ts'
import type { ResourceOptions } from './resource-options.ts'

type ResourceParts = {
  readonly parts: FunctionParts
  readonly retention: Retention
  /** In seconds. */
  readonly authorizerCache: number
  readonly address: ResourceAddress
}

/**
 * An API that takes tokens for itself only (RFC 8707, RFC 9728). Its authorizers admit those and no others: neither tokens
 * for the API of the service nor those for another resource.
 */
export class ProtectedResource extends ApiAuthorizers {
  readonly issuer: string
  /** What its tokens say in `aud`: its URL. */
  readonly audience: string
  /** Where clients find out whose tokens it takes. */
  readonly metadataUrl: string
  readonly authorizerFunction: IFunction
  protected readonly authorizerCache: number
  protected readonly rules: AuthorizerRules

  protected override get authorizerPrefix(): string {
    return this.node.id
  }

  constructor(scope: Construct, id: string, { parts, retention, authorizerCache, address }: ResourceParts) {
    super(scope, id)
    this.issuer = parts.issuer
    this.audience = address.url
    this.metadataUrl = address.metadataUrl
    this.authorizerCache = authorizerCache
    this.rules = new AuthorizerRules(this, parts.settings)
    this.authorizerFunction = createAuthorizer(this, { ...parts, audience: address.url, rules: this.rules }, retention)
  }
}

/** That of the service, but for the audience in its environment. */
function createAuthorizer(scope: Construct, parts: FunctionParts, retention: Retention): LambdaFunction {
  const isWanted = ({ provides, isWanted }: (typeof functionSpecs)[number]) =>
    provides === 'authorizer' && (isWanted?.(parts.settings) ?? true)
  const spec = functionSpecs.find(isWanted)
  if (!spec) throw new Error('No function authorizes requests.')
  const environment = spec.environment({ ...parts, invoked: {} })
  const created = new LambdaFunction(scope, { spec, environment, ...retention })
  if (typeof spec.table === 'object') parts.table.grantItems(created, spec.table)
  return created
}

/** A construct's id for a resource: by API and path, so that a second one changes nothing of the first. */
export const resourceId = (api: HttpApi | RestApi, path: string): string =>
  `Resource-${api.node.path}${path}`.replaceAll('/', '-')

/** What its route asks for: all of what its tokens may have, unless something else is said. */
export const demandOf = ({ scopes, requiredScopes = scopes }: ResourceOptions) =>
  requiredScopes === undefined || requiredScopes.length === 0 ? {} : { scopes: requiredScopes }
