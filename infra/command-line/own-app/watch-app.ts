import { existsSync, readFileSync, watch } from 'node:fs'
import { join, matchesGlob, relative, resolve } from 'node:path'
import type { AppLine } from './app-line.ts'

// How long nothing more must change, in milliseconds: editors write a file several times.
const calm = 200

/** Calls `serve` after the app's files have changed, one call after another; what goes wrong is told and not the end. */
export function watchApp({ folder, data }: Pick<AppLine, 'folder' | 'data'>, serve: () => Promise<void>): Disposable {
  const isWatched = createFilter(folder, data)
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const watcher = watch(folder, { recursive: true }, (_, name) => {
    if (name === null || !isWatched(name)) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running
        .then(serve)
        .catch((error) => void process.stderr.write(`The change is not served: ${Object(error).message}\n`))
    }, calm)
  })
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      watcher.close()
    },
  }
}

/** Which files count: those of `watch` in cdk.json, as for `cdk watch`, without what a synthesis writes. */
function createFilter(folder: string, data: string): (file: string) => boolean {
  const { include = ['**'], exclude = [] } = readWatch(folder)
  const never = ['node_modules', 'cdk.out', relative(folder, resolve(data))]
  const matches = (patterns: readonly string[], file: string) =>
    patterns.some((pattern) => matchesGlob(file, pattern) || file === pattern || file.startsWith(`${pattern}/`))
  return (file) =>
    !file.split(/[\\/]/).some((part) => part.startsWith('.') || part === 'node_modules') &&
    !matches(never, file) &&
    matches([include].flat(), file) &&
    !matches([exclude].flat(), file)
}

type Watch = { readonly include?: string | readonly string[]; readonly exclude?: string | readonly string[] }

function readWatch(folder: string): Watch {
  const file = join(folder, 'cdk.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).watch ?? {}) : {}
}
