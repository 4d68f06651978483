import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runAdmin } from '../../infra/command-line/admin/admin.ts'
import { bareEnvironment } from './bare-environment.ts'

const program = join(import.meta.dirname, '../../infra/command-line/latchkey.cjs')

type Surroundings = { readonly input?: string; readonly env?: NodeJS.ProcessEnv }

/** Starts the command as `npm run admin` does. */
export function startAdmin(args: readonly string[], { input = '', env = {} }: Surroundings = {}) {
  const child = spawn(process.execPath, [program, 'admin', ...args], { env: { ...bareEnvironment, ...env } })
  child.stdin.on('error', () => {}).end(input)
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
    ([stdout, stderr, [code, signal]]) => ({ stdout, stderr, code, signal }),
  )
  return { child, ended }
}

/** Runs the command here, which is quicker: what it is as a process is not seen. */
export async function admin(args: readonly string[], input = '') {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const code = await runAdmin(args, { stdin: Readable.from([Buffer.from(input)]), stdout, stderr })
  stdout.end()
  stderr.end()
  return { stdout: await text(stdout), stderr: await text(stderr), code }
}
