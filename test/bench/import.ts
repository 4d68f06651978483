import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const hash = `scrypt:32768:8:1$zVyEgyLnWvdpHSNb$${'ab'.repeat(64)}`

function writeUsers(file: string, count: number): void {
  const line = (index: number) => JSON.stringify({ username: `user-${index}@example.com`, password_hash: hash })
  writeFileSync(file, Array.from({ length: count }, (_, index) => `${line(index)}\n`).join(''))
}

const statusOf = (pid: string, field: string) =>
  Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

/** The most that a process has had in memory, in MB, and its children by their ids; a process may end meanwhile. */
function readPeaks(parent: number): ReadonlyMap<string, number> {
  const peaks = new Map<string, number>()
  const family = new Set([parent])
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!family.has(Number(pid)) && !family.has(statusOf(pid, 'PPid'))) continue
      family.add(Number(pid))
      peaks.set(pid, (statusOf(pid, 'VmHWM') * 1024) / 1e6)
    } catch {}
  }
  return peaks
}

/** The most memory, in MB, of any process of an import of 100,000 users where no server runs; nothing where /proc does not tell. */
export async function measureImport(): Promise<number | undefined> {
  if (!existsSync('/proc/self/status')) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const file = join(folder, 'users.jsonl')
  writeUsers(file, 100_000)
  const args = ['run', '--silent', 'admin', '--', 'import-users', file, '--data', join(folder, 'data')]
  const child = spawn('npm', args, { stdio: 'ignore' })
  const exit = once(child, 'exit')
  let most = 0
  const isOver = () => child.exitCode !== null
  while (!isOver()) {
    most = Math.max(most, ...[...readPeaks(child.pid ?? 0)].map(([, peak]) => peak))
    await setTimeout(200)
  }
  const [code] = await exit
  if (code !== 0) throw new Error(`The import ended with ${code}.`)
  return most
}
