import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from '@jest/globals'
import { bundle } from '../../infra/bundle.ts'
import { sampleEvent } from '../support/authorizer.ts'
import { createForgery } from '../support/hostile-forgery.ts'
import { hostileTokens } from '../support/hostile-tokens.ts'
import { audience, issuer, key } from '../support/service.ts'
import { createTestKey } from '../support/signing-key.ts'
import { createSecrets } from './secrets.ts'

const runner = join(import.meta.dirname, 'isolated-function.ts')
const functions = join(import.meta.dirname, '../../functions')
const folder = mkdtempSync(join(tmpdir(), 'isolated-'))

/** Bundles sources as they are deployed. */
function put(name: string, source: string): void {
  mkdirSync(join(folder, name))
  writeFileSync(join(folder, name, 'index.ts'), source)
}

for (const name of ['authorizer', 'authorizerImmediate']) {
  put(name, `export { handler } from ${JSON.stringify(join(functions, name, 'index.ts'))}`)
}
put(
  'careless',
  `import { lookup } from 'node:dns/promises'
   import { createSocket } from 'node:dgram'
   import { readFile } from 'node:fs/promises'
   export const handler = async ({ url }) => {
     console.log('Bearer token-in-a-line')
     await Promise.allSettled([fetch(url), lookup('localhost'), readFile('/etc/passwd')])
     createSocket('udp4').close()
     throw new Error('careless')
   }`,
)
await bundle(join(folder, 'dist'), folder)

/** Whoever gets through to here was led by a token. */
let visits = 0
const attackersServer = createServer((_, response) => {
  visits += 1
  response.end(JSON.stringify({ keys: [attackersKey.jwk] }))
}).listen(0, '127.0.0.1')

// A table that has every session, so that the immediate authorizer lets in whatever the default one would.
const table = createServer((_, response) => {
  response.setHeader('content-type', 'application/x-amz-json-1.0')
  response.end(JSON.stringify({ Item: { pk: { S: 'SUB#s' }, sk: { S: 'SES#sid' } } }))
}).listen(0, '127.0.0.1')
await Promise.all([once(attackersServer, 'listening'), once(table, 'listening')])

const portOf = (server: typeof table) => (server.address() as AddressInfo).port

afterAll(async () => {
  for (const server of [attackersServer, table]) {
    server.closeAllConnections()
    await once(server.close(), 'close')
  }
  rmSync(folder, { recursive: true })
})

const attackersKey = await createTestKey()
const attackersUrl = `http://127.0.0.1:${portOf(attackersServer)}/keys`
const now = Math.floor(Date.now() / 1000)
const forgery = createForgery({ issuer, audience, key, attackersKey, attackersUrl, now })

const environment = {
  ISSUER: issuer,
  AUDIENCE: audience,
  JWKS: JSON.stringify({ keys: [key.jwk] }),
  ROUTE_SCOPES: '{}',
  WEBSOCKET_QUERY_TOKEN: 'true',
  TABLE_NAME: 'latchkey',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'a-secret-access-key',
  AWS_ENDPOINT_URL: `http://127.0.0.1:${portOf(table)}`,
}

type Report = {
  readonly answers: readonly unknown[]
  readonly touched: readonly string[]
  readonly ports: readonly number[]
}

/** What a bundle answers to events, what it reached out for meanwhile, and all that it wrote. */
async function run(name: string, events: readonly unknown[]): Promise<Report & { readonly output: string }> {
  const child = fork(runner, [pathToFileURL(join(folder, 'dist', name, 'index.mjs')).href], {
    execArgv: ['--permission', `--allow-fs-read=${runner}`, `--allow-fs-read=${join(folder, 'dist')}`],
    env: environment,
    silent: true,
  })
  const output = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')))
  const crash = once(child, 'exit').then(async () => Promise.reject(new Error((await output).join(''))))
  const next = () => Promise.race([once(child, 'message'), crash])
  await next()
  child.send(events)
  const [report] = (await next()) as [Report]
  return { ...report, output: (await output).join('') }
}

const kinds = ['ok', 'http-payload-1.0', 'rest-token', 'rest-request', 'websocket-header', 'websocket-subprotocol']

// What is carried to a function at all: API Gateway stops at 10 KB.
const tokens = hostileTokens
  .map(({ make }) => make(forgery))
  .filter((token) => token.trim() !== forgery.good && token.length < 10_240)
const attacks = [...kinds, 'websocket-query-token'].flatMap((kind) => tokens.map((token) => sampleEvent(kind, token)))
const secrets = createSecrets()
for (const token of tokens) secrets.keepToken(token)

const isRefusal = (answer: unknown) =>
  /^\{"isAuthorized":false\}$|"Effect":"Deny"|^\{"thrown":"Unauthorized"\}$/.test(JSON.stringify(answer))

// SECURITY 67, 122
describe('the deployed authorizer, held by the permission model', () => {
  test('looks nothing up, connects to nobody and opens no file, whatever token it is asked about', async () => {
    const { answers, touched, ports, output } = await run('authorizer', [...attacks, sampleEvent('ok', forgery.good)])

    expect(answers.at(-1)).toMatchObject({ isAuthorized: true })
    expect(answers.slice(0, -1).filter((answer) => !isRefusal(answer))).toEqual([])
    expect({ touched, ports, visits }).toEqual({ touched: [], ports: [], visits: 0 })
    expect(output.trimEnd().split('\n')).toHaveLength(answers.length)
    expect(secrets.foundIn(output)).toEqual([])
  })

  test('with immediate revocation connects to its table alone', async () => {
    const good = sampleEvent('ok', forgery.good)
    const { answers, ports, output } = await run('authorizerImmediate', [...attacks, good])

    expect(answers.at(-1)).toMatchObject({ isAuthorized: true })
    expect(answers.slice(0, -1).filter((answer) => !isRefusal(answer))).toEqual([])
    expect({ ports, visits }).toEqual({ ports: [portOf(table)], visits: 0 })
    expect(secrets.foundIn(output)).toEqual([])
  })

  test('would be caught otherwise: a function that reaches out and writes tokens down', async () => {
    const { answers, touched, ports, output } = await run('careless', [{ url: attackersUrl }])

    expect(answers).toEqual([{ thrown: 'careless' }])
    expect(touched).toEqual(expect.arrayContaining(['TCPCONNECTWRAP', 'GETADDRINFOREQWRAP', 'UDPWRAP']))
    expect({ ports, visits }).toEqual({ ports: [portOf(attackersServer)], visits: 1 })
    const written = createSecrets()
    written.keep('token', 'token-in-a-line')
    expect(written.foundIn(output)).toEqual(['token'])
  })
})
