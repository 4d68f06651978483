import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

type Diagnostic = {
  readonly location: { readonly path: string; readonly range: { readonly start: { readonly line: number } } }
}

const root = join(import.meta.dirname, '../..')

/** Which of these imports biome.json refuses, file by file, in a scratch folder that is laid out as the project is. */
export function refusedImports(
  files: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'imports-'))
  for (const name of ['biome.json', '.gitignore']) copyFileSync(join(root, name), join(folder, name))
  for (const [path, lines] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), lines.map((line) => `${line}\n`).join(''))
  }
  const diagnostics = lint(folder)
  const isRefused = (path: string, index: number) =>
    diagnostics.some(({ location }) => location.path === path && location.range.start.line === index + 1)
  const refused = ([path, lines]: [string, readonly string[]]) =>
    [path, lines.filter((_, index) => isRefused(path, index))] as const
  return Object.fromEntries(Object.entries(files).map(refused))
}

function lint(folder: string): readonly Diagnostic[] {
  const options = ['--only=style/noRestrictedImports', '--max-diagnostics=none', '--reporter=rdjson']
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/biome'), ['lint', ...options], {
    cwd: folder,
    encoding: 'utf8',
  })
  return JSON.parse(stdout).diagnostics
}
