import { once } from 'node:events'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

/** How other commands find a server that runs with a data folder. */
export type RunningServer = {
  readonly url: string
  readonly aws: string
  readonly pid: number
  readonly functionNames: readonly string[]
  /** What is called for the function `admin`. @default 'admin' */
  readonly adminFunction?: string
  /** The access key of an administrator: anyone who reads the file may call all functions. */
  readonly accessKeyId: string
}

const fileOf = (data: string) => join(data, 'server.json')

/** The server that runs with this folder; undefined if it has died. */
export async function findServer(data: string): Promise<RunningServer | undefined> {
  try {
    const server: RunningServer = JSON.parse(readFileSync(fileOf(data), 'utf8'))
    // The process id may be reused by now, so the server must answer too.
    process.kill(server.pid, 0)
    const socket = connect(Number(new URL(server.aws).port), '127.0.0.1')
    await once(socket, 'connect').finally(() => socket.destroy())
    return server
  } catch {
    return undefined
  }
}

export function putServer(data: string, server: RunningServer): Disposable {
  putFile(fileOf(data), server)
  return { [Symbol.dispose]: () => rmSync(fileOf(data), { force: true }) }
}

/** Writes a file that only this user can read, in one step: no reader ever sees half of it. */
export function putFile(file: string, content: object, indent = 0): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(content, null, indent), { mode: 0o600 })
  renameSync(draft, file)
}
