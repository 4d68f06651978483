import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDataFolder, runLocal, startServer } from './local-server.ts'

/** A service with sign-in pages as `npm start` runs it, its ready-made user, and the link that it prints. */
export async function openSignInService(settings: readonly string[] = []) {
  const data = createDataFolder()
  const all = ['signInPages=true', 'secondFactor=optional', 'serviceName=Shop', ...settings]
  const running = await startServer(
    data.path,
    all.flatMap((setting) => ['-c', setting]),
  )
  const demo = /Sign in on the pages as that user: (\S+)/.exec(running.written.stdout)?.[1] ?? ''
  const post = async (path: string, body: object, token?: string) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(running.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify(body),
    })
    return (await response.json()) as Readonly<Record<string, unknown>>
  }
  return {
    ...{ data: data.path, url: running.url, user: running.user, demo, post },
    logIn: async () => String((await post('/login', running.user))['access_token']),
    /** Registers a client, and answers with what the command prints. */
    putClient: async (client: object): Promise<Readonly<Record<string, unknown>>> => {
      const file = join(data.path, 'a-client.json')
      writeFileSync(file, JSON.stringify(client))
      const { code, stdout, stderr } = await runLocal('admin', ['put-client', file, '--json', '--data', data.path])
      if (code !== 0) throw new Error(stderr)
      return JSON.parse(stdout)
    },
    [Symbol.asyncDispose]: async () => {
      await running.stop()
      data[Symbol.dispose]()
    },
  }
}
