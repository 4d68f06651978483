import { open } from 'node:fs/promises'
import { type Ask, resultOf } from './answer.ts'
import { count } from './import/import-summary.ts'
import type { Progress } from './progress.ts'

type Counts = Readonly<Record<string, number>>
type Page = { readonly users: readonly object[]; readonly without_hash?: Counts; readonly next?: string }

/** How many users were written, and how many of them without their hash, by its scheme. */
type ExportSummary = { readonly users: number; readonly without_hash?: Counts }

/**
 * Writes all users into a new file, page by page, with hashes as they are or in the form of another system. Only its owner
 * can read it, because of the hashes.
 */
export async function exportUsers(
  path: string,
  target: string | undefined,
  { ask, progress }: { readonly ask: Ask; readonly progress: Progress },
): Promise<ExportSummary> {
  await using file = await open(path, 'wx', 0o600)
  const lost = new Map<string, number>()
  let users = 0
  let from: string | undefined
  do {
    const request = {
      command: 'export-users',
      ...(from !== undefined && { from }),
      ...(target !== undefined && { for: target }),
    }
    const page = (await resultOf(ask(request))) as Page
    await file.write(page.users.map((user) => `${JSON.stringify(user)}\n`).join(''))
    users += page.users.length
    for (const [scheme, times] of Object.entries(page.without_hash ?? {}))
      lost.set(scheme, (lost.get(scheme) ?? 0) + times)
    from = page.next
    progress.draw(from === undefined ? 1 : 0, `${count(users)} users`)
  } while (from !== undefined)
  progress.clear()
  return { users, ...(lost.size > 0 && { without_hash: Object.fromEntries(lost) }) }
}

const targets: Readonly<Record<string, string>> = {
  flask: 'Flask',
  django: 'Django',
  phc: 'a reader of PHC strings',
}

/** What a person must know of hashes that were not written; empty where all were. */
export function formatLost({ without_hash = {} }: ExportSummary, target = ''): string {
  const lost = Object.entries(without_hash)
  if (lost.length === 0) return ''
  const total = lost.reduce((sum, [, times]) => sum + times, 0)
  const schemes = lost.map(([scheme, times]) => `${count(times)} × ${scheme}`).join(', ')
  return `Warning: users without password_hash, because ${targets[target] ?? target} cannot read their hashes: ${count(total)} (${schemes}).\n`
}
