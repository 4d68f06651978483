import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { type BuildOptions, build, type Message, type Metafile, type Plugin } from 'esbuild'
import { functionNames } from './function-names.ts'

export type Bundle = {
  readonly name: string
  readonly bytes: number
  /** The packages of node_modules that left at least one byte in the bundle, sorted. */
  readonly packages: readonly string[]
}

/** What was read and written to make bundles, by absolute paths. */
export type Trace = { readonly inputs: readonly string[]; readonly outputs: readonly string[] }

const root = join(import.meta.dirname, '../..')

/**
 * Bundles every folder of `source` that has an index.ts into `<outdir>/<folder>/index.mjs`. A package or a file of ours that
 * is imported when it is needed is a file of its own beside it, so that it costs nothing at load.
 */
export async function bundle(outdir?: string, source?: string): Promise<readonly Bundle[]> {
  return (await bundleAndTrace(outdir, source)).bundles
}

/** Does so, and tells what it was made of and what it made. */
export async function bundleAndTrace(
  outdir: string = join(root, 'dist'),
  source: string = join(root, 'functions'),
): Promise<{ readonly bundles: readonly Bundle[]; readonly trace: Trace }> {
  // esbuild is a Go program that the first build starts. Without a limit it takes more than the 200 MB of an import.
  process.env['GOMEMLIMIT'] ??= '150MiB'
  const names = await functionNames(source)
  const { plugin, entries } = importsApart()
  const { outputFiles, metafile } = await build(options(source, names, plugin)).catch(rethrowInOneSentence)
  const apart = await putApart(metafile, entries, outdir, names)
  const made = await Promise.all(
    names.map(async (name) => {
      const file = outputFiles.find(({ path }) => path === join(root, 'dist', name, 'index.mjs'))
      if (!file) throw new Error(`Bundling failed: esbuild made nothing of ${name}.`)
      const output = await put(file.contents, outdir, name, 'index.mjs')
      const packages = packagesOf(metafile.outputs[`dist/${name}/index.mjs`])
      return { output, bundle: { name, bytes: file.contents.length, packages } }
    }),
  )
  const trace = {
    inputs: [...new Set([...filesOf(metafile), ...apart.inputs])],
    outputs: [...made.map(({ output }) => output), ...apart.outputs],
  }
  return { bundles: made.map((each) => each.bundle), trace }
}

// The modules of a plugin are no files: their names start with a namespace.
const filesOf = ({ inputs }: Metafile): readonly string[] =>
  Object.keys(inputs)
    .filter((path) => !/^[\w-]+-builtin:/.test(path))
    .map((path) => join(root, path))

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
    plugins: [apart, builtinsByGetter, onlyVersions],
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

// Of its package.json a client of the SDK reads the version only, and esbuild would keep all of it.
const onlyVersions: Plugin = {
  name: 'only-versions',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[a-z-]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'))
      return { contents: JSON.stringify({ version }), loader: 'json' }
    })
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
async function put(contents: Uint8Array, outdir: string, name: string, file: string): Promise<string> {
  const path = join(outdir, name, file)
  const present = await readFile(path).catch(() => undefined)
  if (present?.equals(contents)) return path
  const draft = join(outdir, `.${name}.${randomUUID()}`)
  await mkdir(join(outdir, name), { recursive: true })
  await writeFile(draft, contents)
  await rename(draft, path)
  return path
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
): Promise<Trace> {
  const built = new Map(
    await Promise.all([...entries].map(async ([file, entry]) => [file, await bundleApart(entry)] as const)),
  )
  const wanted = names.flatMap((name) =>
    (outputs[`dist/${name}/index.mjs`]?.imports ?? [])
      .filter(({ kind, external }) => kind === 'dynamic-import' && external)
      .map(({ path }) => ({ name, file: path.slice('./'.length) })),
  )
  const paths = wanted.map(({ name, file }) => put(built.get(file)?.contents ?? new Uint8Array(), outdir, name, file))
  return { inputs: [...built.values()].flatMap(({ inputs }) => inputs), outputs: await Promise.all(paths) }
}

async function bundleApart(
  entry: string,
): Promise<{ readonly contents: Uint8Array; readonly inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    ...common,
    metafile: true,
    plugins: [builtinsByGetter],
    entryPoints: [entry],
    outdir: 'dist',
  }).catch(rethrowInOneSentence)
  return { contents: outputFiles[0]?.contents ?? new Uint8Array(), inputs: filesOf(metafile) }
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
