// Speed and size: against the budgets of the design, and beside others, in one run. `npm run bench`; with `-- --import` also
// the memory of an import, which takes more than a minute. What is compared is measured in turn and printed as a ratio,
// which holds on any machine. Exits with 0 when every budget is met, else with 1.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from '../../infra/build/bundle.ts'
import { isMet, measureBudgets } from './budgets.ts'
import { installRivals } from './install.ts'
import { openLocalAccount, openLogin } from './login.ts'
import { renderResults, writeResults } from './results.ts'
import { bundleRivals, compareBytes } from './rival-bundles.ts'
import { compareLogIns } from './rival-log-ins.ts'
import { compareFirstCalls, compareFirstLogIns, compareLoads } from './rival-starts.ts'
import { compareVerifiers } from './rival-verifiers.ts'

installRivals()
const outdir = mkdtempSync(join(tmpdir(), 'bench-'))
const ours = await bundle(outdir)
const rivals = await bundleRivals(outdir)
const packages = { ...Object.fromEntries(ours.map((bundle) => [bundle.name, bundle.packages])), ...rivals }
const account = await openLocalAccount()
try {
  const login = await openLogin(join(outdir, 'login', 'index.mjs'), account)
  const budgets = await measureBudgets({ outdir, packages, account, login }, process.argv.includes('--import'))
  const comparisons = [
    await compareVerifiers(join(outdir, 'authorizer', 'index.mjs')),
    await compareLogIns(login),
    await compareLoads(outdir, account),
    await compareFirstCalls(outdir),
    await compareFirstLogIns(outdir, account),
    compareBytes(outdir, packages),
  ]
  writeResults(budgets, comparisons)
  console.log(renderResults(budgets, comparisons))
  process.exitCode = budgets.every(isMet) ? 0 : 1
} finally {
  account.close()
}
