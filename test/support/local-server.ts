import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const root = join(import.meta.dirname, '..', '..')

export type Exit = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

type Command = 'start' | 'invoke' | 'admin' | 'cost'

/** The environment in which a command loads CDK itself. */
export const withoutSynthesiser = { NODE_OPTIONS: '' }

const spawnCommand = (name: Command, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawn(process.execPath, [join(root, 'infra/command-line/latchkey.cjs'), name, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'pipe',
  })

/** Runs one of the local commands to its end. */
export async function runLocal(name: Command, args: readonly string[], input = ''): Promise<Exit> {
  const child = spawnCommand(name, args)
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}

export function createDataFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/**
 * Starts the server as `npm start` does, and waits until it says that it listens. CDK's part is that of the synthesiser of
 * the run, unless `env` is `withoutSynthesiser`.
 */
export async function startServer(data: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const child = spawnCommand('start', ['--data', data, '--port', '0', ...args], env)
  const exit = once(child, 'close')
  const written = { stdout: '', stderr: '' }
  child.stderr.on('data', (chunk) => {
    written.stderr += chunk
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      written.stdout += chunk
      const line = /^Listening on (http:\/\/localhost:\d+)\n[\s\S]*Ctrl-C/m.exec(written.stdout)
      if (line?.[1]) resolve(line[1])
    })
    child.once('close', () => reject(new Error(`The server did not start: ${written.stderr}`)))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    return (await exit)[0] as number | null
  }
  const user: { readonly username: string; readonly password: string } = JSON.parse(
    readFileSync(join(data, 'user.json'), 'utf8'),
  )
  return { url, pid: child.pid ?? 0, user, written, stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}
