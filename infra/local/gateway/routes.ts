import { refuse } from '../refusal.ts'

export type RouteMatch<Route> = {
  readonly route: Route
  readonly pathParameters: Readonly<Record<string, string>>
}

/** Finds the route for a method and a path, still percent-encoded; a path that cannot be decoded has none. */
export type FindRoute<Route> = (method: string, path: string) => RouteMatch<Route> | undefined

type Pattern = { readonly method: string; readonly segments: readonly string[] }

const routeKey =
  /^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) ((?:\/(?:[\w.:-]+|\{[\w.:-]+\}))*\/(?:[\w.:-]*|\{[\w.:-]+\+?\}))$/
const isVariable = (segment: string) => segment.startsWith('{')
const isGreedy = (segment: string) => segment.endsWith('+}')

/** Full match before greedy before $default, then the most literal segments, then the method before ANY. */
export function createRouter<Route extends { readonly key: string }>(routes: readonly Route[]): FindRoute<Route> {
  const fallback = routes.find(({ key }) => key === '$default')
  const ranked = routes
    .filter((route) => route !== fallback)
    .map((route) => ({ route, pattern: readPattern(route.key) }))
    .sort((a, b) => compare(rank(a.pattern), rank(b.pattern)))

  return (method, path) => {
    const segments = readSegments(path)
    if (!segments) return undefined
    for (const { route, pattern } of ranked) {
      const pathParameters = match(pattern, method, segments)
      if (pathParameters) return { route, pathParameters }
    }
    return fallback && { route: fallback, pathParameters: {} }
  }
}

function readPattern(key: string): Pattern {
  const [, method, path] = routeKey.exec(key) ?? refuse(`The route key "${key}" is not understood here.`)
  return { method: method ?? '', segments: (path ?? '').slice(1).split('/') }
}

function readSegments(path: string): readonly string[] | undefined {
  try {
    // API Gateway takes //me for /me. An encoded slash is part of its segment, so segments are decoded one by one.
    return path.replace(/^\/+/, '').split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
}

function match({ method, segments: pattern }: Pattern, asked: string, segments: readonly string[]) {
  const rest = isGreedy(pattern.at(-1) ?? '') ? segments.slice(pattern.length - 1).join('/') : undefined
  if (method !== 'ANY' && method !== asked) return undefined
  if (rest === undefined && pattern.length !== segments.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, segment] of pattern.entries()) {
    const value = isGreedy(segment) ? rest : segments[index]
    if (isVariable(segment) ? !value : value !== segment) return undefined
    if (isVariable(segment)) parameters[segment.replace(/[{+}]/g, '')] = value ?? ''
  }
  return parameters
}

const rank = ({ method, segments }: Pattern) => [
  Number(isGreedy(segments.at(-1) ?? '')),
  -segments.filter((segment) => !isVariable(segment)).length,
  Number(method === 'ANY'),
]

function compare(a: readonly number[], b: readonly number[]): number {
  const difference = a.findIndex((value, index) => value !== b[index])
  return difference < 0 ? 0 : (a[difference] ?? 0) - (b[difference] ?? 0)
}
