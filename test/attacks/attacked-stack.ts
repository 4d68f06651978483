import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type OutgoingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { codeIn, waitForMail } from '../support/captured-mails.ts'
import { createDataFolder, runLocal, startServer } from '../support/local-server.ts'
import { createSecrets } from './secrets.ts'

type Secrets = ReturnType<typeof createSecrets>

export type Headers = Readonly<Record<string, string | readonly string[]>>

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export type User = {
  readonly username: string
  readonly password: string
  readonly accessToken: string
  readonly refreshToken: string
}

// Guesses are not counted and answers of the authorizer not kept, so that every attack is judged for itself.
const settings = ['authorizerCache=0', 'addressFailures=0', 'accountFailures=0', 'selfRegistration=true']

/** The stack on localhost, with every secret that it is sent or hands out, and all that it writes. */
export async function startAttackedStack(...more: readonly string[]) {
  const data = createDataFolder()
  const server = await startServer(
    data.path,
    [...settings, ...more].flatMap((setting) => ['-c', setting]),
  )
  const secrets = createSecrets()
  const send = createSender(server.url, secrets)

  const post = (path: string, body: object, headers: Headers = {}) =>
    send(`POST ${path}`, { 'content-type': 'application/json', ...headers }, JSON.stringify(body))

  const withMail = more.some((setting) => setting.startsWith('emailFrom='))

  /** With mail: asks for a code, and waits for it. `count` is how many mails the address has then. */
  async function askForCode(path: string, body: object, to: string, count = 1, headers: Headers = {}) {
    const { ticket } = JSON.parse((await post(path, body, headers)).body)
    const code = codeIn(await waitForMail(data.path, to, count))
    secrets.keep('code', code, code.replace(' ', ''))
    return { ticket, code }
  }

  async function register(username: string, password: string): Promise<void> {
    if (!withMail) return void (await post('/register', { username, password }))
    const email = `${username}@example.com`
    await post('/register/confirm', await askForCode('/register', { username, email, password }, email))
  }

  async function createUser(username = `user-${randomBytes(6).toString('hex')}`): Promise<User> {
    const password = `password ${randomBytes(12).toString('hex')}`
    secrets.keep('password', password)
    await register(username, password)
    const { status, body } = await post('/login', { username, password, remember_device: true })
    if (status !== 200) throw new Error(`No user, no attack: ${body}`)
    const { access_token: accessToken, refresh_token: refreshToken } = JSON.parse(body)
    return { username, password, accessToken, refreshToken }
  }

  return {
    url: server.url,
    data: data.path,
    secrets,
    send,
    post,
    createUser,
    askForCode,
    /** With pages: opens a sign-in, and returns what its page holds of it and what its browser sends along. */
    openFlow: async () => {
      const client = { client_id: 'shop', redirect_uris: ['https://shop.example/cb'], first_party: true }
      const file = join(data.path, 'client.json')
      writeFileSync(file, JSON.stringify({ ...client, token_endpoint_auth_method: 'none' }))
      await runLocal('admin', ['put-client', file, '--data', data.path])
      const query = {
        ...{ client_id: client.client_id, redirect_uri: client.redirect_uris[0] ?? '', response_type: 'code' },
        ...{ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' },
      }
      const { headers, body } = await send(`GET /authorize?${new URLSearchParams(query)}`)
      const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(body) ?? []
      const [cookie = ''] = String(headers['set-cookie']).split(';')
      return { query, flow, headers: { cookie, 'sec-fetch-site': 'same-origin' } as const }
    },
    /** With pages: signs in in a browser, and returns whom its forms name and what it sends along. */
    openSession: async ({ username, password, accessToken }: User) => {
      const opened = await send('GET /sign-in?to=/account')
      const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(opened.body) ?? []
      const [cookie = ''] = String(opened.headers['set-cookie']).split(';')
      const own = { 'sec-fetch-site': 'same-origin' } as const
      const form = { cookie, 'content-type': 'application/x-www-form-urlencoded' }
      const signedIn = await send(
        'POST /sign-in',
        { ...own, ...form },
        String(new URLSearchParams({ flow, username, password })),
      )
      const [session = ''] = String(signedIn.headers['set-cookie']).split(';')
      const { sub } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
      return { account: String(sub), headers: { ...own, cookie: session } }
    },
    /** What its functions and it itself have written since it said that it listens, and what is wrong with that. */
    readLog: async () => {
      await keepStoredSecrets(data.path, secrets)
      const [, later = ''] = server.written.stdout.split('Ctrl-C ends the server.\n')
      return judgeLog(server.written.stderr + later, secrets)
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop()
      data[Symbol.dispose]()
    },
  }
}

/** Sends a request as it stands, and keeps the tokens that go and come. */
function createSender(url: string, secrets: Secrets) {
  const send = async (line: string, headers: Headers = {}, body: string | Buffer = ''): Promise<Answer> => {
    const answer = await ask(url, line, headers, body)
    // API Gateway's own throttle: it has judged the number of requests, and this one is yet to be judged.
    if (answer.status !== 429) return answer
    await setTimeout(100)
    return send(line, headers, body)
  }
  return async (...request: Parameters<typeof send>): Promise<Answer> => {
    for (const value of [request[1]?.['authorization'] ?? []].flat()) secrets.keepToken(value)
    const answer = await send(...request)
    for (const [token] of answer.body.matchAll(
      /(?<="(?:(?:access|refresh|device)_token|ticket|auth_session)":")[^"]+/g,
    ))
      secrets.keepToken(token)
    for (const cookie of answer.headers['set-cookie'] ?? [])
      secrets.keep('cookie', cookie.slice(cookie.indexOf('=') + 1, cookie.indexOf(';')))
    const [, code] = /[?&]code=([\w-]+)/.exec(String(answer.headers['location'])) ?? []
    if (code !== undefined) secrets.keep('authorization code', code)
    return answer
  }
}

// Not fetch, which tidies paths and headers up before they are sent.
async function ask(url: string, line: string, headers: Headers, body: string | Buffer): Promise<Answer> {
  const { port, hostname: host } = new URL(url)
  const space = line.indexOf(' ')
  const [method, path] = [line.slice(0, space), line.slice(space + 1)]
  const sent = request({ port, host, method, path, headers: headers as OutgoingHttpHeaders, agent: false })
  sent.end(body)
  const [response] = await once(sent, 'response')
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

// The hashes that the table keeps and the private half of the signing key.
async function keepStoredSecrets(data: string, secrets: Secrets): Promise<void> {
  const file = join(data, 'users.jsonl')
  await runLocal('admin', ['export-users', file, '--data', data])
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const { password_hash } = JSON.parse(line)
    secrets.keep('password hash', password_hash, ...password_hash.split('$').slice(-2))
  }
  const { d, p, q } = readSigningKey(data)
  secrets.keep('private key', d, p, q)
}

/** The private key of the local KMS, which signs the tokens of this stack. */
export function readSigningKey(
  data: string,
): Readonly<Record<string, string>> & { readonly d: string; readonly p: string; readonly q: string } {
  const keys = readdirSync(join(data, 'kms')).map((name) => JSON.parse(readFileSync(join(data, 'kms', name), 'utf8')))
  return keys.find(({ kty }) => kty === 'RSA')
}

/** Lines that are not a function's JSON, lines that tell of a fault of ours, and secrets in any of them. */
export function judgeLog(log: string, secrets: Secrets) {
  const lines = log.split('\n').filter((line) => line !== '')
  const entries = lines.map((line) => /^\w+: (\{.*\})$/.exec(line)?.[1])
  return {
    lines: lines.length,
    strange: lines.filter((_, index) => !isJson(entries[index])),
    faults: lines.filter((line) => /"status":5\d\d|"event":"sys_crash"/.test(line)),
    leaks: secrets.foundIn(log),
  }
}

function isJson(text = ''): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

/** Whether an answer refuses in the shape that is documented: ours (RFC 6749 section 5.2) or API Gateway's own. */
export function isRefusal({ status, headers, body }: Answer): boolean {
  if (status < 400 || status > 499) return false
  // What is no HTTP, or too much of it, does not get as far as to be answered in JSON.
  if (headers['apigw-requestid'] === undefined) return [400, 431].includes(status) && body === ''
  return /^application\/json/.test(String(headers['content-type'])) && isErrorBody(body)
}

function isErrorBody(body: string): boolean {
  const members = Object.entries(JSON.parse(body) as object)
  const names = members.map(([name]) => name).join()
  return (
    ['error,error_description', 'message'].includes(names) && members.every(([, value]) => typeof value === 'string')
  )
}
