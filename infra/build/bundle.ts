import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { type BuildOptions, build, type Message, type Metafile, type Plugin } from 'esbuild'

export type Bundle = {
  readonly name: string
  readonly bytes: number
  /** The packages of node_modules that left at least one byte in the bundle, sorted. */
  readonly packages: readonly string[]
}

const root = join(import.meta.dirname, '../..')

/**
 * Bundles every folder of `source` that has an index.ts into `<outdir>/<folder>/index.mjs`. A package or a file of ours that
 * is imported when it is needed is a file of its own beside it, so that it costs nothing at load.
 */
export async function bundle(
  outdir: string = join(root, 'dist'),
  source: string = join(root, 'functions'),
): Promise<readonly Bundle[]> {
  const names = await functionNames(source)
  const { plugin, entries } = importsApart()
  const { outputFiles, metafile } = await build(options(source, names, plugin)).catch(rethrowInOneSentence)
  await putApart(metafile, entries, outdir, names)
  return Promise.all(
    names.map(async (name) => {
      const file = outputFiles.find(({ path }) => path === join(root, 'dist', name, 'index.mjs'))
      if (!file) throw new Error(`Bundling failed: esbuild made nothing of ${name}.`)
      await put(file.contents, outdir, name, 'index.mjs')
      return { name, bytes: file.contents.length, packages: packagesOf(metafile.outputs[`dist/${name}/index.mjs`]) }
    }),
  )
}

async function functionNames(source: string): Promise<readonly string[]> {
  const names = (await readdir(source)).filter((name) => existsSync(join(source, name, 'index.ts')))
  if (names.length === 0) throw new Error(`Bundling failed: no folder of ${source} has an index.ts.`)
  return names.sort()
}

const common = {
  absWorkingDir: root,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Without it the SDK comes as CommonJS, which is half as big again.
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  write: false,
  logLevel: 'silent',
} as const satisfies BuildOptions

function options(source: string, names: readonly string[], apart: Plugin) {
  return {
    ...common,
    entryPoints: names.map((name) => ({ in: join(source, name, 'index.ts'), out: `${name}/index` })),
    outdir: 'dist',
    loader: { '.txt': 'text' },
    alias: {
      '@aws-sdk/credential-provider-node': './infra/build/lambda-credentials.ts',
      '@smithy/core/event-streams': './infra/build/no-event-streams.ts',
    },
    plugins: [apart, builtinsByGetter],
    metafile: true,
  } as const satisfies BuildOptions
}

// Node's ESM form of node:http reads every lazy export and so loads undici, 34 ms of a cold start. These read an export only
// where it is imported: esbuild drops the others, and, with ES modules on both sides, its helpers for CommonJS too.
const builtinsByGetter: Plugin = {
  name: 'builtins-by-getter',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z]/ }, ({ path, kind }) => {
      const namespace = kind === 'import-statement' ? 'imported-builtin' : 'required-builtin'
      return isBuiltin(path) ? { path, namespace } : undefined
    })
    onLoad({ filter: /.*/, namespace: 'required-builtin' }, ({ path }) => ({
      contents: `module.exports = ${builtin(path)}`,
    }))
    onLoad({ filter: /.*/, namespace: 'imported-builtin' }, async ({ path }) => ({
      contents: await importedBuiltin(path),
    }))
  },
}

const builtin = (path: string) => `/* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(path)})`

// Of a fresh process: what `process` has depends on how this one was started, and the names of exports decide how esbuild
// shortens all others, even where they are not imported.
const readBuiltinExports = async (): Promise<Readonly<Record<string, readonly string[]>>> => {
  const script = `const { builtinModules } = process.getBuiltinModule('module')
    const exportsOf = (name) => [name, Object.keys(process.getBuiltinModule(name) ?? {})]
    console.log(JSON.stringify(Object.fromEntries(builtinModules.map(exportsOf))))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--eval', script], { env: {} })
  return JSON.parse(stdout)
}

let builtinExports: ReturnType<typeof readBuiltinExports> | undefined

async function importedBuiltin(path: string): Promise<string> {
  builtinExports ??= readBuiltinExports()
  const exports = (await builtinExports)[path.replace(/^node:/, '')] ?? []
  const names = exports.filter((name) => name !== 'default')
  return [
    `const $builtin = ${builtin(path)}`,
    'const $read = (name) => $builtin[name]',
    'export default $builtin',
    ...names.map((name) => `export const ${name} = /* @__PURE__ */ $read(${JSON.stringify(name)})`),
  ].join('\n')
}

// Several may bundle at once, in one process too, so a file is replaced whole and no reader ever sees half of it. One that
// is up to date is left alone, so that nothing changes under those who read it.
async function put(contents: Uint8Array, outdir: string, name: string, file: string): Promise<void> {
  const present = await readFile(join(outdir, name, file)).catch(() => undefined)
  if (present?.equals(contents)) return
  const draft = join(outdir, `.${name}.${randomUUID()}`)
  await mkdir(join(outdir, name), { recursive: true })
  await writeFile(draft, contents)
  await rename(draft, join(outdir, name, file))
}

/** What functions import by an expression, with the file that it becomes beside them. */
type Apart = { readonly plugin: Plugin; readonly entries: ReadonlyMap<string, string> }

/**
 * Leaves out of a bundle what it imports by an expression: a package without a slash in its name, such as
 * `await import('bcryptjs')`, and one of our own files, such as `await import('./rare-schemes.ts')`.
 */
function importsApart(): Apart {
  const entries = new Map<string, string>()
  const plugin: Plugin = {
    name: 'imports-apart',
    setup({ onResolve }) {
      onResolve({ filter: /^[a-z][\w-]*$|^\..*\.ts$/ }, ({ path, kind, resolveDir }) => {
        if (kind !== 'dynamic-import' || isBuiltin(path)) return undefined
        const file = `${basename(path, '.ts')}.mjs`
        const entry = path.startsWith('.') ? join(resolveDir, path) : path
        if ((entries.get(file) ?? entry) !== entry)
          return { errors: [{ text: `Two imports would both become ${file}.` }] }
        entries.set(file, entry)
        return { path: `./${file}`, external: true }
      })
    },
  }
  return { plugin, entries }
}

/** Puts what each function imports when it needs it beside it. */
async function putApart(
  { outputs }: Metafile,
  entries: Apart['entries'],
  outdir: string,
  names: readonly string[],
): Promise<void> {
  const built = new Map(
    await Promise.all([...entries].map(async ([file, entry]) => [file, await bundleApart(entry)] as const)),
  )
  const wanted = names.flatMap((name) =>
    (outputs[`dist/${name}/index.mjs`]?.imports ?? [])
      .filter(({ kind, external }) => kind === 'dynamic-import' && external)
      .map(({ path }) => ({ name, file: path.slice('./'.length) })),
  )
  await Promise.all(wanted.map(({ name, file }) => put(built.get(file) ?? new Uint8Array(), outdir, name, file)))
}

async function bundleApart(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...common,
    plugins: [builtinsByGetter],
    entryPoints: [entry],
    outdir: 'dist',
  }).catch(rethrowInOneSentence)
  return outputFiles[0]?.contents ?? new Uint8Array()
}

/** The packages of node_modules that left at least one byte in what esbuild made, sorted. */
export function packagesOf(output: Metafile['outputs'][string] | undefined): readonly string[] {
  const inputs = Object.entries(output?.inputs ?? {})
  const packages = inputs.map(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] : undefined,
  )
  return [...new Set(packages.filter((found) => found !== undefined))].sort()
}

function rethrowInOneSentence(failure: Error & { readonly errors?: readonly Message[] }): never {
  const causes = (failure.errors ?? []).map(({ location, text }) =>
    location ? `${location.file}:${location.line}: ${text}` : text,
  )
  throw new Error(`Bundling failed: ${causes.join('; ') || failure.message}`, { cause: failure })
}
