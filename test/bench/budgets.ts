import { statSync } from 'node:fs'
import { join } from 'node:path'
import { authorizerEnv, measureWarmCalls } from './authorizer.ts'
import { createBareLogIn } from './bare-calls.ts'
import { measureImport } from './import.ts'
import { type LocalAccount, type Login, measureLogin, warmUp } from './login.ts'
import { interleave } from './measure.ts'
import type { Packages } from './rival-bundles.ts'
import { firstCall, timeStart } from './rival-starts.ts'
import { measureRecoveries, measureTiming } from './timing.ts'

/** A ratio of one run, bytes or a count; `max` is what the design allows. One without it is there to judge the others by. */
export type Budget = {
  readonly what: string
  readonly value: number
  readonly unit: '×' | 'KB' | 'packages' | 'MB'
  readonly max?: number
}

export type Bench = {
  readonly outdir: string
  readonly packages: Packages
  readonly account: LocalAccount
  readonly login: Login
}

const fileOf = (outdir: string, name: string) => join(outdir, name, 'index.mjs')

export const isMet = ({ value, max = Number.POSITIVE_INFINITY }: Budget): boolean => value <= max

/** Everything that the design sets a bound to. */
export async function measureBudgets(bench: Bench, withImport: boolean): Promise<readonly Budget[]> {
  return [
    ...measureBytes(bench),
    ...(await measureStarts(bench)),
    await measureWarmAuthorizer(bench),
    ...(await measureLogIns(bench)),
    ...(await measureGuesses(bench)),
    ...(await measureRecoveryTimes(bench)),
    ...(withImport ? await measureImportMemory() : []),
  ]
}

const measureBytes = ({ outdir, packages }: Bench): readonly Budget[] => [
  ...Object.entries({ authorizer: 9, login: 290 }).map(([name, max]) => ({
    what: `${name} bundle`,
    value: statSync(fileOf(outdir, name)).size / 1000,
    unit: 'KB' as const,
    max,
  })),
  { what: 'packages in the authorizer', value: packages['authorizer']?.length ?? Number.NaN, unit: 'packages', max: 0 },
]

async function measureStarts({ outdir, account }: Bench): Promise<readonly Budget[]> {
  const authorizer = (name: string) => async () => {
    const { load, call } = await timeStart(fileOf(outdir, name), authorizerEnv, firstCall)
    return load + call
  }
  const login = (name: string) => async () => (await timeStart(fileOf(outdir, name), account.env)).load
  const starts = await interleave(
    {
      authorizer: authorizer('authorizer'),
      'aws-jwt-verify-authorizer': authorizer('aws-jwt-verify-authorizer'),
      login: login('login'),
      'usual-login': login('usual-login'),
    },
    31,
  )
  return [
    {
      what: 'authorizer, load and first call, over those of aws-jwt-verify',
      value: starts.authorizer / starts['aws-jwt-verify-authorizer'],
      unit: '×',
      max: 0.8,
    },
    {
      what: 'log-in, load, over that of the usual stack',
      value: starts.login / starts['usual-login'],
      unit: '×',
      max: 0.62,
    },
  ]
}

async function measureWarmAuthorizer({ outdir }: Bench): Promise<Budget> {
  const { ours, bare } = await measureWarmCalls(fileOf(outdir, 'authorizer'))
  const what = "authorizer, warm call with its log line, over aws-jwt-verify's bare check"
  return { what, value: ours / bare, unit: '×', max: 0.75 }
}

async function measureLogIns({ account, login }: Bench): Promise<readonly Budget[]> {
  await warmUp(login, 440)
  const { ours, bare, hash } = await measureLogin(login, createBareLogIn(account, login.hash))
  return [
    { what: 'log-in, over its hash plus the same calls by bare HTTP', value: ours / bare, unit: '×', max: 1.2 },
    { what: 'log-in, over its hash', value: ours / hash, unit: '×' },
  ]
}

const apart = (a: number, b: number): number => Math.max(a / b, b / a)

// Whether the time of a refusal tells who has an account.
async function measureGuesses({ outdir, account }: Bench): Promise<readonly Budget[]> {
  const { known, knownToo, unknown } = await measureTiming(fileOf(outdir, 'login'), account)
  return [
    { what: 'a wrong password: one account and another, apart', value: apart(known, knownToo), unit: '×', max: 1.1 },
    { what: 'a wrong password: nobody and an account, apart', value: apart(known, unknown), unit: '×', max: 1.1 },
  ]
}

async function measureRecoveryTimes({ outdir, account }: Bench): Promise<readonly Budget[]> {
  const { known, knownToo, unknown } = await measureRecoveries(fileOf(outdir, 'recover'), account)
  return [
    { what: 'a recovery: one account and another, apart', value: apart(known, knownToo), unit: '×', max: 1.1 },
    { what: 'a recovery: nobody and an account, apart', value: apart(known, unknown), unit: '×', max: 1.1 },
  ]
}

async function measureImportMemory(): Promise<readonly Budget[]> {
  const value = await measureImport()
  if (value === undefined) {
    console.log('The memory of an import is left out: only Linux reports the peak of a process.')
    return []
  }
  const what = 'import of 100,000 users without a server, peak memory of a process'
  return [{ what, value, unit: 'MB', max: 200 }]
}
