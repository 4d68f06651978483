import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { bundle } from './bundle.ts'

const root = join(import.meta.dirname, '../..')

// The package has its function specs as a list of imports: it must load without top-level await, which CommonJS apps
// cannot require, and has no folder to read.
const staticSpecs: Plugin = {
  name: 'static-specs',
  setup({ onLoad }) {
    onLoad({ filter: /construct[\\/]function-specs\.ts$/ }, ({ path }) => {
      const folder = join(path, '../functions')
      const files = readdirSync(folder).sort()
      const imports = files.map((file, index) => `import { spec as spec${index} } from './functions/${file}'`)
      const list = `export const functionSpecs = [${files.map((_, index) => `spec${index}`).join(', ')}]`
      return { contents: [...imports, list].join('\n'), loader: 'ts', resolveDir: join(path, '..') }
    })
  },
}

/**
 * Builds what others install: the construct as JavaScript, because Node strips no types in node_modules, its types, and
 * the bundles of its functions, so that an app that uses it builds nothing.
 */
export async function buildPackage(dist: string): Promise<void> {
  // Without the bundle of a function that no longer exists.
  rmSync(dist, { recursive: true, force: true })
  await bundle(dist)
  await build({
    entryPoints: [join(root, 'infra', 'index.ts')],
    outfile: join(dist, 'infra/index.js'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    plugins: [staticSpecs],
  })
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const project = join(root, 'infra/build/package.tsconfig.json')
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', join(dist, 'types')], { stdio: 'inherit' })
}
