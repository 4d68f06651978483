import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, test } from '@jest/globals'
import * as oauth from 'openid-client'
import { createCookieJar } from '../support/cookie-jar.ts'
import { createDataFolder } from '../support/local-server.ts'
import { readCodeFiles, writeApp } from '../support/page-code.ts'
import { openSignInService } from '../support/sign-in-service.ts'
import { openWebBrowser } from '../support/web-browser.ts'

const files = readCodeFiles('docs/apps.md')
const codeOf = (name: string) => files.find((file) => file.name === name)?.code ?? ''

const service = await openSignInService()
afterAll(() => service[Symbol.asyncDispose]())

const parallel = 6

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await once(server.listen(0, 'localhost'), 'listening')
  return (server.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await once(server.close(), 'close')
  return port
}

/** An API before the service, which can refuse all tokens that it has seen, as soon as all parallel requests are there. */
async function openApi() {
  const seen = new Set<string>()
  const refused = new Set<string>()
  const waiting: (() => void)[] = []
  const server = createServer(async ({ url, headers: { authorization = '' } }, response) => {
    if (refused.has(authorization)) {
      waiting.push(() => void response.writeHead(403).end())
      if (waiting.length % parallel === 0) for (const answer of waiting) answer()
      return
    }
    seen.add(authorization)
    const answer = await fetch(service.url + url, { headers: { authorization } })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  const port = await listen(server)
  return {
    url: `http://localhost:${port}`,
    refuseAllSeen: () => {
      for (const token of seen) refused.add(token)
    },
    seenAndGood: () => seen.size - refused.size,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

type Run = { readonly args: readonly string[]; readonly cwd: string; readonly env: NodeJS.ProcessEnv }

// Without a path there is no browser that it could open.
const run = ({ args, cwd, env }: Run) =>
  spawn(process.execPath, args, { cwd, env: { ...env, PATH: '' }, stdio: 'pipe' })

/** Serves route handlers as Next.js does. */
const server = `
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import * as api from './app/api/[...path]/route.js'
import * as auth from './app/auth/[step]/route.js'

const { APP } = process.env
createServer(async (request, response) => {
  const body = request.method === 'GET' ? undefined : await buffer(request)
  const step = /^\\/auth\\/([\\w-]+)/.exec(request.url)?.[1]
  const { method, headers } = request
  const params = Promise.resolve({ step })
  const answer = await (step ? auth : api)[method](new Request(APP + request.url, { method, headers, body }), { params })
  response.writeHead(answer.status, [...answer.headers].flat()).end(Buffer.from(await answer.arrayBuffer()))
}).listen(new URL(APP).port, 'localhost', () => console.log('Open'))
`

const backends = [
  { section: 'A backend for the frontend', id: 'shop-backend', main: 'backend.mjs', under: '' },
  { section: 'Next.js', id: 'shop-next', main: 'server.mjs', under: '/auth' },
] as const

// A client shows its secret when it is registered, not when it is changed.
const secrets = new Map<string, unknown>()

async function putBackend(app: string, { id, under }: (typeof backends)[number]): Promise<string> {
  const metadata = JSON.parse(codeOf('shop-backend.json').replaceAll('http://localhost:5173', app))
  const redirects = { redirect_uris: [`${app}${under}/callback`] }
  const { client_secret } = await service.putClient({ ...metadata, client_id: id, ...redirects })
  if (client_secret) secrets.set(id, client_secret)
  return String(secrets.get(id))
}

/** A backend of the page, its client, and a browser that has signed in nowhere. */
async function openBackend(backend: (typeof backends)[number]) {
  const { section, id, main, under } = backend
  const folder = createDataFolder()
  const api = await openApi()
  const app = `http://localhost:${await freePort()}`
  writeApp(folder.path, [
    ...files.filter((file) => file.section === section),
    { section, name: 'server.mjs', code: server },
  ])
  writeFileSync(join(folder.path, 'package.json'), '{"type":"module"}')
  const env = { ISSUER: service.url, API: api.url, APP: app, CLIENT_SECRET: await putBackend(app, backend) }
  const key = Buffer.alloc(32, 7).toString('base64url')
  const child = run({ args: [main], cwd: folder.path, env: { ...env, SESSION_KEY: key } })
  await once(child.stdout, 'data')

  // A browser takes Secure cookies of http://localhost too.
  const jar = createCookieJar(app.replace('http:', 'https:'))
  const send = async (path: string, site: string, method: string) => {
    const isOurs = site === 'same-origin'
    const cookie = jar.cookiesFor({ method, site: isOurs ? 'same-origin' : 'cross-site' })
    const headers = { cookie, ...(site && { 'sec-fetch-site': site }) }
    const response = await fetch(app + path, { method, headers, redirect: 'manual' })
    jar.keep(response.headers.getSetCookie())
    return { status: response.status, location: response.headers.get('location') ?? '', text: await response.text() }
  }
  const browser = openWebBrowser(service.url)
  return {
    ...{ app, api, id, browser },
    /** What a link of another site opens. */
    open: (path: string) => send(path, 'cross-site', 'GET'),
    ask: (path: string, site = 'same-origin') => send(path, site, 'GET'),
    post: (path: string, site = 'same-origin') => send(path, site, 'POST'),
    signIn: async () => {
      const { location } = await send(`${under}/sign-in`, 'same-origin', 'GET')
      const { url } = await browser.signIn(await browser.load(location), service.user)
      return send(url.slice(app.length), 'cross-site', 'GET')
    },
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await once(child, 'close')
      await api[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

describe.each(backends)('the code on the page for $section', (backend) => {
  const { under } = backend

  test('signs in, calls the API, and signs out everywhere', async () => {
    await using shop = await openBackend(backend)
    const unknown = await shop.ask('/api/me')
    const signedIn = await shop.signIn()
    const me = await shop.ask('/api/me')
    expect([unknown.status, signedIn, me.status]).toEqual([401, { status: 303, location: '/', text: '' }, 200])
    expect(JSON.parse(me.text)).toMatchObject({ client_id: shop.id, scope: 'openid profile' })

    const { location } = await shop.post(`${under}/sign-out`)
    expect(await shop.browser.load(location)).toMatchObject({ url: `${shop.app}/`, status: 0 })
    expect((await shop.ask('/api/me')).status).toBe(401)
    const again = await shop.open(`${under}/sign-in`)
    expect((await shop.browser.load(again.location)).heading).toContain('Sign in')
  })

  test('refreshes once for all requests whose token the API refuses', async () => {
    await using shop = await openBackend(backend)
    await shop.signIn()
    await shop.ask('/api/me')
    shop.api.refuseAllSeen()
    const answers = await Promise.all(Array.from({ length: parallel }, () => shop.ask('/api/me')))

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: parallel }, () => 200))
    expect(shop.api.seenAndGood()).toBe(1)
  })

  test('lets no other site and no other browser use a session', async () => {
    await using shop = await openBackend(backend)
    await shop.signIn()
    const statuses = []
    for (const site of ['cross-site', 'same-site', 'none', ''])
      statuses.push((await shop.ask('/api/me', site)).status, (await shop.post(`${under}/sign-out`, site)).status)
    expect(statuses).toEqual(statuses.map(() => 403))
    expect((await shop.ask('/api/me')).status).toBe(200)

    const callback = `${shop.app}${under}/callback?code=a&state=b`
    expect((await fetch(callback, { redirect: 'manual' })).status).toBe(400)
  })

  test('is signed out when the service has ended the session', async () => {
    await using shop = await openBackend(backend)
    await shop.signIn()
    await shop.ask('/api/me')
    const authorization = `Bearer ${await service.logIn()}`
    await fetch(`${service.url}/sessions`, { method: 'DELETE', headers: { authorization } })
    shop.api.refuseAllSeen()
    const answers = await Promise.all(Array.from({ length: parallel }, () => shop.ask('/api/me')))

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: parallel }, () => 401))
    expect((await shop.ask('/api/me')).status).toBe(401)
  })
})

describe('the code on the page for an app on a device', () => {
  /** The program, which opens its links in a browser of ours: `decide` says what the person does there. */
  async function openProgram() {
    const folder = createDataFolder()
    await service.putClient(JSON.parse(codeOf('shop-app.json')))
    writeApp(
      folder.path,
      files.filter(({ name }) => name === 'shop.mjs'),
    )
    const stored = join(folder.path, 'tokens.json')
    const browser = openWebBrowser(service.url)
    const visit = async (link: string, decision: 'allow' | 'deny') => {
      const page = await browser.load(link)
      const asked = page.heading.includes('Sign in') ? await browser.signIn(page, service.user) : page
      await fetch((await browser[decision](asked)).url)
    }
    return {
      start: async (args: readonly string[] = [], decision: 'allow' | 'deny' = 'allow') => {
        const child = run({ args: ['shop.mjs', ...args], cwd: folder.path, env: { ISSUER: service.url } })
        let stderr = ''
        child.stderr.on('data', (chunk) => {
          stderr += chunk
          const [line = '', link = ''] = /^Sign in: (.*)\n/.exec(stderr) ?? []
          stderr = stderr.slice(line.length)
          if (link) void visit(link, decision)
        })
        const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
        return { code, stdout, stderr }
      },
      tokens: () => (existsSync(stored) ? JSON.parse(readFileSync(stored, 'utf8')) : undefined),
      keep: (tokens: object) => writeFileSync(stored, JSON.stringify(tokens)),
      [Symbol.dispose]: () => folder[Symbol.dispose](),
    }
  }
  const me = { code: 0, stdout: expect.stringContaining('"client_id":"shop-app"'), stderr: '' }

  test('signs in, refreshes before expiry and after a refusal, and signs out', async () => {
    using program = await openProgram()
    expect(await program.start()).toEqual(me)
    const first = program.tokens()
    program.keep({ ...first, refreshAt: 0 })
    expect(await program.start()).toEqual(me)
    const second = program.tokens()
    program.keep({ ...second, access_token: 'refused' })
    expect(await program.start()).toEqual(me)
    const third = program.tokens()
    expect(new Set([first, second, third].map((tokens) => tokens.refresh_token)).size).toBe(3)

    expect(await program.start(['sign-out'])).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(program.tokens()).toBeUndefined()
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'shop-app',
      refresh_token: third.refresh_token,
    })
    expect((await fetch(`${service.url}/token`, { method: 'POST', body })).status).toBe(400)
  })

  test('signs in again when its session is over', async () => {
    using program = await openProgram()
    await program.start()
    program.keep({ ...program.tokens(), refreshAt: 0, refresh_token: 'over' })

    expect(await program.start()).toEqual(me)
  })

  test('says so when the person does not allow it', async () => {
    using program = await openProgram()

    expect(await program.start([], 'deny')).toEqual({ code: 1, stdout: '', stderr: 'access_denied\n' })
  })

  test('registers a client that can also come back by a scheme of its own', async () => {
    using _ = await openProgram()
    const execute = [oauth.allowInsecureRequests]
    const config = await oauth.discovery(new URL(service.url), 'shop-app', undefined, oauth.None(), { execute })
    const [pkceCodeVerifier, state] = [oauth.randomPKCECodeVerifier(), oauth.randomState()]
    const url = oauth.buildAuthorizationUrl(config, {
      ...{ redirect_uri: 'com.example.shop:/callback', scope: 'openid offline_access', state },
      code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    })
    const browser = openWebBrowser(service.url)
    const shown = await browser.allow(await browser.signIn(await browser.load(url), service.user))
    const checks = { pkceCodeVerifier, expectedState: state, idTokenExpected: true }
    const tokens = await oauth.authorizationCodeGrant(config, new URL(shown.url), checks)

    expect(tokens.scope).toBe('openid offline_access')
  })
})
