import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The folders that become a function each, sorted. @throws Error for a folder without any. */
export async function functionNames(source: string): Promise<readonly string[]> {
  const names = (await readdir(source)).filter((name) => existsSync(join(source, name, 'index.ts')))
  if (names.length === 0) throw new Error(`Bundling failed: no folder of ${source} has an index.ts.`)
  return names.sort()
}
