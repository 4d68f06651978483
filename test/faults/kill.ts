import { expect } from '@jest/globals'
import { type Functions, openFunctions } from '../../infra/command-line/server/open-functions.ts'
import { createDataFolder, startServer } from '../support/local-server.ts'

const settings = { selfRegistration: 'true', addressFailures: '0', refreshGrace: '60', minimumPasswordLength: '8' }
const context = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
const password = 'correct horse battery staple'
const next = 'a better battery of horses'

type Answer = { readonly status: number; readonly json: Readonly<Record<string, string>> }
type Post = (path: string, body: object, accessToken?: string) => Promise<Answer>

const postTo =
  (url: string): Post =>
  async (path, body, accessToken) => {
    const authorization = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }
    const headers = { 'content-type': 'application/json', ...authorization }
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: response.status, json: JSON.parse(await response.text()) }
  }

/** @throws Error for an answer that a write does not get where all is well. */
function acknowledged({ status, json }: Answer): Answer['json'] {
  if (status !== 200 && status !== 201) throw new Error(`A write was answered by ${status}.`)
  return json
}

const logIn = (post: Post, username: string, as = password) => post('/login', { username, password: as })
const refresh = (post: Post, refresh_token = '') => post('/token', { grant_type: 'refresh_token', refresh_token })

/** What holds once the server has said so: a check against whatever server runs then. */
type Promised = { readonly what: string; readonly holds: (post: Post) => Promise<boolean> }

const opens = (username: string, by = password): [string, Promised['holds']] => [
  `${username} can log in`,
  async (post) => (await logIn(post, username, by)).status === 200,
]

type Round = {
  readonly post: Post
  readonly createUser: () => Promise<string>
  readonly promise: (what: string, holds: Promised['holds']) => void
  readonly newName: () => string
}

// Each makes writes one after another for as long as there is a server, and notes what was acknowledged.
const writers: readonly ((round: Round) => Promise<never>)[] = [
  async ({ post, promise, newName }) => {
    for (;;) {
      const username = newName()
      acknowledged(await post('/register', { username, password }))
      promise(...opens(username))
    }
  },
  async ({ createUser, promise }) => {
    for (;;) promise(...opens(await createUser()))
  },
  async ({ post, createUser, promise }) => {
    const username = await createUser()
    let { refresh_token } = acknowledged(await logIn(post, username))
    // The token of the last answer is good, or gets the successor that was made when no answer came any more.
    const isGood: Promised['holds'] = async (then) => (await refresh(then, refresh_token)).status === 200
    promise(`${username} can go on with the last refresh token`, isGood)
    for (;;) refresh_token = acknowledged(await refresh(post, refresh_token))['refresh_token']
  },
  async ({ post, createUser, promise }) => {
    const username = await createUser()
    for (;;) {
      const { refresh_token: token = '' } = acknowledged(await logIn(post, username))
      acknowledged(await post('/revoke', { token }))
      promise(`a session of ${username} has ended`, async (then) => (await refresh(then, token)).status === 400)
    }
  },
  async ({ post, createUser, promise }) => {
    for (;;) {
      const username = await createUser()
      const { access_token } = acknowledged(await logIn(post, username))
      const body = { current_password: password, new_password: next }
      acknowledged(await post('/password', body, access_token))
      promise(...opens(username, next))
    }
  },
]

type Server = Awaited<ReturnType<typeof startServer>>

let named = 0
const newName = () => `user-${named++}`

/** Writes until the server has promised so much, kills it at that moment, and gives all that it had promised by then. */
async function writeAndKill(
  { url, pid, written }: Server,
  { invoke }: Functions,
  killAfter: number,
): Promise<readonly Promised[]> {
  const promises: Promised[] = []
  const isKilled = () => promises.length >= killAfter
  const createUser = async () => {
    const username = newName()
    const { payload } = await invoke('admin', JSON.stringify({ command: 'create-user', username, password }))
    if (!JSON.parse(payload).ok) throw new Error(payload)
    return username
  }
  const promise: Round['promise'] = (what, holds) => {
    promises.push({ what, holds })
    if (promises.length === killAfter) process.kill(pid, 'SIGKILL')
  }
  const untilKilled = async (write: (round: Round) => Promise<never>) =>
    write({ post: postTo(url), createUser, promise, newName }).catch((error: Error) => {
      if (!isKilled()) throw new Error(`Before the kill: ${error.message}\n${written.stderr.slice(-2000)}`)
    })
  await Promise.all(writers.map(untilKilled))
  return promises
}

async function broken(promises: readonly Promised[], post: Post): Promise<readonly string[]> {
  const lines = []
  for (const { what, holds } of promises) if (!(await holds(post))) lines.push(what)
  return lines
}

/** Kills a server when it has promised so much, once for each number, and finds all promises kept by the next one. */
export async function expectKeptPromises(numbers: readonly number[]): Promise<void> {
  using data = createDataFolder()
  let promises: readonly Promised[] = []
  for (const killAfter of numbers) {
    await using server = await startServer(data.path, context)
    expect(await broken(promises, postTo(server.url))).toEqual([])
    await using functions = await openFunctions({ data: data.path, port: 0, context: settings }, () => undefined)
    promises = await writeAndKill(server, functions, killAfter)
    expect(promises.length).toBeGreaterThan(0)
  }
  await using server = await startServer(data.path, context)
  expect(await broken(promises, postTo(server.url))).toEqual([])
}
