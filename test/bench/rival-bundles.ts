import { statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type Comparison, rowsOf } from './comparison.ts'

const rivals = ['usual-authorizer', 'aws-jwt-verify-authorizer', 'usual-login', 'openauth-issuer', 'better-auth']

/** How they are called in tables. */
export const names: Readonly<Record<string, string>> = {
  authorizer: 'our authorizer',
  login: 'our log-in',
  'usual-authorizer': 'authorizer of jose, middy, Powertools',
  'aws-jwt-verify-authorizer': 'authorizer of aws-jwt-verify',
  'usual-login': 'log-in of the SDK, middy, Powertools, zod, jose',
  'openauth-issuer': 'OpenAuth, issuer with its DynamoDB storage',
  'better-auth': 'better-auth, e-mail and password, no database',
}

/** As esbuild bundles without more ado than minifying. Packages in CommonJS want a `require`. */
export async function bundleRivals(outdir: string): Promise<void> {
  await build({
    entryPoints: rivals.map((name) => ({
      in: join(import.meta.dirname, 'rivals', `${name}.js`),
      out: `${name}/index`,
    })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  })
}

export type Rounds = Readonly<Record<string, readonly number[]>>

export const rowsBesideOurs = (rounds: Rounds) => {
  const named = Object.entries(rounds).map(([name, values]) => [names[name] ?? name, values])
  return rowsOf(Object.fromEntries(named), 'our authorizer', (name) => name.startsWith('our '))
}

export function compareBytes(outdir: string): Comparison {
  const bytes = Object.keys(names).map((name) => [name, [statSync(join(outdir, name, 'index.mjs')).size / 1000]])
  return {
    title: 'Bundles',
    says: 'Minified. The log-ins do not do the same: OpenAuth brings pages and storage, better-auth a framework.',
    unit: 'KB',
    rows: rowsBesideOurs(Object.fromEntries(bytes)),
  }
}
