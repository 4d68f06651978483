import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { bundle } from './bundle.ts'

const root = join(import.meta.dirname, '../..')

/**
 * Builds what others install: the construct as JavaScript, since Node strips no types in node_modules, its types, and the
 * bundles of its functions, so that whoever synthesises with it builds nothing.
 */
export async function buildPackage(dist: string): Promise<void> {
  // The bundle of a function that is gone must not travel along.
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
  })
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const project = join(root, 'infra/build/package.tsconfig.json')
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', join(dist, 'types')], { stdio: 'inherit' })
}
