import { readScope } from './scope.ts'

/** The scopes that routes require: by the API's id, then by the route's key (`GET /orders`, `ANY /orders`, `$connect`). */
export type RouteRules = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

/** The route of a request. */
export type AskedRoute = {
  readonly apiId: string | undefined
  /** The keys that the route may be listed under, the most specific first. */
  readonly routeKeys: readonly string[]
  /** Whether API Gateway caches the answer for this route only; undefined where the event does not tell. */
  readonly keyedByRoute: boolean | undefined
}

/**
 * The scopes that a token needs for a route; undefined where the route should be listed and is not, so that no token is
 * enough. An authorizer whose answers are cached by route only protects routes with scopes.
 */
export function scopesOf(table: RouteRules, { apiId, routeKeys, keyedByRoute }: AskedRoute) {
  const routes = table.get(apiId ?? '')
  const listed = routeKeys.map((key) => routes?.get(key)).find((scopes) => scopes !== undefined)
  const mustBeListed = keyedByRoute ?? routes !== undefined
  return listed ?? (mustBeListed ? undefined : [])
}

/**
 * Reads the scopes of routes: `{"<API id>":{"GET /orders":"orders:read"}}`, or `{}` for none.
 * @throws Error for anything else: a route whose scope is not understood must not be open.
 */
export function readRouteRules(json: string): RouteRules {
  try {
    return mapOf(JSON.parse(json), (routes) => mapOf(routes, readRequired))
  } catch {
    throw new Error('ROUTE_RULES must give each route of each API at least one scope.')
  }
}

function mapOf<T>(members: unknown, read: (member: unknown) => T): ReadonlyMap<string, T> {
  if (typeof members !== 'object' || members === null || Array.isArray(members)) throw new TypeError('Not an object.')
  return new Map(Object.entries(members).map(([name, member]) => [name, read(member)]))
}

function readRequired(text: unknown): readonly string[] {
  const scope = typeof text === 'string' ? readScope(text) : undefined
  if (!scope?.length) throw new TypeError('Not a scope.')
  return scope
}
