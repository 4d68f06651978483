import type { RouteScopes } from './route-scopes.ts'
import { readScope } from './scope.ts'

/**
 * The scopes that routes ask for, of `{"<API id>":{"GET /orders":"orders:read"}}`; of `{}` where none does.
 * @throws Error for anything else: a route whose scope is not understood must not be open.
 */
export function readRouteScopes(json: string): RouteScopes {
  try {
    return mapOf(JSON.parse(json), (routes) => mapOf(routes, readRequired))
  } catch {
    throw new Error('ROUTE_SCOPES must give each route of each API at least one scope.')
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
