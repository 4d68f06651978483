import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { type Budget, isMet } from './budgets.ts'
import { type Comparison, comparisonTable, format } from './comparison.ts'
import { plot } from './plot.ts'

const machine = (): string =>
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`

function budgetTable(budgets: readonly Budget[]): string {
  const rows = budgets.map((budget) => {
    const { what, value, unit, max } = budget
    const measured = format(value, unit)
    const verdict = max === undefined ? ' | ' : `${max} ${unit} | ${isMet(budget) ? 'yes' : '**no**'}`
    return `| ${what} | ${measured} | ${verdict} |`
  })
  return ['| what | measured | at most | met |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

export const renderResults = (budgets: readonly Budget[], comparisons: readonly Comparison[]): string =>
  `# Bench

${machine()}. \`npm run bench\`: medians of one run, measured in turn, as ratios, bytes and counts: times would hold on this
machine only. V8 gets the memory that Lambda gives it in a function of 1,024 MB, except in fresh processes.

## Budgets

${budgetTable(budgets)}

## Beside others

${comparisons.map(comparisonTable).join('\n\n')}
`

/** Writes the figures as Markdown and JSON, and the comparisons as a plot. */
export function writeResults(budgets: readonly Budget[], comparisons: readonly Comparison[]): void {
  const folder = join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  const put = (name: string, content: string) => writeFileSync(join(folder, name), content)
  put('bench.md', renderResults(budgets, comparisons))
  put('bench.json', `${JSON.stringify({ machine: machine(), budgets, comparisons }, null, 2)}\n`)
  put('bench.svg', plot(comparisons, machine()))
}
