import { fail, type Result, succeed } from '../result.ts'
import { withIdentity } from './scope.ts'

/**
 * An API besides the service's own that tokens can be for (RFC 8707): the absolute URL that becomes `aud`, and the scopes of
 * the service that its tokens may have; all of them where `scopes` is undefined.
 */
export type Resource = { readonly url: string; readonly scopes?: readonly string[] | undefined }

/** What tokens can be for: the API of the service, or one of the resources. */
export type Targets = { readonly audience: string; readonly resources: readonly Resource[] }

export type UnknownResource = { readonly reason: 'unknown_resource' }

/**
 * The resource that a request names; undefined for the API of the service, which is also what a request is for that names
 * none. URLs are compared as they parse, because clients add a slash where there is no path.
 */
export function findResource(
  asked: string | undefined,
  { audience, resources }: Targets,
): Result<Resource | undefined, UnknownResource> {
  if (asked === undefined || isSame(asked, audience)) return succeed(undefined)
  const found = resources.find(({ url }) => isSame(asked, url))
  return found ? succeed(found) : fail({ reason: 'unknown_resource' })
}

const isSame = (asked: string, known: string): boolean => {
  const parsed = URL.parse(asked)?.href
  return asked === known || (parsed !== undefined && parsed === URL.parse(known)?.href)
}

/** Of a scope, what tokens for the resource may have. */
export function scopeWithin(scope: readonly string[], resource: Resource | undefined): readonly string[] {
  if (resource?.scopes === undefined) return scope
  const limit = withIdentity(resource.scopes)
  return scope.filter((token) => limit.includes(token))
}
