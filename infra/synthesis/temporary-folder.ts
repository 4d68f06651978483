import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder outside the project, for this process to remove. What processes that were killed have left goes first. */
export function createTemporaryFolder(): string {
  removeAbandoned()
  return mkdtempSync(join(tmpdir(), `latchkey-${process.pid}-`))
}

// Whose each folder is stands in its name.
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = /^latchkey-(\d+)-/.exec(name) ?? []
    if (pid !== undefined && !isRunning(Number(pid))) removeOwn(join(tmpdir(), name))
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // A process of another user, so it runs.
    return Object(error).code !== 'ESRCH'
  }
}

// Everyone can make folders and links of such a name there. Another process may be removing it too.
function removeOwn(path: string): void {
  try {
    const found = lstatSync(path)
    if (found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid)) rmSync(path, { recursive: true })
  } catch {}
}
