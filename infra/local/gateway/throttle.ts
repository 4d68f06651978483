/** Requests a second, and how many may come at once. */
export type RouteLimit = { readonly rate?: number | undefined; readonly burst?: number | undefined }

/** A token bucket for each route, an account's own limits where none is set: true lets the request in. */
export function createThrottle(clock: () => number): (routeKey: string, limit: RouteLimit) => boolean {
  const buckets = new Map<string, { readonly tokens: number; readonly at: number }>()
  return (routeKey, { rate = 10_000, burst = 5_000 }) => {
    const now = clock()
    const { tokens, at } = buckets.get(routeKey) ?? { tokens: burst, at: now }
    const available = Math.min(burst, tokens + (now - at) * rate)
    const admitted = available >= 1
    buckets.set(routeKey, { tokens: admitted ? available - 1 : available, at: now })
    return admitted
  }
}
