import { stat } from 'node:fs/promises'
import type { Ask } from '../answer.ts'
import type { ImportTask } from '../command-line.ts'
import type { Progress } from '../progress.ts'
import { importBatch } from './import-batch.ts'
import { count, type ImportSummary, nothingImported, sumOf } from './import-summary.ts'
import { createRepeatFinder } from './repeats.ts'
import { readUserLines, refuseWrongFile, type UserLine } from './user-file.ts'

// The largest batch, at 8 KB a user, stays below the 6 MB that Lambda takes.
const [smallestBatch, firstBatch, largestBatch] = [10, 50, 500]

// Some hashes take long to prepare, and an invocation has 60 seconds.
const targetMs = 4000

type Surroundings = {
  readonly ask: Ask
  readonly progress: Progress
  /** In milliseconds. */
  readonly now: () => number
  /** Whether it should stop: the batch that is under way is finished first. */
  readonly isStopping: () => boolean
}

/**
 * Sends a file's users to the admin function, batch by batch, so that the size of the file does not matter.
 * @throws Error that says from which line to go on, where a batch failed.
 */
export async function importUsers(task: ImportTask, surroundings: Surroundings): Promise<ImportSummary> {
  const { ask, progress, now, isStopping } = surroundings
  await refuseWrongFile(task.file)
  const { size } = await stat(task.file)
  const repeats = createRepeatFinder()
  const forms = { firebase: task.firebase, now: now() }
  let summary = nothingImported
  let wanted = firstBatch
  try {
    for await (const batch of batchesOf(readUserLines(task.file, forms), task.from, () => wanted)) {
      const next = batch[0]?.line ?? 0
      if (isStopping()) return { ...summary, next }
      const begun = now()
      const part = await importBatch(batch, task.options, ask, repeats).catch((error) => {
        // Ctrl-C in a terminal also ends the local function.
        if (isStopping()) return undefined
        throw new Error(`${Object(error).message}\nGo on with --from ${next}.`, { cause: error })
      })
      if (!part) return { ...summary, next }
      wanted = nextBatch(wanted, now() - begun)
      summary = sumOf(summary, part)
      progress.draw((batch.at(-1)?.bytes ?? 0) / size, describe(summary, task.options.dry_run))
    }
    return summary
  } finally {
    progress.clear()
  }
}

const describe = ({ lines, created, updated, refused }: ImportSummary, isDry: boolean): string =>
  [
    `${count(lines)} lines`,
    `${count(created)} ${isDry ? 'to create' : 'created'}`,
    ...(updated > 0 ? [`${count(updated)} ${isDry ? 'to update' : 'updated'}`] : []),
    ...(refused.length > 0 ? [`${count(refused.length)} left out`] : []),
  ].join(', ')

function nextBatch(size: number, tookMs: number): number {
  const wanted = tookMs > targetMs ? Math.floor((size * targetMs) / tookMs) : size * 2
  return Math.min(largestBatch, Math.max(smallestBatch, tookMs > targetMs / 2 ? Math.min(size, wanted) : wanted))
}

async function* batchesOf(
  lines: AsyncIterable<UserLine>,
  from: number,
  size: () => number,
): AsyncGenerator<readonly UserLine[]> {
  let batch: UserLine[] = []
  for await (const line of lines) {
    if (line.line < from) continue
    batch.push(line)
    if (batch.length < size()) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
