import { type Acr, isAcr } from '../authentication.ts'
import { readScope } from './scope.ts'

/**
 * What a route requires beyond a good token: all the scopes, one of the groups, and a log-in at most `maxAge` seconds ago
 * that is worth `acr`. Null or absent: nothing of the kind.
 */
export type RouteRule = {
  readonly scopes: readonly string[]
  readonly maxAge?: number | null | undefined
  readonly acr?: Acr | null | undefined
  readonly groups?: readonly unknown[] | null | undefined
}

/** By the API's id, then by the route's key (`GET /orders`, `ANY /orders`, `$connect`). */
export type RouteRules = ReadonlyMap<string, ReadonlyMap<string, RouteRule>>

/** The route of a request. */
export type AskedRoute = {
  readonly apiId: string | undefined
  /** The keys that the route may be listed under, the most specific first. */
  readonly routeKeys: readonly string[]
  /** Whether API Gateway caches the answer for this route only; undefined where the event does not tell. */
  readonly keyedByRoute: boolean | undefined
}

const noRule: RouteRule = { scopes: [] }

/**
 * What a route requires of a token; undefined where the route should be listed and is not, so that no token is enough. An
 * authorizer whose answers are cached by route only protects routes with rules.
 */
export function ruleOf(rules: RouteRules, { apiId, routeKeys, keyedByRoute }: AskedRoute): RouteRule | undefined {
  const routes = rules.get(apiId ?? '')
  const listed = routeKeys.map((key) => routes?.get(key)).find((rule) => rule !== undefined)
  const mustBeListed = keyedByRoute ?? routes !== undefined
  return listed ?? (mustBeListed ? undefined : noRule)
}

/**
 * Reads the rules of routes: `{"<API id>":{"GET /orders":"orders:read","POST /payments":["pay",600,"mfa",["admin"]]}}`, or
 * `{}` for none. A rule is a scope, or a list of scope, `maxAge`, `acr` and groups, with null for none. Undefined for anything
 * else, because a route whose rule is not understood must not be open.
 */
export function readRouteRules(json: string): RouteRules | undefined {
  try {
    return mapOf(JSON.parse(json), (routes) => mapOf(routes, readRule))
  } catch {
    return undefined
  }
}

function mapOf<T>(members: unknown, read: (member: unknown) => T): ReadonlyMap<string, T> {
  if (typeof members !== 'object' || members === null || Array.isArray(members)) throw new TypeError()
  return new Map(Object.entries(members).map(([name, member]) => [name, read(member)]))
}

function readRule(rule: unknown): RouteRule {
  const [scope, maxAge, acr, groups, ...others]: readonly unknown[] = [rule].flat()
  const scopes = typeof scope === 'string' ? readScope(scope) : undefined
  const isUnderstood =
    (maxAge == null || isPositive(maxAge)) && (acr == null || isAcr(acr)) && (groups == null || Array.isArray(groups))
  // Nothing at all is no rule, but a mistake.
  if (!scopes || !isUnderstood || others.length > 0 || !(scopes.length > 0 || maxAge || acr || groups))
    throw new TypeError()
  return { scopes, maxAge, acr, groups }
}

const isPositive = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0
