/** The scopes that routes ask for: by the API's id, then by the route's key (`GET /orders`, `ANY /orders`, `$connect`). */
export type RouteScopes = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

/** The route for which API Gateway asks. */
export type AskedRoute = {
  readonly apiId: string | undefined
  /** The keys that the route may be listed under, the most exact one first. */
  readonly routeKeys: readonly string[]
  /** Whether the answer is kept for this route alone; undefined where the event does not tell. */
  readonly keyedByRoute: boolean | undefined
}

/**
 * The scopes that a token must have for a route; undefined where the route should be listed and is not, so that no
 * token will do. An authorizer that keeps its answers by route stands before routes with scopes alone.
 */
export function scopesOf(table: RouteScopes, { apiId, routeKeys, keyedByRoute }: AskedRoute) {
  const routes = table.get(apiId ?? '')
  const listed = routeKeys.map((key) => routes?.get(key)).find((scopes) => scopes !== undefined)
  const mustBeListed = keyedByRoute ?? routes !== undefined
  return listed ?? (mustBeListed ? undefined : [])
}
