import type { Resource } from '../scopes/resources.ts'

type Service = { readonly issuer: string; readonly scopes: readonly string[] }

/** Protected resource metadata (RFC 9728 section 2): whose tokens a resource takes. No empty lists. */
export function resourceMetadata({ url, scopes }: Resource, service: Service) {
  const supported = scopes ?? service.scopes
  return {
    resource: url,
    authorization_servers: [service.issuer],
    ...(supported.length > 0 && { scopes_supported: supported }),
    bearer_methods_supported: ['header'],
  }
}

/** By the id of an API and the path of a resource there, its URL. The path `/` may stand for the only one that there is. */
export type ResourcePaths = ReadonlyMap<string, string>

type Asked = { readonly apiId: string; readonly path: string }

type Dependencies = {
  readonly issuer: string
  readonly resources: readonly Resource[]
  readonly paths: ResourcePaths
}

/**
 * The resource whose metadata is asked for: that of a path of an API, or of the issuer's own host. Without a path it is the
 * only resource there, because many clients ask without one.
 */
export function findResourceAt(
  { apiId, path }: Asked,
  { issuer, resources, paths }: Dependencies,
): Resource | undefined {
  const url = paths.get(`${apiId} ${path}`)
  if (url !== undefined) return resources.find((resource) => resource.url === url)
  const { origin } = new URL(issuer)
  const here = resources.filter((resource) => new URL(resource.url).origin === origin)
  const exact = here.find((resource) => new URL(resource.url).pathname === path)
  return exact ?? (path === '/' && here.length === 1 ? here[0] : undefined)
}
