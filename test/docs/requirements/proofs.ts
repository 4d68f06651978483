import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A test file and the numbers of the requirements that it names, ascending. */
export type Proof = { readonly path: string; readonly numbers: readonly number[] }

/** All files under `test/` that name a requirement, sorted by path. */
export function readProofs(root: string): readonly Proof[] {
  const exclude = ['test/docs/requirements*', 'test/docs/requirements/*', 'test/*/node_modules']
  return globSync('test/**/*.ts', { cwd: root, exclude })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, numbers: readNumbers(readFileSync(join(root, path), 'utf8')) }))
    .filter(({ numbers }) => numbers.length > 0)
}

/** The requirements that a source names: `REQ-83`, or `REQ-7 to REQ-12` for a range. */
export function readNumbers(source: string): readonly number[] {
  const found = [...source.matchAll(/\bREQ-(\d+)(?: to REQ-(\d+))?/g)].flatMap(([, from, to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, step) => Number(from) + step),
  )
  return [...new Set(found)].sort((a, b) => a - b)
}
