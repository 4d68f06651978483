import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { packagesOf } from '../../infra/build/bundle.ts'
import { type Comparison, type Row, rowsOf } from './comparison.ts'

const rivals = ['usual-authorizer', 'aws-jwt-verify-authorizer', 'usual-login', 'openauth-issuer', 'better-auth']

/** How they are called in tables. */
export const names: Readonly<Record<string, string>> = {
  authorizer: 'our authorizer',
  login: 'our log-in',
  'usual-authorizer': 'authorizer of jose, middy, Powertools',
  'aws-jwt-verify-authorizer': 'authorizer of aws-jwt-verify',
  'usual-login': 'log-in of the SDK, middy, Powertools, zod, jose',
  'usual-login-esm': '… the SDK taken as ES modules, as ours is',
  'openauth-issuer': 'OpenAuth, issuer with its DynamoDB storage',
  'better-auth': 'better-auth, e-mail and password, no database',
}

export type Packages = Readonly<Record<string, readonly string[]>>

/** Which packages are in each bundle. */
export async function bundleRivals(outdir: string): Promise<Packages> {
  return {
    ...(await bundleEntries(outdir, Object.fromEntries(rivals.map((name) => [name, name])))),
    ...(await bundleEntries(outdir, { 'usual-login-esm': 'usual-login' }, { mainFields: ['module', 'main'] })),
  }
}

/** As esbuild bundles without more ado than minifying, save for `options`. Packages in CommonJS want a `require`. */
async function bundleEntries(
  outdir: string,
  entries: Readonly<Record<string, string>>,
  options: BuildOptions = {},
): Promise<Packages> {
  const { metafile } = await build({
    ...options,
    absWorkingDir: outdir,
    entryPoints: Object.entries(entries).map(([out, name]) => ({
      in: join(import.meta.dirname, 'rivals', `${name}.js`),
      out: `${out}/index`,
    })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    metafile: true,
    logLevel: 'error',
  })
  return Object.fromEntries(
    Object.keys(entries).map((name) => [name, packagesOf(metafile.outputs[`${name}/index.mjs`])]),
  )
}

export type Rounds = Readonly<Record<string, readonly number[]>>

const isAuthorizer = (name: string) => name.includes('authorizer')

/** Authorizers beside our authorizer, and log-ins beside our log-in: a log-in beside an authorizer would say nothing. */
export function rowsBesideOurs(rounds: Rounds, notes: Readonly<Record<string, string>> = {}): readonly Row[] {
  const isOurs = (name: string) => name.startsWith('our ')
  const named = Object.entries(rounds).map(([name, values]) => [names[name] ?? name, values] as const)
  const authorizers = Object.fromEntries(named.filter(([name]) => isAuthorizer(name)))
  const logIns = Object.fromEntries(named.filter(([name]) => !isAuthorizer(name)))
  const noteOn = (name: string) => notes[name] ?? ''
  return [...rowsOf(authorizers, 'our authorizer', isOurs, noteOn), ...rowsOf(logIns, 'our log-in', isOurs, noteOn)]
}

const countOf = (packages: readonly string[] = []) =>
  packages.length === 1 ? `${packages[0]} alone` : `${packages.length} packages`

export function compareBytes(outdir: string, packages: Packages): Comparison {
  const bytes = Object.keys(names).map((name) => [name, [statSync(join(outdir, name, 'index.mjs')).size / 1000]])
  const notes = Object.fromEntries(Object.entries(names).map(([key, name]) => [name, countOf(packages[key])]))
  return {
    title: 'Bundles',
    says: `Minified; authorizers beside our authorizer, log-ins beside our log-in. The log-ins do not do the same: OpenAuth brings pages and
storage, better-auth a framework.`,
    unit: 'KB',
    rows: rowsBesideOurs(Object.fromEntries(bytes), notes),
  }
}
