// Speed and size against the budgets of the design, in one run: `npm run bench`. What is compared is measured in turn,
// so the ratios hold on any machine; the times are this machine's alone.
import { mkdtempSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from '../../infra/bundle.ts'
import { authorizerEnv, measureFirstCall, measureVerifying } from './authorizer.ts'
import { measureLogin, openLocalAccount } from './login.ts'
import { interleave, startUp } from './measure.ts'
import { measureStart } from './start.ts'
import { measureTiming } from './timing.ts'

const outdir = mkdtempSync(join(tmpdir(), 'bench-'))
const bundles = await bundle(outdir)
const fileOf = (name: string) => join(outdir, name, 'index.mjs')
const rows: { what: string; measured: string; budget: string; met: boolean }[] = []

function report(what: string, value: number, unit: string, most: number, detail = ''): void {
  const measured = `${value.toFixed(value < 100 ? 2 : 0)} ${unit}${detail && ` (${detail})`}`
  rows.push({ what, measured, budget: `${most} ${unit}`, met: value <= most })
}

const account = await openLocalAccount()
try {
  for (const [name, most] of [
    ['authorizer', 25],
    ['login', 280],
  ] as const) {
    report(`${name} bundle`, (bundles.find((made) => made.name === name)?.bytes ?? Number.NaN) / 1000, 'KB', most)
  }

  const load = (name: string, env: Readonly<Record<string, string>>) => async () =>
    (await startUp(`await import(${JSON.stringify(fileOf(name))}); process.stderr.write('ready')`, env)).elapsed
  const empty = async () => (await startUp(`process.stderr.write('ready')`, {})).elapsed
  const loads = { empty, authorizer: load('authorizer', authorizerEnv), login: load('login', account.env) }
  const loaded = await interleave(loads, 21)
  report('authorizer load over empty, warm-up included', loaded.authorizer - loaded.empty, 'ms', 10)
  report('login load over empty, warm-up included', loaded.login - loaded.empty, 'ms', 60)
  report('first authorizer call after load', await measureFirstCall(fileOf('authorizer')), 'ms', 3)

  const { ours, jose } = await measureVerifying(fileOf('authorizer'))
  report('authorizer call, warm, over bare jose', ours / jose, 'x', 1.5, `${ours.toFixed(0)} / ${jose.toFixed(0)} µs`)

  const { login, hash, cpuBesideHash } = await measureLogin(fileOf('login'), account)
  report('login over its hash', login / hash, 'x', 1.3, `${login.toFixed(1)} / ${hash.toFixed(1)} ms`)
  report('login beside its hash, CPU', cpuBesideHash, 'ms', 5)

  const { known, knownToo, unknown, imported } = await measureTiming(fileOf('login'), account)
  const apart = (ms: number) => `${ms.toFixed(2)} / ${known.toFixed(2)} ms`
  report('a wrong password: one account and another', Math.abs(knownToo - known), 'ms', 10, apart(knownToo))
  report('a wrong password: nobody and an account', Math.abs(unknown - known), 'ms', 10, apart(unknown))
  console.log(
    `A wrong password for an account with Werkzeug's hash takes ${imported.toFixed(1)} ms, till its first log-in.`,
  )

  report('npm start to listening', (await measureStart()) / 1000, 's', 6)
} finally {
  account.close()
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`)
console.table(rows)
process.exitCode = rows.every(({ met }) => met) ? 0 : 1
