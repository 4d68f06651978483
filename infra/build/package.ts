import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
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

// The package has no stack of its own to serve: without a server its commands work on AWS.
const withoutOwnStack: Plugin = {
  name: 'without-own-stack',
  setup({ onLoad }) {
    const refusing = (name: string, sentence: string) => ({
      contents: `export const ${name} = async () => { throw new Error(${JSON.stringify(sentence)}) }`,
    })
    const where = 'start one by latchkey start, or say which function in AWS: --stack NAME or --function NAME.'
    onLoad({ filter: /open-own-stack\.ts$/ }, () => refusing('openOwnStack', `No server runs here: ${where}`))
    const inClone = 'This works in a clone of Latchkey only.'
    onLoad({ filter: /command-line[\\/]start\.ts$/ }, () => refusing('serve', inClone))
    onLoad({ filter: /infra[\\/]create-app\.ts$/ }, () =>
      refusing('createApp', 'Say which stack: --template cdk.out/STACK.template.json, after npx cdk synth.'),
    )
  },
}

const common: BuildOptions = { bundle: true, platform: 'node', target: 'node20' }

const construct: BuildOptions = {
  ...common,
  entryPoints: [join(root, 'infra', 'index.ts')],
  packages: 'external',
  plugins: [staticSpecs],
}

/**
 * Builds what others install: the construct as JavaScript, because Node strips no types in node_modules, for ES modules and
 * for CommonJS, each with its types; the command; and the bundles of the functions, so that an app that uses it builds
 * nothing.
 */
export async function buildPackage(dist: string): Promise<void> {
  // Without the bundle of a function that no longer exists.
  rmSync(dist, { recursive: true, force: true })
  await bundle(dist)
  await build({ ...construct, outfile: join(dist, 'infra/index.js'), format: 'esm' })
  const define = { 'import.meta.dirname': '__dirname' }
  await build({ ...construct, outfile: join(dist, 'cjs/index.js'), format: 'cjs', define })
  const program: BuildOptions = { ...common, format: 'esm', minify: true, legalComments: 'none' }
  await build({
    ...program,
    // What serves an app is loaded only by those who want it.
    entryPoints: [join(root, 'infra/command-line/main.ts')],
    outdir: join(dist, 'command-line'),
    splitting: true,
    mainFields: ['module', 'main'],
    external: ['dynalite', 'level'],
    plugins: [withoutOwnStack],
  })
  // The sandbox of a function is a program of its own.
  const sandbox = 'lambda-bootstrap.mjs'
  await build({
    ...program,
    entryPoints: [join(root, 'infra/local/lambda', sandbox)],
    outfile: join(dist, 'command-line', sandbox),
  })
  cpSync(join(root, 'infra/command-line/latchkey.cjs'), join(dist, 'command-line/latchkey.cjs'))
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const project = join(root, 'infra/build/package.tsconfig.json')
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', join(dist, 'types')], { stdio: 'inherit' })
  // TypeScript takes the kind of a module from the package.json above its types.
  cpSync(join(dist, 'types'), join(dist, 'cjs/types'), { recursive: true })
  writeFileSync(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n')
}
