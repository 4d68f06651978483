import { stat } from 'node:fs/promises'
import { refuse } from '../../local/refusal.ts'
import { type Ask, resultOf } from './answer.ts'
import type { ImportOptions } from './command-line.ts'
import { createProgressBar } from './progress-bar.ts'
import { readUserLines, refuseWrongFile, type UserLine } from './user-file.ts'

type Refusal = { readonly line: number; readonly error_description: string }
type Range = readonly [first: number, last: number]

/** What became of a file: which lines changed nothing, as ranges, and which were refused, and why. */
export type ImportSummary = {
  readonly lines: number
  readonly created: number
  readonly existing: readonly Range[]
  readonly refused: readonly Refusal[]
}

const nothing: ImportSummary = { lines: 0, created: 0, existing: [], refused: [] }

type Report = {
  readonly created: number
  readonly existing: readonly number[]
  readonly refused: readonly { readonly index: number; readonly error_description: string }[]
}

// At 8 KB a line it stays below the 6 MB that Lambda takes.
const batchSize = 500

/** Sends a file's users to the admin function, batch by batch, so that the size of the file does not matter. */
export async function importUsers(
  file: string,
  from: number,
  options: ImportOptions,
  ask: Ask,
): Promise<ImportSummary> {
  await refuseWrongFile(file)
  const { size } = await stat(file)
  const bar = createProgressBar(process.stderr)
  let summary = nothing
  for await (const batch of batchesOf(readUserLines(file), from)) {
    const part = await importBatch(batch, options, ask).catch((error) => {
      bar.clear()
      return refuse(`${Object(error).message}\nGo on with --from ${batch[0]?.line}.`)
    })
    summary = sumOf(summary, part)
    bar.draw((batch.at(-1)?.bytes ?? 0) / size, `${count(summary.lines)} lines, ${count(summary.created)} created`)
  }
  bar.clear()
  return summary
}

async function* batchesOf(lines: AsyncIterable<UserLine>, from: number): AsyncGenerator<readonly UserLine[]> {
  let batch: UserLine[] = []
  for await (const line of lines) {
    if (line.line < from) continue
    batch.push(line)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function importBatch(batch: readonly UserLine[], options: ImportOptions, ask: Ask): Promise<ImportSummary> {
  const readable = batch.flatMap((each) => ('user' in each ? [each] : []))
  const unreadable = batch.flatMap(({ line, ...rest }) =>
    'wrong' in rest ? [{ line, error_description: rest.wrong }] : [],
  )
  const report = readable.length > 0 ? await send(readable, options, ask) : { created: 0, existing: [], refused: [] }
  const lineOf = (index: number) => readable[index]?.line ?? 0
  const refused = report.refused.map(({ index, error_description }) => ({ line: lineOf(index), error_description }))
  return {
    lines: batch.length,
    created: report.created,
    existing: report.existing
      .map(lineOf)
      .reduce<readonly Range[]>((all, line) => concatRanges(all, [[line, line]]), []),
    refused: [...unreadable, ...refused].sort((a, b) => a.line - b.line),
  }
}

async function send(lines: readonly { readonly user: unknown }[], options: ImportOptions, ask: Ask): Promise<Report> {
  const users = lines.map(({ user }) => user)
  return (await resultOf(ask({ command: 'import-users', users, ...options }))) as Report
}

const sumOf = (a: ImportSummary, b: ImportSummary): ImportSummary => ({
  lines: a.lines + b.lines,
  created: a.created + b.created,
  existing: concatRanges(a.existing, b.existing),
  refused: [...a.refused, ...b.refused],
})

function concatRanges(before: readonly Range[], after: readonly Range[]): readonly Range[] {
  const [last, next] = [before.at(-1), after[0]]
  if (!last || !next || last[1] + 1 !== next[0]) return [...before, ...after]
  return [...before.slice(0, -1), [last[0], next[1]], ...after.slice(1)]
}

const count = (number: number): string => number.toLocaleString('en')

/** The summary for a person: every line that needs one, then the counts. */
export function formatImportSummary({ lines, created, existing, refused }: ImportSummary): string {
  const rangeOf = ([first, last]: Range) => (first === last ? `${first}` : `${first}-${last}`)
  const unchanged = existing.reduce((sum, [first, last]) => sum + last - first + 1, 0)
  return [
    ...refused.map(({ line, error_description }) => `line ${line}: ${error_description}`),
    ...(unchanged > 0 ? [`left unchanged, because these users exist: lines ${existing.map(rangeOf).join(', ')}`] : []),
    `${count(created)} created, ${count(unchanged)} left unchanged, ${count(refused.length)} left out, of ${count(lines)} lines`,
  ].join('\n')
}
