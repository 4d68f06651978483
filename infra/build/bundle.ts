import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { type BuildOptions, build, type Message, type Metafile, type Plugin } from 'esbuild'

export type Bundle = {
  readonly name: string
  readonly bytes: number
  /** The packages of node_modules that left at least one byte in the bundle, sorted. */
  readonly packages: readonly string[]
}

const root = join(import.meta.dirname, '../..')

/**
 * Bundles every folder of `source` that has an index.ts into `<outdir>/<folder>/index.mjs`. A package that is imported when
 * it is needed is a file of its own beside it, so that it costs nothing at load.
 */
export async function bundle(
  outdir: string = join(root, 'dist'),
  source: string = join(root, 'functions'),
): Promise<readonly Bundle[]> {
  const names = await functionNames(source)
  const { outputFiles, metafile } = await build(options(source, names)).catch(rethrowInOneSentence)
  await putPackages(metafile, outdir, names)
  return Promise.all(
    names.map(async (name) => {
      const file = outputFiles.find(({ path }) => path.endsWith(join(name, 'index.mjs')))
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

function options(source: string, names: readonly string[]) {
  return {
    ...common,
    entryPoints: names.map((name) => ({ in: join(source, name, 'index.ts'), out: `${name}/index` })),
    outdir: 'dist',
    loader: { '.txt': 'text' },
    alias: {
      '@aws-sdk/credential-provider-node': './infra/build/lambda-credentials.ts',
      '@smithy/core/event-streams': './infra/build/no-event-streams.ts',
    },
    plugins: [packagesApart, builtinsByGetter],
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
    onLoad({ filter: /.*/, namespace: 'imported-builtin' }, ({ path }) => ({ contents: importedBuiltin(path) }))
  },
}

const builtin = (path: string) => `/* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(path)})`

function importedBuiltin(path: string): string {
  const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter((name) => name !== 'default')
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

// A package without a slash in its name that is imported by an expression, such as `await import('bcryptjs')`.
const packagesApart: Plugin = {
  name: 'packages-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^[a-z][\w-]*$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' && !isBuiltin(path) ? { path: `./${path}.mjs`, external: true } : undefined,
    )
  },
}

/** Puts the packages that each function imports when it needs them beside it. */
async function putPackages({ outputs }: Metafile, outdir: string, names: readonly string[]): Promise<void> {
  const wanted = names.flatMap((name) =>
    (outputs[`dist/${name}/index.mjs`]?.imports ?? [])
      .filter(({ kind, external }) => kind === 'dynamic-import' && external)
      .map(({ path }) => ({ name, file: path.slice(2) })),
  )
  const files = [...new Set(wanted.map(({ file }) => file))]
  const built = new Map(await Promise.all(files.map(async (file) => [file, await bundlePackage(file)] as const)))
  await Promise.all(wanted.map(({ name, file }) => put(built.get(file) ?? new Uint8Array(), outdir, name, file)))
}

async function bundlePackage(file: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...common,
    plugins: [builtinsByGetter],
    entryPoints: [file.replace(/\.mjs$/, '')],
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
