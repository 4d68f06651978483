import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { time } from './measure.ts'

/** Milliseconds from `npm start` until it listens, synthesis and bundling included, with an empty data folder. */
export async function measureStart(): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'bench-'))
  // A process group of its own, as a terminal gives it: a signal to npm alone would not reach the server.
  const child = spawn('npm', ['start', '--', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  const elapsed = await time(async () => {
    for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('Listening on')) return
    throw new Error('npm start ended before it listened.')
  })
  process.kill(-Number(child.pid), 'SIGTERM')
  await once(child, 'close')
  return elapsed
}
