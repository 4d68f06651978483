import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeReference } from '../reference/write.ts'
import { fillBlock } from './blocks.ts'
import { writeLimits } from './limits.ts'
import { writeSettings } from './settings.ts'
import { writeAlarms, writeRoutes, writeStageLimits } from './stack.ts'

type Block = readonly [name: string, write: () => string | Promise<string>]

/** Which pages have parts that come from the code. */
const blocksOf: Readonly<Record<string, readonly Block[]>> = {
  'docs/settings.md': [['settings', writeSettings]],
  'docs/http.md': [
    ['routes', writeRoutes],
    ['limits', writeLimits],
    ['stage limits', writeStageLimits],
  ],
  'docs/reference.md': [['reference', writeReference]],
  'docs/operations.md': [['alarms', writeAlarms]],
}

export const pages: readonly string[] = Object.keys(blocksOf)

/** The page as it should be. */
export async function writePageOf(root: string, path: string): Promise<string> {
  let page = readFileSync(join(root, path), 'utf8')
  for (const [name, write] of blocksOf[path] ?? []) page = fillBlock(page, name, await write())
  return page
}
