import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { sampleEvent } from '../support/authorizer.ts'
import { audience, issuer, key } from '../support/builders/service.ts'
import { createTestKey } from '../support/builders/signing-key.ts'
import { createForgery } from '../support/hostile/forgery.ts'
import { hostileTokens } from '../support/hostile/tokens.ts'
import { bundleIsolated, startStub } from './isolation.ts'
import { spoofingHeaders } from './requests.ts'
import { createSecrets } from './secrets.ts'

// Written without care, on purpose: it does all that the others must not.
const careless = `
  import { lookup } from 'node:dns/promises'
  import { createSocket } from 'node:dgram'
  import { readFile } from 'node:fs/promises'
  export const handler = async ({ url }) => {
    console.log('Bearer token-in-a-line')
    await Promise.allSettled([fetch(url), lookup('localhost'), readFile('/etc/passwd')])
    createSocket('udp4').close()
    throw new Error('careless')
  }`

/** The functions that the outside reaches by HTTP, but for the authorizers. */
const endpoints = [
  'account',
  'apiKeys',
  'login',
  'register',
  'password',
  'token',
  'revoke',
  'sessions',
  'me',
  'discovery',
  'authorize',
  'signIn',
  'userinfo',
]

const bundles = await bundleIsolated([...endpoints, 'authorizer', 'authorizerImmediate', 'clientMetadata'], {
  careless,
})
const attackersKey = await createTestKey()
/** Whoever gets through to here was led by a token or a header. */
const attackersServer = await startStub('application/json', { keys: [attackersKey.jwk] })
// A table that has every session, so that the immediate authorizer lets in whatever the default one would.
const aws = await startStub('application/x-amz-json-1.0', { Item: { pk: { S: 'SUB#s' }, sk: { S: 'SES#sid' } } })

afterAll(async () => {
  bundles[Symbol.dispose]()
  await Promise.all([attackersServer, aws].map((server) => server[Symbol.asyncDispose]()))
})

const environment = {
  ISSUER: issuer,
  AUDIENCE: audience,
  JWKS: JSON.stringify({ keys: [key.jwk] }),
  ROUTE_RULES: '{}',
  WEBSOCKET_QUERY_TOKEN: 'true',
  TABLE_NAME: 'latchkey',
  SIGNING_KEY_ID: 'key',
  SIGNING_KID: key.jwk.kid,
  CLIENTS: 'web',
  SCOPES: '-',
  RESOURCES: '["https://mcp.example.com/mcp"]',
  RESOURCE_PATHS: '{}',
  SIGN_UP_PAGE: 'true',
  FORGOT_PAGE: 'true',
  ACCENT: '-',
  LOGO: 'false',
  LOGO_TYPE: '-',
  SERVICE_NAME: 'latchkey',
  MINIMUM_PASSWORD_LENGTH: '15',
  ACCESS_TOKEN_LIFETIME: '900',
  CLAIMS_HOOK: 'arn:aws:lambda:us-east-1:123456789012:function:tenants',
  CLAIMS_AT_REFRESH: 'true',
  REFRESH_GRACE: '10',
  ACCOUNT_FAILURES: '10',
  ADDRESS_FAILURES: '0',
  VIEWER_ADDRESS: '-',
  CLIENTS_BY_URL: '-',
  CLIENT_METADATA_FUNCTION: '-',
  ACCOUNT_PAGES: '/account/password',
  MIGRATE_FUNCTION: '-',
  SECOND_FACTOR: 'optional',
  SIGN_IN_PAGES: 'true',
  FACTOR_KEY_ID: 'key-of-factors',
  RP_ID: '-',
  PASSKEY_ORIGINS: '-',
  MAIL_FUNCTION: 'mail',
  SESSION_IDLE_LIMIT: '1000',
  SESSION_LIMIT: '1000',
  SESSIONS_PER_USER: '50',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'a-secret-access-key',
  AWS_ENDPOINT_URL: aws.url,
}
const run = (name: string, events: readonly unknown[]) => bundles.run(name, environment, events)

const now = Math.floor(Date.now() / 1000)
const forgery = createForgery({ issuer, audience, key, attackersKey, attackersUrl: attackersServer.url, now })
const kinds = ['ok', 'http-payload-1.0', 'rest-token', 'rest-request', 'websocket-header', 'websocket-subprotocol']

// What is carried to a function at all: API Gateway stops at 10 KB.
const tokens = hostileTokens
  .map(({ make }) => make(forgery))
  .filter((token) => token.trim() !== forgery.good && token.length < 10_240)
const attacks = [...kinds, 'websocket-query-token'].flatMap((kind) => tokens.map((token) => sampleEvent(kind, token)))
const good = sampleEvent('ok', forgery.good)
const secrets = createSecrets()
secrets.keep('secret access key', environment.AWS_SECRET_ACCESS_KEY)
for (const token of tokens) secrets.keepToken(token)

const isRefusal = (answer: unknown) =>
  /^\{"isAuthorized":false\}$|"Effect":"Deny"|^\{"thrown":"Unauthorized"\}$/.test(JSON.stringify(answer))

// REQ-67, REQ-122
describe('the deployed authorizer, held by the permission model', () => {
  test('looks up no name, opens no connection and no file, whatever token it is asked about', async () => {
    const { answers, touched, ports, output } = await run('authorizer', [...attacks, good])

    expect(answers.at(-1)).toMatchObject({ isAuthorized: true })
    expect(answers.slice(0, -1).filter((answer) => !isRefusal(answer))).toEqual([])
    expect({ touched, ports, visits: attackersServer.visits() }).toEqual({ touched: [], ports: [], visits: 0 })
    expect(output.trimEnd().split('\n')).toHaveLength(answers.length)
    expect(secrets.foundIn(output)).toEqual([])
  })

  test('with immediate revocation connects only to its table', async () => {
    const { answers, ports, output } = await run('authorizerImmediate', [...attacks, good])

    expect(answers.at(-1)).toMatchObject({ isAuthorized: true })
    expect(answers.slice(0, -1).filter((answer) => !isRefusal(answer))).toEqual([])
    expect({ ports, visits: attackersServer.visits() }).toEqual({ ports: [aws.port], visits: 0 })
    expect(secrets.foundIn(output)).toEqual([])
  })

  test('would be caught otherwise: a function that reaches out and writes tokens down', async () => {
    const { answers, touched, ports, output } = await run('careless', [{ url: attackersServer.url }])

    expect(answers).toEqual([{ thrown: 'careless' }])
    expect(touched).toEqual(expect.arrayContaining(['TCPCONNECTWRAP', 'GETADDRINFOREQWRAP', 'UDPWRAP']))
    expect({ ports, visits: attackersServer.visits() }).toEqual({ ports: [attackersServer.port], visits: 1 })
    const written = createSecrets()
    written.keep('token', 'token-in-a-line')
    expect(written.foundIn(output)).toEqual(['token'])
  })
})

// REQ-193
describe('the deployed function that fetches documents of clients, held by the permission model', () => {
  const { host } = new URL(attackersServer.url)
  const asked = (url: string) => ({ kind: 'document', url })

  test('reaches nothing where no URL may be a client id, or for what is no such URL', async () => {
    const events = ['https://agent.example/client.json', `https://${host}/client.json`, 'https://localhost/client.json']

    for (const hosts of ['-', 'other.example', 'localhost']) {
      const variables = { ...environment, CLIENTS_BY_URL: hosts }
      const { answers, touched, ports } = await bundles.run('clientMetadata', variables, events.map(asked))

      expect(answers).toEqual(events.map(() => ({ refused: 'refused_url' })))
      expect({ touched, ports }).toEqual({ touched: [], ports: [] })
    }
  })
})

// REQ-136
describe('every other function of the API, held by the permission model', () => {
  const samplesOf = (name: string) => {
    const folder = join(import.meta.dirname, '../../events', name)
    return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
  }

  test.each(endpoints)('connects only to the AWS endpoint, whatever its headers say: %s', async (name) => {
    const spoofed = { ...spoofingHeaders, host: new URL(attackersServer.url).host }
    const events = samplesOf(name).map((event) => ({ ...event, headers: { ...event.headers, ...spoofed } }))
    const before = attackersServer.visits()
    const { answers, ports, output } = await run(name, events)

    expect(answers).toHaveLength(events.length)
    expect(answers.filter((answer) => !Object.hasOwn(answer as object, 'statusCode'))).toEqual([])
    expect(ports.filter((port) => port !== aws.port)).toEqual([])
    expect(attackersServer.visits()).toBe(before)
    expect(secrets.foundIn(output)).toEqual([])
  })
})
