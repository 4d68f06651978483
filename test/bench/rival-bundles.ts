import { statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { authorizerEnv, event } from './authorizer.ts'
import type { Comparison, Row } from './comparison.ts'
import type { LocalAccount } from './login.ts'
import { interleave, startUp } from './measure.ts'

const rivals = ['usual-authorizer', 'aws-jwt-verify-authorizer', 'usual-login', 'openauth-issuer', 'better-auth']

const names: Readonly<Record<string, string>> = {
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

const isOurs = (name: string) => !rivals.includes(name)
const rowOf = (name: string, value: number): Row => ({ name: names[name] ?? name, value, ours: isOurs(name) })

export function compareBytes(outdir: string): Comparison {
  const rows = Object.keys(names).map((name) => rowOf(name, statSync(join(outdir, name, 'index.mjs')).size / 1000))
  return {
    title: 'Bundles',
    says: 'Minified. The log-ins do not do the same: OpenAuth brings pages and storage, better-auth a framework.',
    unit: 'KB',
    base: 'our authorizer',
    rows,
  }
}

/** Milliseconds to load a bundle in a fresh process, over one that loads nothing. */
export async function compareLoads(outdir: string, account: LocalAccount): Promise<Comparison> {
  const load = (name: string) => async () => {
    const script = `await import(${JSON.stringify(join(outdir, name, 'index.mjs'))}); process.stderr.write('ready')`
    return (await startUp(script, { ...account.env, ...authorizerEnv })).elapsed
  }
  const contenders: Readonly<Record<string, () => Promise<number>>> = Object.fromEntries(
    Object.keys(names).map((name) => [name, load(name)]),
  )
  const empty = async () => (await startUp(`process.stderr.write('ready')`, {})).elapsed
  const { empty: nothing = Number.NaN, ...loaded }: Readonly<Record<string, number>> = await interleave(
    { empty, ...contenders },
    15,
  )
  return {
    title: 'Loading, in a fresh process',
    says: 'Over a process that loads nothing. Ours check a token and open their connections at load, so that the first caller does not wait.',
    unit: 'ms',
    base: 'our authorizer',
    rows: Object.entries(loaded).map(([name, value]) => rowOf(name, value - nothing)),
  }
}

/** Milliseconds of the first call of an authorizer, in a fresh process. */
export async function compareFirstCalls(outdir: string): Promise<Comparison> {
  const call = (name: string) => async () => {
    const script = `
      const { handler } = await import(${JSON.stringify(join(outdir, name, 'index.mjs'))})
      const start = process.hrtime.bigint()
      const { isAuthorized } = await handler(${JSON.stringify(event)}, { awsRequestId: 'bench' })
      if (!isAuthorized) throw new Error('A good token was refused.')
      process.stderr.write('first:' + Number(process.hrtime.bigint() - start) / 1e6 + ';ready')`
    const { heard } = await startUp(script, authorizerEnv)
    return Number(/first:([\d.]+);/.exec(heard)?.[1])
  }
  const authorizers = Object.keys(names).filter((name) => name.includes('authorizer'))
  const measured = await interleave(Object.fromEntries(authorizers.map((name) => [name, call(name)])), 15)
  return {
    title: 'First call of an authorizer',
    says: 'After load, here with a whole CPU; a Lambda of 128 MB has a fourteenth of one.',
    unit: 'ms',
    base: 'our authorizer',
    rows: Object.entries(measured).map(([name, value]) => rowOf(name, value)),
  }
}
