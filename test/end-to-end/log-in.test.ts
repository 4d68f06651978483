import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createRemoteJWKSet, decodeJwt, importJWK, jwtVerify, SignJWT } from 'jose'
import { allowInsecureRequests, discovery } from 'openid-client'
import { createMails } from '../../infra/local/aws/mails.ts'
import { createDataFolder, runLocal, startServer, withoutSynthesiser } from '../support/local-server.ts'
import { giveSample } from '../support/samples.ts'

// Nothing of these may reach a function, nor may any call reach a real account with them.
const developer = {
  AWS_ACCESS_KEY_ID: 'AKIADEVELOPER',
  AWS_SECRET_ACCESS_KEY: 'developers-secret',
  AWS_PROFILE: 'developer',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  NODE_OPTIONS: '--no-warnings',
  LATCHKEY_SECRET: 'of-the-shell',
}

const data = createDataFolder()
const server = await startServer(data.path, ['-c', 'authorizerCache=0'], { ...developer, ...withoutSynthesiser })

afterAll(async () => {
  await server.stop()
  data[Symbol.dispose]()
})

const post = (url: string, body: object) =>
  fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

async function logIn({ url, user }: Pick<typeof server, 'url' | 'user'> = server): Promise<string> {
  const response = await post(url, user)
  const { access_token } = (await response.json()) as { access_token: string }
  return access_token
}

async function getMe(authorization?: string, url = server.url) {
  const response = await fetch(`${url}/me`, { headers: authorization ? { authorization } : {} })
  return [response.status, await response.json()]
}

const forbidden = [403, { message: 'Forbidden' }]

describe('the server', () => {
  test('says where it listens, who may try it and how', () => {
    const { stdout } = server.written

    expect(stdout).toMatch(new RegExp(`^Listening on ${server.url}\n`))
    expect(stdout).toContain(`password ${server.user.password}`)
    expect(stdout.match(/curl -s/g)).toHaveLength(2)
  })

  test('is found by its file for as long as it runs', () => {
    expect(JSON.parse(readFileSync(join(data.path, 'server.json'), 'utf8'))).toMatchObject({
      url: server.url,
      aws: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      pid: server.pid,
    })
  })

  test('shows two lines that work when they are pasted', () => {
    const lines = server.written.stdout.split('\n').filter((line) => line.includes('curl -s'))

    const answer = execFileSync('sh', ['-c', lines.join('\n')], { encoding: 'utf8' })
    expect(JSON.parse(answer)).toMatchObject({ client_id: 'web' })
  })

  test('gives a function nothing of the shell that it was started in', async () => {
    await getMe(`Bearer ${await logIn()}`)
    const environments = childrenOf(server.pid).map((pid) => readFileSync(`/proc/${pid}/environ`, 'latin1'))

    expect(environments.length).toBeGreaterThan(0)
    for (const value of Object.values(developer)) expect(environments.join('\n')).not.toContain(value)
  })
})

describe('who logs in', () => {
  // REQ-1
  test('gets a token, and with it is let in', async () => {
    const response = await post(server.url, server.user)
    const { access_token, ...rest } = (await response.json()) as { access_token: string }

    expect([response.status, rest]).toEqual([
      200,
      { token_type: 'Bearer', expires_in: 900, refresh_token: expect.any(String), scope: '' },
    ])
    const { sub } = decodeJwt(access_token)
    expect(await getMe(`Bearer ${access_token}`)).toEqual([200, { sub, client_id: 'web', scope: '' }])
  })

  // REQ-2
  test('with a wrong password or a wrong name gets one and the same answer, and no token', async () => {
    const [wrong, unknown] = await Promise.all(
      [{ password: 'correct horse battery staple' }, { username: 'nobody' }].map(async (change) => {
        const response = await post(server.url, { ...server.user, ...change })
        return [response.status, [...response.headers.keys()], await response.text()]
      }),
    )

    expect(wrong).toEqual([400, expect.any(Array), expect.stringMatching(/^\{"error":"invalid_grant"/)])
    expect(unknown).toEqual(wrong)
  })
})

describe('who is not let in', () => {
  test('without a token: 401', async () => {
    expect(await getMe()).toEqual([401, { message: 'Unauthorized' }])
  })

  test('with a token of which one part is another: 403', async () => {
    const [header = '', claims = '', signature = ''] = (await logIn()).split('.')
    const others = Buffer.from(JSON.stringify({ ...decodeJwt(`.${claims}.`), sub: 'someone-else' })).toString(
      'base64url',
    )

    expect(await getMe(`Bearer ${header}.${others}.${signature}`)).toEqual(forbidden)
    expect(await getMe(`Bearer ${header}.${claims}.${'A'.repeat(342)}`)).toEqual(forbidden)
    expect(await getMe('Bearer junk')).toEqual(forbidden)
  })

  // REQ-69
  test('with a token that has expired: 403, though the signature is good', async () => {
    expect(await getMe(`Bearer ${await mint({ exp: -1 })}`)).toEqual(forbidden)
    expect((await getMe(`Bearer ${await mint({ exp: 60 })}`))[0]).toBe(200)
  })

  // REQ-58, REQ-69
  test('with a token of another issuer or for another audience: 403', async () => {
    expect(await getMe(`Bearer ${await mint({ exp: 60 }, { iss: 'https://issuer.example' })}`)).toEqual(forbidden)
    expect(await getMe(`Bearer ${await mint({ exp: 60 }, { aud: 'https://api.example' })}`)).toEqual(forbidden)
  })
})

/** A fresh token's header and claims with another end, signed with the local key. */
async function mint({ exp }: { readonly exp: number }, claims: object = {}): Promise<string> {
  const [name] = readdirSync(join(data.path, 'kms'))
  const key = await importJWK(JSON.parse(readFileSync(join(data.path, 'kms', name ?? ''), 'utf8')), 'RS256')
  const token = await logIn()
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({ ...decodeJwt(token), iat: now - 60, exp: now + exp, ...claims })
    .setProtectedHeader(header)
    .sign(key)
}

// REQ-62, REQ-148
describe('others', () => {
  test('verify a token by the keys that are published', async () => {
    const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`))

    const { payload } = await jwtVerify(await logIn(), keys, {
      issuer: server.url,
      audience: server.url,
      typ: 'at+jwt',
    })
    expect(payload['client_id']).toBe('web')
  })

  test.each(['oidc', 'oauth2'] as const)('read the metadata: openid-client, %s', async (algorithm) => {
    const client = await discovery(new URL(server.url), 'web', undefined, undefined, {
      algorithm,
      execute: [allowInsecureRequests],
    })

    expect(client.serverMetadata()).toMatchObject({
      issuer: server.url,
      jwks_uri: `${server.url}/.well-known/jwks.json`,
    })
  })
})

describe('a sample event', () => {
  const invoke = (...args: string[]) => runLocal('invoke', ['--data', data.path, ...args])

  const allowed = {
    policyDocument: { Version: '2012-10-17', Statement: [expect.objectContaining({ Effect: 'Allow' })] },
  }

  test.each([
    ['login', 'ok', { statusCode: 200 }],
    ['login', 'wrong-password', { statusCode: 400 }],
    ['login', 'unknown-user', { statusCode: 400 }],
    ['login', 'malformed', { statusCode: 400 }],
    ['authorizer', 'ok', { isAuthorized: true }],
    ['authorizer', 'expired', { isAuthorized: false }],
    ['authorizer', 'tampered', { isAuthorized: false }],
    ['authorizer', 'not-a-token', { isAuthorized: false }],
    ...['rest-token', 'rest-request', 'http-payload-1.0', 'websocket-header', 'websocket-subprotocol'].map(
      (event): [string, string, object] => ['authorizer', event, allowed],
    ),
    ['authorizer', 'strange', { isAuthorized: false }],
    ['me', 'ok', { statusCode: 200 }],
    ['me', 'rest', { statusCode: 200 }],
    ['login', 'rest', { statusCode: 200 }],
    ['me', 'without-authorizer', { statusCode: 500 }],
    ['discovery', 'jwks', { statusCode: 200 }],
    ['discovery', 'openid-configuration', { statusCode: 200 }],
    ['discovery', 'oauth-authorization-server', { statusCode: 200 }],
    ['discovery', 'unknown-resource', { statusCode: 404 }],
    ['token', 'ok', { statusCode: 200 }],
    ['token', 'json', { statusCode: 200 }],
    ['token', 'unknown-token', { statusCode: 400, body: expect.stringContaining('invalid_grant') }],
    ['token', 'access-token', { statusCode: 400, body: expect.stringContaining('invalid_grant') }],
    ['token', 'password-grant', { statusCode: 400, body: expect.stringContaining('unsupported_grant_type') }],
    ['token', 'repeated-parameter', { statusCode: 400, body: expect.stringContaining('invalid_request') }],
    ['token', 'unknown-machine', { statusCode: 401, body: expect.stringContaining('invalid_client') }],
    ['token', 'unknown-api-key', { statusCode: 401, body: expect.stringContaining('invalid_client') }],
    ['token', 'unknown-code', { statusCode: 401, body: expect.stringContaining('invalid_client') }],
    ['revoke', 'ok', { statusCode: 200 }],
    ['revoke', 'unknown-token', { statusCode: 200 }],
    ['revoke', 'access-token', { statusCode: 200 }],
    ['revoke', 'another-client', { statusCode: 401, body: expect.stringContaining('invalid_client') }],
    ['sessions', 'list', { statusCode: 200, body: expect.stringContaining('"current":true') }],
    ['sessions', 'end-one', { statusCode: 204 }],
    ['sessions', 'end-unknown', { statusCode: 404 }],
    ['sessions', 'end-all', { statusCode: 204 }],
    ['apiKeys', 'list', { statusCode: 200, body: '{"api_keys":[]}' }],
    ['apiKeys', 'create', { statusCode: 201 }],
    ['apiKeys', 'revoke-unknown', { statusCode: 404 }],
    ['apiKeys', 'without-token', { statusCode: 401 }],
    ['admin', 'create-user', { ok: true }],
    ['admin', 'show-user', { ok: true }],
    ['admin', 'list-users', { ok: true }],
    ['admin', 'list-api-keys', { ok: true }],
    ['admin', 'revoke-unknown-api-key', { ok: false }],
    ['admin', 'disable-user', { ok: true }],
    ['admin', 'enable-user', { ok: true }],
    ['admin', 'set-scopes', { ok: true }],
    ['admin', 'set-password', { ok: true }],
    ['admin', 'revoke-sessions', { ok: true }],
    ['admin', 'delete-user', { ok: true }],
    ['admin', 'import-users', { ok: true }],
    ['admin', 'try-password', { ok: true }],
    ['admin', 'export-users', { ok: true }],
    ['admin', 'put-client', { ok: true }],
    ['admin', 'rotate-client-secret', { ok: true }],
    ['admin', 'list-clients', { ok: true }],
    ['admin', 'delete-client', { ok: true }],
    ['admin', 'unknown-command', { ok: false }],
  ])('shows what it is named for: %s/%s', async (name, event, answer) => {
    expect(await giveSample(data.path, name, event)).toEqual({ failed: false, answer: expect.objectContaining(answer) })
  })

  test.each(['rest-token-expired', 'websocket-query-token'])(
    'fails where API Gateway makes 401 of it: %s',
    async (event) => {
      const answer = expect.objectContaining({ errorMessage: 'Unauthorized' })

      expect(await giveSample(data.path, 'authorizer', event)).toEqual({ failed: true, answer })
    },
  )

  test('leaves the answer on standard output and what the function logs on standard error', async () => {
    const { stdout, stderr } = await invoke('authorizer', 'events/authorizer/expired.json')

    expect(JSON.parse(stdout)).toEqual({ isAuthorized: false })
    expect(stderr).toMatch(/^authorizer: \{.*"reason":"expired"/m)
  })

  test.each([
    ['an unknown function', ['mail', 'events/me/ok.json'], /^There is no function mail\. There are .*login/, 1],
    ['no such file', ['me', 'events/none.json'], /^events\/none\.json cannot be read/, 1],
    ['no JSON', ['me', 'README.md'], /^README\.md is not JSON/, 1],
    ['no event', ['me'], /^invoke takes FUNCTION and EVENT\.json\./, 2],
  ])('that cannot be invoked is told in a sentence: %s', async (_, args, sentence, exit) => {
    const { code, stdout, stderr } = await invoke(...args)

    expect([code, stdout]).toEqual([exit, ''])
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toContain('    at ')
  })

  test('makes the command fail when the function fails', async () => {
    const { code, stdout } = await runLocal('invoke', ['--data', data.path, 'jwks', '-'], '{}')

    expect([code, Object.keys(JSON.parse(stdout))]).toEqual([1, ['errorType', 'errorMessage', 'trace']])
  })
})

test('a server tells programs its addresses in one line, once it answers', async () => {
  using folder = createDataFolder()
  const line = ['infra/command-line/latchkey.cjs', 'start', '--json', '--port', '0', '--data', folder.path]
  const child = spawn(process.execPath, [...line, '-c', 'emailFrom=no-reply@example.com'])
  let written = ''
  for await (const chunk of child.stdout) {
    written += chunk
    if (written.includes('\n')) break
  }
  const { url, mailbox, ...others } = JSON.parse(written)

  expect(others).toEqual({})
  expect((await fetch(`${url}/.well-known/jwks.json`)).status).toBe(200)
  expect((await fetch(mailbox)).status).toBe(200)
  const ended = once(child, 'close')
  child.kill('SIGTERM')
  expect((await ended)[0]).toBe(0)
})

describe('a second server', () => {
  test('with the same data does not start', async () => {
    const { code, stderr } = await runLocal('start', ['--data', data.path, '--port', '0'])

    expect([code, stderr]).toEqual([1, expect.stringMatching(/^A server runs with .* already, at http.*: stop it, or/)])
  })

  test('on a port that is taken does not start', async () => {
    using folder = createDataFolder()
    const { port } = new URL(server.url)

    const { code, stderr } = await runLocal('start', ['--data', folder.path, '--port', port])
    expect([code, stderr]).toEqual([
      1,
      `Port ${port} is in use: stop what listens there, or choose another one by --port.\n`,
    ])
  })

  test.each([
    ['a setting that is not allowed', ['-c', 'authorizerCache=forever'], /authorizerCache/, 1],
    ['a setting that there is not', ['-c', 'authoriserCache=1'], /authoriserCache/, 1],
    ['a flag that there is not', ['--prot', '1'], /^Unknown option --prot\. Did you mean --port\?/, 2],
    ['a port that there is not', ['--port', '65536'], /^--port takes a number/, 2],
  ])('does not start with %s, and says so without a stack trace', async (_, args, sentence, exit) => {
    using folder = createDataFolder()

    const { code, stderr, stdout } = await runLocal('start', ['--data', folder.path, '--port', '0', ...args])
    expect([code, stdout]).toEqual([exit, ''])
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toContain('    at ')
  })
})

test('a server that is ended takes its functions along, and its data stay until one is told to reset', async () => {
  using folder = createDataFolder()
  const first = await startServer(folder.path)
  const port = ['--port', new URL(first.url).port]
  const token = await logIn(first)
  const children = childrenOf(first.pid)

  expect(children.length).toBeGreaterThan(0)
  expect(await first.stop()).toBe(0)
  expect(children.filter(isAlive)).toEqual([])
  expect(existsSync(join(folder.path, 'server.json'))).toBe(false)

  writeFileSync(join(folder.path, 'server.json'), JSON.stringify({ url: first.url, aws: first.url, pid: first.pid }))
  const second = await startServer(folder.path, port)
  expect(second.written.stdout).not.toContain(first.user.password)
  expect((await getMe(`Bearer ${token}`, second.url))[0]).toBe(200)
  expect((await post(second.url, first.user)).status).toBe(200)
  await second.stop()

  await createMails(folder.path).put({ messageId: '1', to: 'a@b.c', from: 'd@e.f', subject: '', text: '', html: '' })
  await using third = await startServer(folder.path, [...port, '--reset'])
  expect(await createMails(folder.path).list()).toEqual([])
  expect(third.user.password).not.toBe(first.user.password)
  expect((await post(third.url, first.user)).status).toBe(400)
  expect(await getMe(`Bearer ${token}`, third.url)).toEqual(forbidden)
})

test('a server starts with every setting changed, even one that no ready-made user can meet', async () => {
  using folder = createDataFolder()
  const settings = {
    stage: 'prod',
    audience: 'https://api.example',
    clients: 'web,mobile',
    scopes: 'orders:read orders:write',
    accessTokenLifetime: '60',
    refreshGrace: '0',
    sessionIdleLimit: '60',
    sessionLimit: '31536000',
    sessionsPerUser: '1',
    revocation: 'immediate',
    minimumPasswordLength: '64',
    generations: '2026,2027:RSA_3072',
    signingGeneration: '2027',
    corsOrigins: 'https://app.example',
  }
  const context = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  await using changed = await startServer(folder.path, context)

  expect(changed.written.stdout).toMatch(/^Listening on .*\n\nThe ready-made user cannot be created: .*64/)
  const jwks = await fetch(`${changed.url}/.well-known/jwks.json`, { headers: { origin: 'https://app.example' } })
  expect(jwks.headers.get('access-control-allow-origin')).toBe('https://app.example')
  expect(((await jwks.json()) as { keys: unknown[] }).keys).toHaveLength(2)
})

test('invoke without a server starts what it needs and ends it', async () => {
  using folder = createDataFolder()

  const { code, stdout, stderr } = await runLocal('invoke', [
    '--data',
    folder.path,
    'authorizer',
    'events/authorizer/ok.json',
  ])
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ isAuthorized: true })])
  expect(stderr).toContain('authorizer: {')
  expect(existsSync(join(folder.path, 'server.json'))).toBe(false)
})

const childrenOf = (pid: number): readonly number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([child, parent]) => parent === pid && child !== undefined && isAlive(child))
    .map(([child = 0]) => child)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
