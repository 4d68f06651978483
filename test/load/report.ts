import { cpus } from 'node:os'
import type { Tally } from './client.ts'
import type { Growth } from './memory.ts'

const at = (sorted: readonly number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const count = (value: number) => value.toLocaleString('en')

/** How many there were of each request, how many a second, and how long they took. */
export function timesTable(tallies: readonly Tally[], seconds: number): string {
  const names = [...new Set(tallies.flatMap(({ times }) => Object.keys(times)))]
  const rows = names.map((name) => {
    const all = tallies.flatMap(({ times }) => times[name] ?? []).toSorted((a, b) => a - b)
    const ms = (share: number) => `${at(all, share).toFixed(1)} ms`
    return [name, count(all.length), `${(all.length / seconds).toFixed(0)}`, ms(0.5), ms(0.99)]
  })
  return table(['request', 'number', 'a second', 'median', '99 of 100 within'], rows)
}

export function memoryTable(growth: readonly Growth[]): string {
  const mb = (value: number) => `${value.toFixed(0)} MB`
  const rows = growth.map(({ process, before, after }) => [
    process.replace(/ \d+$/, ''),
    mb(before),
    mb(after),
    (after / before).toFixed(2),
  ])
  return table(['process', 'second quarter', 'last quarter', 'ratio'], rows)
}

export const machine = (): string =>
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`
