import { open } from 'node:fs/promises'
import { type Ask, resultOf } from './answer.ts'
import { createProgressBar } from './progress-bar.ts'

type Page = { readonly users: readonly object[]; readonly next?: string }

/** Writes all users into a new file, page by page. It holds password hashes, so only its owner can read it. */
export async function exportUsers(path: string, ask: Ask): Promise<number> {
  await using file = await open(path, 'wx', 0o600)
  const bar = createProgressBar(process.stderr)
  let users = 0
  let from: string | undefined
  do {
    const page = (await resultOf(ask({ command: 'export-users', ...(from !== undefined && { from }) }))) as Page
    await file.write(page.users.map((user) => `${JSON.stringify(user)}\n`).join(''))
    users += page.users.length
    from = page.next
    bar.draw(from === undefined ? 1 : 0, `${users.toLocaleString('en')} users`)
  } while (from !== undefined)
  bar.clear()
  return users
}
