import { statSync } from 'node:fs'
import { join } from 'node:path'
import { authorizerEnv, measureFirstCall, measureVerifying } from './authorizer.ts'
import { createBareLogIn } from './bare-calls.ts'
import { measureImport } from './import.ts'
import { type LocalAccount, type Login, measureLogin, warmUp } from './login.ts'
import { interleave, startUp, time } from './measure.ts'
import { measureStart } from './start.ts'
import { measureTiming } from './timing.ts'

/** `most` is what the design allows; a figure without one is there to judge the others by. */
export type Budget = {
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly most?: number
  readonly detail?: string
}

export type Bench = { readonly outdir: string; readonly account: LocalAccount; readonly login: Login }

const fileOf = (outdir: string, name: string) => join(outdir, name, 'index.mjs')

export const isMet = ({ value, most = Number.POSITIVE_INFINITY }: Budget): boolean => value <= most

/** Whatever the design sets a bound to. */
export async function measureBudgets(bench: Bench, withImport: boolean): Promise<readonly Budget[]> {
  return [
    ...measureBytes(bench),
    ...(await measureLoads(bench)),
    ...(await measureAuthorizer(bench)),
    ...(await measureLogIns(bench)),
    ...(await measureGuesses(bench)),
    { what: '`npm start` to listening', value: (await measureStart()) / 1000, unit: 's', most: 6 },
    ...(withImport ? await measureImportMemory() : []),
  ]
}

const measureBytes = ({ outdir }: Bench): readonly Budget[] =>
  Object.entries({ authorizer: 25, login: 280 }).map(([name, most]) => ({
    what: `${name} bundle`,
    value: statSync(fileOf(outdir, name)).size / 1000,
    unit: 'KB',
    most,
  }))

async function measureLoads({ outdir, account }: Bench): Promise<readonly Budget[]> {
  const load = (name: string, env: LocalAccount['env']) => async () => {
    const script = `await import(${JSON.stringify(fileOf(outdir, name))}); process.stderr.write('ready')`
    return (await startUp(script, env)).elapsed
  }
  const empty = async () => (await startUp(`process.stderr.write('ready')`, {})).elapsed
  const loads = { empty, authorizer: load('authorizer', authorizerEnv), login: load('login', account.env) }
  const loaded = await interleave(loads, 21)
  const overEmpty = (name: 'authorizer' | 'login', most: number): Budget => {
    const what = `${name} load over an empty process, warm-up included`
    return { what, value: loaded[name] - loaded.empty, unit: 'ms', most }
  }
  return [overEmpty('authorizer', 10), overEmpty('login', 60)]
}

async function measureAuthorizer({ outdir }: Bench): Promise<readonly Budget[]> {
  const first = await measureFirstCall(fileOf(outdir, 'authorizer'))
  const { ours, jose } = await measureVerifying(fileOf(outdir, 'authorizer'))
  const detail = `${ours.toFixed(0)} / ${jose.toFixed(0)} µs`
  return [
    { what: 'first authorizer call after load', value: first, unit: 'ms', most: 3 },
    { what: 'authorizer call, warm, over bare jose', value: ours / jose, unit: '×', most: 1.5, detail },
  ]
}

async function measureLogIns({ account, login }: Bench): Promise<readonly Budget[]> {
  const cold = await measureLogin(login)
  await warmUp(login, 440)
  const warm = await measureLogin(login)
  const bareLogIn = createBareLogIn(account, login.hash)
  const bare = await interleave({ login: () => time(bareLogIn), hash: () => time(login.hash) }, 60)
  const over = (what: string, cost: { readonly login: number; readonly hash: number }): Budget => {
    const detail = `${cost.login.toFixed(1)} / ${cost.hash.toFixed(1)} ms`
    return { what, value: cost.login / cost.hash, unit: '×', detail }
  }
  return [
    { ...over('log-in over its hash, after 500', warm), most: 1.3 },
    over('… the first 60 of a process', cold),
    over('… its seven calls by bare HTTP, with no code of ours', bare),
    { what: 'log-in beside its hash, CPU, after 500', value: warm.cpuBesideHash, unit: 'ms', most: 5 },
    { what: '… the first 60 of a process', value: cold.cpuBesideHash, unit: 'ms' },
  ]
}

async function measureGuesses({ outdir, account }: Bench): Promise<readonly Budget[]> {
  const { known, knownToo, unknown, imported } = await measureTiming(fileOf(outdir, 'login'), account)
  const apart = (what: string, ms: number): Budget => {
    const detail = `${ms.toFixed(2)} / ${known.toFixed(2)} ms`
    return { what: `a wrong password: ${what}`, value: Math.abs(ms - known), unit: 'ms apart', most: 10, detail }
  }
  return [
    apart('one account and another', knownToo),
    apart('nobody and an account', unknown),
    { what: 'a wrong password: an account with Werkzeug’s hash, till its first log-in', value: imported, unit: 'ms' },
  ]
}

async function measureImportMemory(): Promise<readonly Budget[]> {
  const value = await measureImport()
  if (value === undefined)
    console.log('The memory of an import is left out: only Linux tells the most that a process had.')
  const what = 'import of 100,000 users without a server, the most memory of a process'
  return value === undefined ? [] : [{ what, value, unit: 'MB', most: 200 }]
}
