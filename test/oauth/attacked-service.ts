import { createHash, randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { generateHOTP } from '@oslojs/otp'
import { Secret } from 'otpauth'
import { createDataFolder } from '../support/local-server.ts'
import { openService } from '../support/local-service.ts'

export type Members = Readonly<Record<string, string>>
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: string }
export type Tokens = {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly scope: string
}
export type User = { readonly username: string; readonly password: string }

/** A client as it attacks or is attacked: `secret` where it has one. */
export type TestClient = { readonly id: string; readonly secret: string | undefined; readonly redirectUri: string }

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const own = { 'sec-fetch-site': 'same-origin' }

// Guesses are not counted and answers of the authorizer not kept, so that every attack is judged for itself.
const settings = {
  ...{ signInPages: 'true', secondFactor: 'optional', scopes: 'read,write', clients: 'web' },
  ...{ authorizerCache: '0', addressFailures: '0', accountFailures: '0', revocation: 'immediate' },
}

/** A service with pages, its administrator, and as many browsers, clients and users as a test wants. */
export async function openAttackedService(more: Members = {}) {
  const data = createDataFolder()
  const { url, admin, lines, ...service } = await openService({ data: data.path, settings: { ...settings, ...more } })
  let made = 0

  const command = async (name: string, members: object) => {
    const answer = await admin({ command: name, ...members })
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer)}`)
    return answer.result
  }

  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(new URL(path, url), { redirect: 'manual', ...init })
    const body = await response.text()
    // API Gateway's own throttle: it has judged the number of requests, and this one is yet to be judged.
    if (response.status !== 429) return { status: response.status, headers: response.headers, body }
    await setTimeout(100)
    return send(path, init)
  }

  async function createUser(scope = ''): Promise<User> {
    made += 1
    const user = { username: `user-${made}`, password: `a long password, number ${made}` }
    await command('create-user', { ...user, scope })
    return user
  }

  async function putClient(metadata: object = {}): Promise<TestClient> {
    made += 1
    const client = {
      client_id: `client-${made}`,
      redirect_uris: [`https://client-${made}.example/cb`],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      first_party: true,
      ...metadata,
    }
    const { client_secret: secret } = await command('put-client', { client })
    return { id: client.client_id, secret, redirectUri: String(client.redirect_uris[0]) }
  }

  const post = (path: string, members: object, headers: Members = {}) =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(members),
    })

  const token = (client: TestClient, members: Members) =>
    send('/token', {
      method: 'POST',
      headers: { ...form, ...(client.secret !== undefined && basic(client.id, client.secret)) },
      body: new URLSearchParams({ ...(client.secret === undefined && { client_id: client.id }), ...members }),
    })

  const refresh = (client: TestClient, { refresh_token }: Pick<Tokens, 'refresh_token'>) =>
    token(client, { grant_type: 'refresh_token', refresh_token })

  return {
    ...{ url, lines, command, send, post, token, refresh, createUser, putClient },
    logIn: async (user: User): Promise<Tokens> => JSON.parse((await post('/login', user)).body),
    /** Gives a user an authenticator app, and returns what it shows in half a minute, because what it shows now is used. */
    enrolTotp: async (user: User) => {
      const { access_token } = JSON.parse((await post('/login', user)).body)
      const headers = { authorization: `Bearer ${access_token}` }
      const { secret } = JSON.parse((await post('/factors/totp', {}, headers)).body)
      const key = new Uint8Array(Secret.fromBase32(secret).buffer)
      await post('/factors/totp/confirm', { code: codeAt(key, 0) }, headers)
      return { code: () => codeAt(key, 1) }
    },
    as: (accessToken: string, method: string, path: string, members?: object) =>
      send(path, {
        method,
        headers: { authorization: `Bearer ${accessToken}`, ...(members && { 'content-type': 'application/json' }) },
        ...(members && { body: JSON.stringify(members) }),
      }),
    openBrowser: () => createBrowser(url, send),
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]()
      data[Symbol.dispose]()
    },
  }
}

const codeAt = (key: Uint8Array, steps: number): string =>
  generateHOTP(key, BigInt(Math.floor(Date.now() / 30_000) + steps), 6)

export type AttackedService = Awaited<ReturnType<typeof openAttackedService>>
export type Browser = ReturnType<typeof createBrowser>

export const basic = (id: string, secret: string): Members => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})

/** A code verifier and its challenge. */
export function newPkce() {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** The parameters of a good authorization request; undefined leaves one out. */
export function requestOf(
  client: TestClient,
  challenge: string,
  changes: Readonly<Record<string, string | undefined>> = {},
): string {
  const parameters = {
    ...{ client_id: client.id, redirect_uri: client.redirectUri, response_type: 'code', state: 'a state' },
    ...{ scope: 'openid profile', code_challenge: challenge, code_challenge_method: 'S256', ...changes },
  }
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return String(new URLSearchParams(given))
}

/** A browser: cookies, pages and forms. Its own pages send forms as a browser says that they do. */
function createBrowser(url: string, send: (path: string, init?: RequestInit) => Promise<Answer>) {
  const { port } = new URL(url)
  const jar = new Map<string, string>()
  const names = { sso: `latchkey-${port}`, flow: `latchkey-flow-${port}` }
  const cookieHeader = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

  const go = async (path: string, init: RequestInit & { readonly headers?: Members } = {}) => {
    const answer = await send(path, { ...init, headers: { cookie: cookieHeader(), ...init.headers } })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }
  const submit = (path: string, members: Members | string, headers: Members = own) =>
    go(path, { method: 'POST', headers: { ...form, ...headers }, body: String(new URLSearchParams(members)) })

  return {
    ...{ jar, names, go, submit },
    authorize: (query: string) => go(`/authorize?${query}`),
    /** Opens a sign-in and returns what its page holds of the flow. */
    begin: async (query: string) => flowIn(await go(`/authorize?${query}`)),
    signIn: (flow: string, user: User) => submit('/sign-in', { flow, ...user }),
    sso: () => jar.get(names.sso),
  }
}

/** What a page, or the address of one, holds of a flow. */
export function flowIn({ body, headers }: Answer): string {
  const flow =
    /name="flow" value="([^"]+)"/.exec(body)?.[1] ?? /[?&]flow=([\w-]+)/.exec(headers.get('location') ?? '')?.[1]
  if (flow === undefined) throw new Error(`No flow in ${headers.get('location')} ${body}`)
  return flow
}

/** Where a response goes, and what it says there. */
export function responseIn({ headers }: Answer) {
  const location = headers.get('location') ?? ''
  if (!URL.canParse(location)) return { to: location, said: {} as Readonly<Record<string, string | undefined>> }
  const { origin, pathname, searchParams } = new URL(location)
  return {
    to: origin + pathname,
    said: Object.fromEntries(searchParams) as Readonly<Record<string, string | undefined>>,
  }
}

/** A code for someone who signs in with a browser of their own, and what redeems it. */
export async function codeFor(
  service: AttackedService,
  client: TestClient,
  user: User,
  changes: Readonly<Record<string, string | undefined>> = {},
  browser = service.openBrowser(),
) {
  const { verifier, challenge } = newPkce()
  const flow = await browser.begin(requestOf(client, challenge, changes))
  let answer = await browser.signIn(flow, user)
  if (answer.headers.get('location')?.startsWith('/consent')) answer = await allow(browser, flow)
  const { code } = responseIn(answer).said
  if (code === undefined) throw new Error(`No code: ${answer.status} ${answer.headers.get('location')} ${answer.body}`)
  const grant = { grant_type: 'authorization_code', code, redirect_uri: client.redirectUri, code_verifier: verifier }
  return { browser, flow, code, verifier, grant, redeem: () => service.token(client, grant) }
}

/** Allows on the consent page what it asks for. */
export async function allow(browser: Browser, flow: string): Promise<Answer> {
  const { body } = await browser.go(`/consent?flow=${flow}`)
  return browser.submit('/consent', { ...hiddenIn(body), decision: 'allow' })
}

/** The hidden fields of the forms on a page. */
export const hiddenIn = (body: string): Members =>
  Object.fromEntries(
    [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name, value]) => [name, value]),
  )

/** The tokens of someone who signs in with a browser of their own. */
export async function tokensFor(...request: Parameters<typeof codeFor>) {
  const { redeem, ...begun } = await codeFor(...request)
  const { status, body } = await redeem()
  if (status !== 200) throw new Error(`No tokens: ${body}`)
  return { ...begun, tokens: JSON.parse(body) as Tokens }
}
