import { hash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { functionNames } from './function-names.ts'

type Places = {
  readonly outdir: string
  readonly source: string
  /** Where it is kept what `outdir` was made of. */
  readonly record: string
}

/** Of all files that bundles were made of, and of the bundles, the hashes by their paths. */
type Made = {
  /** A project may be copied with its record, whose paths then lead to the one that it was copied from. */
  readonly outdir: string
  readonly node: string
  readonly names: readonly string[]
  readonly hashes: Readonly<Record<string, string>>
}

const root = join(import.meta.dirname, '../..')
const project: Places = {
  outdir: join(root, 'dist'),
  source: join(root, 'functions'),
  record: join(root, 'node_modules/.cache/latchkey/bundles.json'),
}

// What decides how a source becomes a bundle, beside Node, whose built-ins have other exports in another version.
const settings = ['package.json', 'tsconfig.json', 'node_modules/.package-lock.json', 'infra/build/bundle.ts'].map(
  (file) => join(root, file),
)

let ensured: Promise<void> | undefined

/** Bundles the functions of the project, unless they are up to date. A process asks once. */
export function ensureBundled(): Promise<void> {
  ensured ??= bundleWhatChanged(project)
  return ensured
}

/**
 * Bundles, unless all that the bundles would be made of is what it was when they were made, and so are they. Compared is
 * what the files hold, not their times.
 */
export async function bundleWhatChanged({ outdir, source, record }: Places): Promise<void> {
  if (await isUpToDate({ outdir, source, record })) return
  const { bundleAndTrace } = await import('./bundle.ts')
  const start = Date.now()
  const { bundles, trace } = await bundleAndTrace(outdir, source)
  const inputs = [...settings, ...trace.inputs]
  // What is changed meanwhile may have been read before or after.
  if (inputs.some((file) => statSync(file).mtimeMs >= start)) return
  const made: Made = {
    outdir,
    node: process.version,
    names: bundles.map(({ name }) => name),
    hashes: Object.fromEntries([...inputs, ...trace.outputs].map((file) => [file, hashOf(file)])),
  }
  putWhole(record, JSON.stringify(made))
}

async function isUpToDate({ outdir, source, record }: Places): Promise<boolean> {
  try {
    const { node, names, hashes, ...made }: Made = JSON.parse(readFileSync(record, 'utf8'))
    return (
      made.outdir === outdir &&
      node === process.version &&
      JSON.stringify(await functionNames(source)) === JSON.stringify(names) &&
      Object.entries(hashes).every(([file, hash]) => hashOf(file) === hash)
    )
  } catch {
    return false
  }
}

// A thousand small files are read twice as fast one after the other as all at once.
const hashOf = (file: string): string => hash('sha256', readFileSync(file))

function putWhole(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(draft, text)
  renameSync(draft, file)
}
