import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ensureBundled } from '../../infra/build/ensure-bundled.ts'
import { httpEvent } from '../support/builders/events.ts'
import { audience, formEvent, issuer, key as signingKey } from '../support/builders/service.ts'
import { forge } from '../support/builders/signing-key.ts'
import { startFaultyAws } from '../support/fakes/faulty-aws.ts'
import { key, startAws, table } from '../support/local-aws.ts'
import { localFunction, startLambda } from '../support/local-lambda.ts'

const dist = join(import.meta.dirname, '../../dist')
const password = 'correct horse battery staple'
const refreshToken = Buffer.alloc(70).toString('base64url')
const now = Math.floor(Date.now() / 1000)
const accessToken = forge(
  signingKey,
  { alg: 'RS256', typ: 'at+jwt', kid: signingKey.jwk.kid },
  { iss: issuer, aud: audience, sub: 's', client_id: 'web', jti: 'j', sid: 'none', scope: '', iat: now, exp: now + 60 },
)

const post = (path: string, body: object) => httpEvent(`POST ${path}`, { body: JSON.stringify(body) })
const letIn = (event: ReturnType<typeof httpEvent>) => ({
  ...event,
  requestContext: { ...event.requestContext, authorizer: { lambda: { sub: 's', sid: 'none' } } },
})

/** An event for each function that calls AWS, and its answers while AWS is missing and when it is there. */
const events: Readonly<Record<string, readonly [event: object, missing: string, there: string]>> = {
  register: [post('/register', { username: 'ada@example.com', password }), '503', '202'],
  login: [post('/login', { username: 'eve', password }), '503', '400'],
  token: [formEvent('POST /token', { grant_type: 'refresh_token', refresh_token: refreshToken }), '503', '400'],
  revoke: [formEvent('POST /revoke', { token: refreshToken }), '503', '200'],
  password: [letIn(post('/password', { current_password: password, new_password: password })), '503', '401'],
  recover: [post('/recover', { username: 'eve' }), '503', '202'],
  email: [letIn(post('/email', { email: 'eve@example.com', password })), '503', '401'],
  sessions: [letIn(httpEvent('GET /sessions')), '503', '401'],
  apiKeys: [httpEvent('GET /api-keys', { headers: { authorization: `Bearer ${accessToken}` } }), '503', '401'],
  authorizerImmediate: [
    { ...httpEvent('GET /me'), type: 'REQUEST', headers: { authorization: `Bearer ${accessToken}` } },
    'Unavailable',
    'false',
  ],
  migrate: [{ username: 'eve', password, client_id: 'web' }, 'Unavailable', 'false'],
  admin: [{ command: 'show-user', username: 'eve' }, 'Unavailable', 'unknown_user'],
}

// Each function reads the variables that it knows.
const environment = {
  TABLE_NAME: table.name,
  SIGNING_KEY_ID: key.keyId,
  SIGNING_KID: signingKey.jwk.kid,
  ISSUER: issuer,
  AUDIENCE: audience,
  JWKS: JSON.stringify({ keys: [signingKey.jwk] }),
  ROUTE_RULES: '{}',
  WEBSOCKET_QUERY_TOKEN: 'false',
  CLIENTS: 'web',
  SCOPES: 'a',
  RESOURCES: '[]',
  ACCESS_TOKEN_LIFETIME: '900',
  CLAIMS_HOOK: '-',
  CLAIMS_AT_REFRESH: 'false',
  REFRESH_GRACE: '10',
  SESSION_IDLE_LIMIT: '1000',
  SESSION_LIMIT: '1000',
  SESSIONS_PER_USER: '50',
  ACCOUNT_FAILURES: '10',
  ADDRESS_FAILURES: '100',
  VIEWER_ADDRESS: '-',
  CLIENTS_BY_URL: '-',
  CLIENT_METADATA_FUNCTION: '-',
  MIGRATE_FUNCTION: '-',
  SECOND_FACTOR: 'optional',
  FACTOR_KEY_ID: 'key-of-factors',
  RP_ID: '-',
  PASSKEY_ORIGINS: '-',
  MAIL_FUNCTION: 'mail',
  OLD_SYSTEM: 'arn:aws:lambda:eu-central-1:123456789012:function:old-users',
  SIGN_UP_PAGE: 'true',
  FORGOT_PAGE: 'true',
  ACCENT: '-',
  LOGO: 'false',
  LOGO_TYPE: '-',
  SERVICE_NAME: 'Latchkey',
  MINIMUM_PASSWORD_LENGTH: '15',
}

// REQ-75, REQ-131, REQ-132
test('functions that start while AWS is missing say so, and work as soon as it is there', async () => {
  await ensureBundled()
  await using aws = await startAws()
  await using faulty = await startFaultyAws(aws.url, 'AKIAOWNER')
  const { config } = faulty.admit()
  const credentials = { ...config.credentials, sessionToken: 'session' }
  const functions = Object.keys(events).map((name) =>
    localFunction('', { name, codeDirectory: join(dist, name), memory: 256, environment, credentials }),
  )
  await using lambda = startLambda(functions, config.endpoint)
  const answers = async () => {
    const asked = Object.entries(events).map(async ([name, [event]]) => {
      const { payload } = await lambda.invoke(name, JSON.stringify(event))
      const { statusCode, errorType, isAuthorized, confirmed, error } = JSON.parse(payload)
      return [name, String(statusCode ?? errorType ?? isAuthorized ?? confirmed ?? error)] as const
    })
    return Object.fromEntries(await Promise.all(asked))
  }

  await faulty.leave()
  const missing = await answers()
  await faulty.comeBack()
  const there = await answers()

  const expected = Object.entries(events)
  expect(missing).toEqual(Object.fromEntries(expected.map(([name, [, answer]]) => [name, answer])))
  expect(there).toEqual(Object.fromEntries(expected.map(([name, [, , answer]]) => [name, answer])))
})
