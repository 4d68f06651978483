import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { refuseOtherStack } from '../api/auth-api.ts'
import type { FunctionParts } from '../auth-functions.ts'
import { functionsIn, type Retention } from '../lambda-function.ts'
import { countEvents } from '../monitoring/event-counts.ts'
import type { Monitoring } from '../monitoring/monitoring.ts'
import type { KnownResources } from './known-resources.ts'
import { ProtectedResource, resourceId } from './protected-resource.ts'
import { addressOf, baseOf, baseProblems, pathOfDocument } from './resource-address.ts'
import type { HttpResourceOptions, RestResourceOptions } from './resource-options.ts'
import { addResource } from './resource-routes.ts'

/** What of a `TokenAuth` a resource is made with. */
type Service = {
  readonly parts: FunctionParts
  readonly retention: Retention
  readonly authorizerCache: number
  readonly known: KnownResources
  readonly monitoring: Monitoring | undefined
  /** The function that serves metadata. */
  readonly discovery: IFunction | undefined
  /** Whether the API is the first with the routes of the service. Known when the template is made. */
  readonly isOwn: (api: HttpApi | RestApi) => boolean
  readonly domainUrl: string | undefined
}

type Options = HttpResourceOptions | RestResourceOptions

/**
 * Makes a path of an API a resource: known to the service, with an authorizer, metadata and routes.
 * @throws Error for a path, URL or scope that it cannot have, or for one that is there already.
 */
export function addProtectedResource(
  auth: Construct,
  api: HttpApi | RestApi,
  options: Options,
  service: Service,
): ProtectedResource {
  const { parts, retention, authorizerCache, known, monitoring, discovery, isOwn, domainUrl } = service
  if (!discovery) throw new Error('No function serves metadata.')
  refuseOtherStack(auth, api)
  const { path, scopes = parts.settings.scopes } = options
  const address = addressOf(options, () => baseOf(api, (each) => (isOwn(each) ? domainUrl : undefined)))
  const apiId = 'restApiId' in api ? api.restApiId : api.apiId
  known.add({ url: address.url, scopes: options.scopes, apiId, path: pathOfDocument(address.documentPath) })

  const settings = { ...parts.settings, scopes }
  const made = { parts: { ...parts, settings }, retention, authorizerCache, address }
  const resource = new ProtectedResource(auth, resourceId(api, path), made)
  resource.node.addValidation({ validate: () => problemsOf(api, options, service) })
  countEvents(auth, resource)
  monitoring?.watchPart(resource)
  // They learn a new key before anyone signs with it.
  for (const { spec, node } of functionsIn(auth)) if (spec.signs) node.addDependency(resource.authorizerFunction)

  addResource(api, options, { resource, address, discovery })
  return resource
}

/** What is wrong with a resource whose URL is that of its API. */
function problemsOf(api: HttpApi | RestApi, { path, url }: Options, { parts, isOwn, domainUrl }: Service): string[] {
  if (url !== undefined) return []
  if (path === '/' && isOwn(api) && parts.audience === parts.issuer)
    return [`${api.node.path}: at / this is the API of the service, which has an authorizer. Give the resource a path.`]
  return isOwn(api) && domainUrl !== undefined ? [] : baseProblems(api)
}
