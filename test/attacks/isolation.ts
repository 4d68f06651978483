import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { bundle } from '../../infra/build/bundle.ts'

const runner = join(import.meta.dirname, 'isolated-function.ts')
const functions = join(import.meta.dirname, '../../functions')

/** What a bundle answered to events, what it reached out for meanwhile, and all that it wrote. */
export type Report = {
  readonly answers: readonly unknown[]
  readonly touched: readonly string[]
  readonly ports: readonly number[]
  readonly output: string
}

/** Bundles functions as they are deployed, and sources beside them, to be run where every step outside is seen. */
export async function bundleIsolated(names: readonly string[], others: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'isolated-'))
  const own = names.map((name) => [
    name,
    `export { handler } from ${JSON.stringify(join(functions, name, 'index.ts'))}`,
  ])
  for (const [name = '', source = ''] of [...own, ...Object.entries(others)]) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'index.ts'), source)
  }
  const dist = join(folder, 'dist')
  await bundle(dist, folder)

  return {
    run: async (name: string, env: NodeJS.ProcessEnv, events: readonly unknown[]): Promise<Report> => {
      const child = fork(runner, [pathToFileURL(join(dist, name, 'index.mjs')).href], {
        execArgv: ['--permission', `--allow-fs-read=${runner}`, `--allow-fs-read=${dist}`],
        env,
        silent: true,
      })
      const output = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')))
      const crash = once(child, 'exit').then(async () => Promise.reject(new Error((await output).join(''))))
      const next = () => Promise.race([once(child, 'message'), crash])
      await next()
      child.send(events)
      const [report] = (await next()) as [Omit<Report, 'output'>]
      // It has said all that it had to say, so its end is no crash.
      await crash.catch(() => undefined)
      return { ...report, output: (await output).join('') }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

/** A server that answers everything alike, and counts who comes. */
export async function startStub(contentType: string, body: object) {
  let visits = 0
  const server = createServer((_, response) => {
    visits += 1
    response.setHeader('content-type', contentType)
    response.end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    visits: () => visits,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
