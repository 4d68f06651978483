import { type Ask, resultOf } from '../answer.ts'
import type { ImportOptions } from '../command-line.ts'
import { isFilled, isMembers } from './forms/form.ts'
import { type ImportSummary, type Refusal, toRanges } from './import-summary.ts'
import type { RepeatFinder } from './repeats.ts'
import type { UserLine } from './user-file.ts'

/** What the admin function reports of a batch, by the indexes of its users. A dry run has the canonical names and addresses too. */
type Report = {
  readonly created: number
  readonly updated: readonly number[]
  readonly existing: readonly number[]
  readonly refused: readonly { readonly index: number; readonly error_description: string }[]
  readonly usernames?: readonly (string | null)[]
  readonly emails?: readonly (string | null)[]
}

type Readable = Extract<UserLine, { readonly user: unknown }>

const empty: Report = { created: 0, updated: [], existing: [], refused: [] }

/** Sends the users of some lines, and says by line what became of them. A dry run also looks for those that repeat. */
export async function importBatch(
  batch: readonly UserLine[],
  options: ImportOptions,
  ask: Ask,
  repeats: RepeatFinder,
): Promise<ImportSummary> {
  const readable = batch.flatMap((each) => ('user' in each ? [each] : []))
  const unreadable = batch.flatMap((each) => ('wrong' in each ? [refusalOf(each, each.wrong)] : []))
  const report = readable.length > 0 ? await send(readable, options, ask) : empty
  const refused = report.refused.map(({ index, error_description }) => refusalOf(readable[index], error_description))
  const repeated = options.dry_run ? findRepeats(readable, report, repeats) : new Map<number, string>()
  const isOnce = (index: number) => !repeated.has(index)
  const notCreated = new Set([...report.updated, ...report.existing])
  return {
    lines: batch.length,
    created: report.created - [...repeated.keys()].filter((index) => !notCreated.has(index)).length,
    updated: report.updated.filter(isOnce).length,
    existing: toRanges(report.existing.filter(isOnce).map((index) => readable[index]?.line ?? 0)),
    refused: [
      ...unreadable,
      ...refused,
      ...[...repeated].map(([index, reason]) => refusalOf(readable[index], reason)),
    ].sort((a, b) => a.line - b.line),
  }
}

async function send(lines: readonly Readable[], options: ImportOptions, ask: Ask): Promise<Report> {
  const users = lines.map(({ user }) => user)
  return (await resultOf(ask({ command: 'import-users', users, ...options }))) as Report
}

function refusalOf(line: UserLine | undefined, error_description: string): Refusal {
  const username = line?.username
  return { line: line?.line ?? 0, ...(username !== undefined && { username }), error_description }
}

/** The reasons of lines that repeat an earlier one, by index; those that are refused anyway do not count. */
function findRepeats(lines: readonly Readable[], report: Report, repeats: RepeatFinder): ReadonlyMap<number, string> {
  const refused = new Set(report.refused.map(({ index }) => index))
  const found = new Map<number, string>()
  for (const [index, { line, user }] of lines.entries()) {
    const username = report.usernames?.[index]
    if (refused.has(index) || typeof username !== 'string') continue
    const sub = isMembers(user) && isFilled(user['sub']) ? user['sub'] : undefined
    const reason = repeats.find({ line, username, email: report.emails?.[index] ?? undefined, sub })
    if (reason !== undefined) found.set(index, reason)
  }
  return found
}
