import { CfnStage, RestApi } from 'aws-cdk-lib/aws-apigateway'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Aws, Lazy, Token } from 'aws-cdk-lib/core'
import { stagesOf } from '../api/auth-api.ts'
import { isResourceUrl } from './resource-rules.ts'

const wellKnown = '/.well-known/oauth-protected-resource'

/** Where a resource and its metadata are. `documentPath` is in the API, `metadataUrl` is what clients ask. */
export type ResourceAddress = {
  readonly url: string
  readonly documentPath: string
  readonly metadataUrl: string
}

/** `base` is the address of the API, without a slash at the end. */
export function addressOf(
  { path, url: given }: { readonly path: string; readonly url?: string | undefined },
  base: () => string,
): ResourceAddress {
  if (!/^\/[\w.~/-]*$/.test(path) || (path.length > 1 && path.endsWith('/')))
    throw new Error(`path: a path such as /mcp, without parameters and without a slash at the end, not ${path}`)
  if (given === undefined || Token.isUnresolved(given)) {
    const url = given ?? `${base()}${path}`
    const origin = given === undefined ? base() : given.slice(0, path.length > 1 ? -path.length : undefined)
    return { url, ...documentOf(path, origin) }
  }
  if (!isResourceUrl(given)) throw new Error(`url: an https URL without query, fragment, user and quotes, not ${given}`)
  const { origin, pathname } = new URL(given)
  return { url: given, ...documentOf(pathname, origin) }
}

/** RFC 9728 section 3.1: the path comes last, and a slash at the end of the host goes. */
const documentOf = (path: string, origin: string) => {
  const documentPath = `${wellKnown}${path === '/' ? '' : path}`
  return { documentPath, metadataUrl: `${origin}${documentPath}` }
}

/** The document that clients ask for who know no path. */
export const rootDocumentPath = wellKnown

/** The path of a resource whose document this is. */
export const pathOfDocument = (documentPath: string): string => documentPath.slice(wellKnown.length) || '/'

/** Whether an API answers GET there already: its resources share the document without a path. */
export const hasRoute = (api: HttpApi, path: string): boolean => api.node.tryFindChild(`GET${path}`) !== undefined

/**
 * The address of an API, which may be known only when the template is made: that of the domain, where the API is given one,
 * or API Gateway's own.
 * @throws Error for a REST API whose stage is not known.
 */
export const baseOf = (api: HttpApi | RestApi, domainOf: (api: HttpApi) => string | undefined): string =>
  api instanceof RestApi ? restBaseOf(api) : Lazy.string({ produce: () => domainOf(api) ?? api.apiEndpoint })

/** What is wrong with an API whose own address a resource has. */
export const baseProblems = (api: HttpApi | RestApi): string[] =>
  api instanceof RestApi || stagesOf(api).some(({ stageName }) => stageName === '$default') ? [] : [needsUrl(api)]

// Not the API's own `url`: that waits for its deployment, which waits for the authorizer, which must know the address.
function restBaseOf(api: RestApi): string {
  const stage = api.deploymentStage?.node.defaultChild
  if (!(stage instanceof CfnStage) || !stage.stageName) throw new Error(needsUrl(api))
  return `https://${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${stage.stageName}`
}

const needsUrl = ({ node }: HttpApi | RestApi) =>
  `${node.path}: its stage does not say at which address clients find it. Give the resource a url.`
