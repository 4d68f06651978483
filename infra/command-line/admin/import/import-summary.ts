import { printableInLine } from '../../terminal.ts'

/** A line that was left out: its name if it is known, and why. */
export type Refusal = { readonly line: number; readonly username?: string; readonly error_description: string }
export type Range = readonly [first: number, last: number]

/**
 * What became of a file: how many users were created or updated, which lines changed nothing, as ranges, and which were
 * refused, and why. After a dry run it is what would become of it. `next` is the line to go on from, if it was stopped.
 */
export type ImportSummary = {
  readonly lines: number
  readonly created: number
  readonly updated: number
  readonly existing: readonly Range[]
  readonly refused: readonly Refusal[]
  readonly next?: number
}

export const nothingImported: ImportSummary = { lines: 0, created: 0, updated: 0, existing: [], refused: [] }

export const sumOf = (a: ImportSummary, b: ImportSummary): ImportSummary => ({
  lines: a.lines + b.lines,
  created: a.created + b.created,
  updated: a.updated + b.updated,
  existing: concatRanges(a.existing, b.existing),
  refused: [...a.refused, ...b.refused],
})

export const toRanges = (lines: readonly number[]): readonly Range[] =>
  lines.reduce<readonly Range[]>((all, line) => concatRanges(all, [[line, line]]), [])

function concatRanges(before: readonly Range[], after: readonly Range[]): readonly Range[] {
  const [last, next] = [before.at(-1), after[0]]
  if (!last || !next || last[1] + 1 !== next[0]) return [...before, ...after]
  return [...before.slice(0, -1), [last[0], next[1]], ...after.slice(1)]
}

export const count = (number: number): string => number.toLocaleString('en')

export type SummaryOptions = { readonly update: boolean; readonly dryRun: boolean }

/** The summary for a person: every line that needs one, how often each reason, then the counts. */
export function formatImportSummary(summary: ImportSummary, { update, dryRun }: SummaryOptions): string {
  const { lines, created, updated, existing, refused, next } = summary
  const rangeOf = ([first, last]: Range) => (first === last ? `${first}` : `${first}-${last}`)
  const unchanged = existing.reduce((sum, [first, last]) => sum + last - first + 1, 0)
  const why = update ? 'these users have logged in here, or the line has no hash or the same' : 'these users exist'
  const counts = [
    `${count(created)} created`,
    ...(update ? [`${count(updated)} updated`] : []),
    `${count(unchanged)} left unchanged`,
    `${count(refused.length)} left out`,
  ]
  return [
    ...refused.map(formatRefusal),
    ...reasonsOf(refused),
    ...(unchanged > 0 ? [`left unchanged, because ${why}: lines ${existing.map(rangeOf).join(', ')}`] : []),
    `${dryRun ? 'Dry run, nothing was written: ' : ''}${counts.join(', ')}, of ${count(lines)} lines`,
    ...(next !== undefined ? [`Go on with --from ${next}.`] : []),
  ].join('\n')
}

// Names come from the file, and descriptions repeat names of its members.
const formatRefusal = ({ line, username, error_description }: Refusal): string =>
  `line ${line}${username === undefined ? '' : `, ${shorten(username)}`}: ${printableInLine(error_description)}`

const longestName = 256

const shorten = (name: string): string => printableInLine(name.slice(0, longestName))

/** How often each reason was given, the most frequent first. */
function reasonsOf(refused: readonly Refusal[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { error_description } of refused) {
    const reason = error_description.replace(/ \(line \d+\)\.$/, '.')
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  return sorted.map(([reason, times]) => `${count(times)} × ${printableInLine(reason.replace(/\.$/, ''))}`)
}
