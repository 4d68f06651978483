import { AuthorizationType, LambdaIntegration, type RestApi } from 'aws-cdk-lib/aws-apigateway'
import { type HttpApi, HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { acknowledgeOpen } from '../api/auth-routes.ts'
import { nameResource } from '../authorizers/rest-challenges.ts'
import { demandOf, type ProtectedResource } from './protected-resource.ts'
import { hasRoute, type ResourceAddress, rootDocumentPath } from './resource-address.ts'
import type { HttpResourceOptions, RestResourceOptions } from './resource-options.ts'

type Added = {
  readonly resource: ProtectedResource
  readonly address: ResourceAddress
  /** The function that serves the metadata. */
  readonly discovery: IFunction
}

/** Adds the routes of a resource to an API of either kind. */
export function addResource(
  api: HttpApi | RestApi,
  options: HttpResourceOptions | RestResourceOptions,
  added: Added,
): void {
  if ('restApiId' in api) addToRestApi(api, options as RestResourceOptions, added)
  else addToHttpApi(api, options as HttpResourceOptions, added)
}

/** The metadata at both addresses that clients try, and the route of the resource. */
function addToHttpApi(api: HttpApi, { path, ...options }: HttpResourceOptions, added: Added): void {
  const { resource, address, discovery } = added
  const open = { integration: new HttpLambdaIntegration('discovery', discovery), authorizer: new HttpNoneAuthorizer() }
  for (const document of new Set([address.documentPath, rootDocumentPath])) {
    if (hasRoute(api, document)) continue
    const added = api.addRoutes({ path: document, methods: [HttpMethod.GET], ...open })
    for (const route of added) acknowledgeOpen(route, 'Anyone may read whose tokens an API takes.')
  }
  const { integration, methods = [HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE] } = options
  if (!integration) return
  api.addRoutes({
    path,
    methods: [...methods],
    integration,
    authorizer: resource.httpAuthorizer(demandOf({ path, ...options })),
  })
}

/** The same for a REST API, whose refusals name the metadata too. */
function addToRestApi(api: RestApi, { path, ...options }: RestResourceOptions, added: Added): void {
  const { resource, address, discovery } = added
  nameResource(api, { metadataUrl: address.metadataUrl, ...demandOf({ path, ...options }) })
  for (const document of new Set([address.documentPath, rootDocumentPath])) {
    api.root.resourceForPath(document).addMethod('GET', new LambdaIntegration(discovery), {
      authorizationType: AuthorizationType.NONE,
      apiKeyRequired: false,
    })
  }
  const { integration, methods = ['GET', 'POST', 'DELETE'] } = options
  if (!integration) return
  const authorizer = resource.restAuthorizer(demandOf({ path, ...options }))
  for (const method of methods) api.root.resourceForPath(path).addMethod(method, integration, { authorizer })
}
