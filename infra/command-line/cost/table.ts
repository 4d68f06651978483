import { type Cost, costOf, items, mailing } from './cost.ts'
import type { Plan } from './plan.ts'
import { usageOf } from './usage.ts'

const columns = [
  { title: '0 calls', calls: 0 },
  { title: '1 M calls', calls: 1_000_000 },
  { title: '100 M calls', calls: 100_000_000 },
]

/** The cost of a month in US dollars, by item and by calls, as Markdown. */
export function costTable(plan: Plan): string {
  const row = (title: string, pick: (cost: Cost) => number, paid = plan) => [
    title,
    ...columns.map(({ calls }) => pick(costOf(calls, paid)).toFixed(2)),
  ]
  return markdown([
    ['a month, in US dollars', ...columns.map(({ title }) => title)],
    ...items.filter((item) => isWanted(item, plan)).map((item) => row(item, (cost) => cost[item])),
    row('**all**', total),
    row('**all, with no other alarms and dashboards in the account**', total, withoutFree(plan)),
    ...(plan.sendsMail ? [mailOfOlderAccounts(plan)] : []),
  ])
}

/** The same for programs: US dollars a month, by item, for each number of calls. */
export const costByCalls = (plan: Plan): readonly object[] =>
  columns.map(({ calls }) => {
    const cost = costOf(calls, plan)
    const wanted = items.filter((item) => isWanted(item, plan)).map((item) => [item, cost[item]])
    return { calls, usd: Object.fromEntries(wanted), total_usd: total(cost) }
  })

function isWanted(item: (typeof items)[number], { sendsMail, factorKeys, authorize }: Plan): boolean {
  if (item === 'sign-in pages') return authorize !== undefined
  if (item === 'mail') return sendsMail
  return item !== 'second factors' || factorKeys > 0
}

const mailOfOlderAccounts = (plan: Plan): readonly string[] => [
  'mail, in an AWS account that was made before July 2026',
  ...columns.map(({ calls }) => mailing(usageOf(calls, plan), 'older').toFixed(2)),
]

const total = (cost: Cost): number => Object.values(cost).reduce((sum, item) => sum + item, 0)

// Ten metrics of alarms, ten other metrics and three dashboards of an account are free without a time limit.
const withoutFree = ({ alarmMetrics, metrics, dashboards, ...plan }: Plan): Plan => ({
  ...plan,
  alarmMetrics: Math.max(0, alarmMetrics - 10),
  metrics: Math.max(0, metrics - 10),
  dashboards: Math.max(0, dashboards - 3),
})

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

const pad = (cell: string, column: number, width: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width)
