import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/** One import of the project: by which file, and the project file or package that it names. */
export type Import = { readonly from: string; readonly to: string }

/** The rooms of `functions/domain`, and for each the other rooms that it may import. Every room may import the root. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  accounts: ['sessions', 'passwords', 'scopes', 'codes'],
  clients: ['scopes'],
  codes: [],
  factors: [],
  mail: [],
  oauth: ['clients', 'codes', 'scopes', 'sessions', 'accounts', 'tokens'],
  passwords: [],
  scopes: [],
  sessions: ['tokens', 'scopes'],
  'sign-in': ['accounts', 'passwords', 'factors', 'sessions', 'throttling', 'codes'],
  throttling: [],
  tokens: [],
}

const domainPackages = /^(jose|node:crypto|node:url|node:util)$/
// Small standards with many corners, each behind one file of the room.
const packagesOfRooms: Readonly<Record<string, RegExp>> = {
  factors: /^(otpauth|uqr|@simplewebauthn\/server(\/helpers)?)$/,
}

/** All imports in the TypeScript files that the globs name, types included. */
export function readImports(root: string, ...globs: readonly string[]): readonly Import[] {
  const files = globSync([...globs], { cwd: root }).map((path) => path.replaceAll('\\', '/'))
  return files.sort().flatMap((from) => importsOf(from, readFileSync(join(root, from), 'utf8')))
}

export function importsOf(from: string, source: string): readonly Import[] {
  const specifiers = source.matchAll(/^(?:import|export)\s(?:[\w$*{},\s]+\sfrom\s)?'([^']+)'|\bimport\('([^']+)'/gm)
  return [...specifiers].map(([, plain, dynamic]) => ({ from, to: resolve(from, plain ?? dynamic ?? '') }))
}

const resolve = (from: string, specifier: string): string =>
  specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier

/** The imports that go in a direction which the design does not allow. */
export const forbidden = (imports: readonly Import[]): readonly Import[] => imports.filter((each) => !isAllowed(each))

function isAllowed({ from, to }: Import): boolean {
  const [top, layer = '', room = ''] = from.split('/')
  if (top === 'infra') return !to.startsWith('functions/') || isOpenToInfra(to)
  if (to.startsWith('infra/') || /^(aws-cdk-lib|constructs)(\/|$)/.test(to)) return false
  switch (layer) {
    case 'domain':
      return isAllowedInDomain(room, to)
    case 'http':
    case 'adapters':
      return isWithin(to, 'domain', layer) || isPackage(to)
    case 'wiring':
      return isWithin(to, 'domain', 'adapters', 'wiring') || isPackage(to)
    default:
      return isAllowedInSlice(layer, room, to)
  }
}

const isPackage = (to: string): boolean => !to.startsWith('functions/')
const isWithin = (to: string, ...folders: readonly string[]): boolean =>
  folders.some((folder) => to.startsWith(`functions/${folder}/`))

// What stands at the root of the domain is "a.ts" instead of a room.
function isAllowedInDomain(room: string, to: string): boolean {
  if (isPackage(to)) return domainPackages.test(to) || (packagesOfRooms[room]?.test(to) ?? false)
  const [, layer, target = ''] = to.split('/')
  if (layer !== 'domain') return false
  return target.endsWith('.ts') || target === room || (rooms[room]?.includes(target) ?? false)
}

function isAllowedInSlice(slice: string, file: string, to: string): boolean {
  const own = ['domain', 'http', slice]
  if (file === 'index.ts') return isPackage(to) || isWithin(to, ...own, 'wiring', 'adapters')
  if (file === 'env.ts') return isWithin(to, 'adapters/environment') || to === 'functions/domain/setting-rules.ts'
  return isPackage(to) ? !to.startsWith('@aws-sdk/') : isWithin(to, ...own)
}

// Types of variables' names, and the ranges of settings.
const isOpenToInfra = (to: string): boolean =>
  /^functions\/(?:\w+\/env|domain\/setting-rules|domain\/clients\/client-metadata)\.ts$/.test(to)

/** The circles between folders, types included, as `a -> b -> a`; each is named once. */
export function circles(imports: readonly Import[], groupOf: (path: string) => string | undefined): readonly string[] {
  const edges = new Map<string, Set<string>>()
  for (const { from, to } of imports) {
    const [a, b] = [groupOf(from), groupOf(to)]
    if (a === undefined || b === undefined || a === b) continue
    edges.set(a, (edges.get(a) ?? new Set()).add(b))
  }
  const found = new Map<string, string>()
  const visit = (node: string, path: readonly string[]): void => {
    const start = path.indexOf(node)
    if (start >= 0) {
      const circle = path.slice(start)
      found.set([...circle].sort().join(' '), [...circle, node].join(' -> '))
      return
    }
    for (const next of edges.get(node) ?? []) visit(next, [...path, node])
  }
  for (const node of edges.keys()) visit(node, [])
  return [...found.values()]
}
