import { expect, test } from '@jest/globals'
import { Unavailable } from '../../../../functions/domain/unavailable.ts'
import { endpoint } from '../../../../functions/http/api/endpoint.ts'
import { createTestAuthorizer, sampleEvent } from '../../../support/authorizer.ts'
import { context, httpEvent } from '../../../support/builders/events.ts'
import { synthesise } from '../../../support/builders/stack.ts'
import { createDataFolder, startServer } from '../../../support/local-server.ts'
import { countsOf, metricFilters } from '../../../support/metric-filters.ts'

/** The line that a request leaves in the log. */
async function lineOf(event: string, reason?: string): Promise<string> {
  const lines: string[] = []
  const answer = { status: 200, body: {}, audit: { event, outcome: 'success', ...(reason && { reason }) } } as const
  const fault = async () => Promise.reject(new Error('out of order'))
  const handle = endpoint(event === 'sys_crash' ? fault : async () => answer, (line) => lines.push(line))
  await handle(httpEvent('GET /'), context)
  return lines.join()
}

test.each([
  ['login', 'authn_login_success', ['LoginAttempts']],
  ['login', 'authn_login_fail', ['LoginAttempts', 'LoginFailures']],
  ['login', 'authn_login_lock', ['LoginAttempts', 'LoginLocks']],
  ['login', 'sys_crash', ['Faults']],
  ['token', 'authn_token_reuse', ['TokenReuse']],
  ['token', 'session_renewed', []],
  ['token', 'session_retry', ['SessionRetries']],
  ['sessions', 'sys_crash', ['Faults']],
  ['authorizer', 'authz_fail', ['RefusedTokens']],
  ['authorizer', 'authz_success', []],
  ['discovery', 'discovery_read', []],
  ['discovery', 'sys_crash', ['Faults']],
])('a line of %s that says %s counts as %j', async (name, event, counts) => {
  expect(countsOf(await synthesise(), name, await lineOf(event))).toEqual(counts)
})

// REQ-125
test.each([
  ['login', 'authn_login_fail', 'wrong_password', ['LoginAttempts', 'LoginFailures', 'WrongPasswords']],
  ['login', 'authn_login_fail', 'unknown_user', ['LoginAttempts', 'LoginFailures', 'UnknownNames']],
  ['password', 'authn_password_change_fail', 'wrong_password', ['WrongPasswords']],
])('a line of %s that says %s because of %s counts as %j', async (name, event, reason, counts) => {
  expect(countsOf(await synthesise(), name, await lineOf(event, reason))).toEqual(counts)
})

// REQ-191
test.each(['token', 'revoke'])('a client that %s refuses counts as one', async (name) => {
  const lines: string[] = []
  const answer = {
    status: 401,
    body: {},
    audit: { event: 'any', outcome: 'failure', reason: 'unknown_client' },
  } as const
  await endpoint(
    async () => answer,
    (line) => lines.push(line),
  )(httpEvent('GET /'), context)

  expect(countsOf(await synthesise(), name, lines.join())).toEqual(['RefusedClients'])
})

test.each(['login', 'token', 'password'])(
  'a token that %s does not issue without claims counts as one',
  async (name) => {
    const lines: string[] = []
    const handler = async () => {
      throw new Unavailable('No claims.', { cause: 'claims_too_large' })
    }
    await endpoint(handler, (line) => lines.push(line))(httpEvent('GET /'), context)
    const stack = await synthesise({ claims: 'arn:aws:lambda:eu-central-1:123456789012:function:tenants' })

    expect(countsOf(stack, name, lines.join())).toEqual(['FailedClaims', 'Faults'])
  },
)

test('a refusal that the authorizer says by an error counts as one, so that no alarm takes it for a crash', async () => {
  const { authorize, lines } = createTestAuthorizer()
  await authorize(sampleEvent('rest-token', 'no')).catch(() => undefined)
  await authorize(sampleEvent('http-payload-1.0', 'no'))
  const stack = await synthesise()

  expect(lines.map((line) => countsOf(stack, 'authorizer', line))).toEqual([
    ['RefusedTokens', 'UnauthorizedByError'],
    ['RefusedTokens'],
  ])
})

test('the lines that the functions write on localhost count as what happened', async () => {
  const context = { stage: 'prod', alarmEmail: 'ops@example.com', loginConcurrency: '5', logRetention: '90' }
  const settings = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  using data = createDataFolder()
  await using server = await startServer(data.path, settings)
  const login = (password: string) =>
    fetch(`${server.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...server.user, password }),
    })
  const refresh = (token: string) =>
    fetch(`${server.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }),
    })
  const tokenOf = async (answer: Promise<Response>) => {
    const { refresh_token } = (await (await answer).json()) as { refresh_token: string }
    return refresh_token
  }
  const first = await tokenOf(login(server.user.password))
  await tokenOf(refresh(await tokenOf(refresh(first))))
  await refresh(first)
  await login('a guess')
  await fetch(`${server.url}/me`, { headers: { authorization: 'Bearer forged' } })
  await server.stop()

  const stack = await synthesise(context)
  const lines = server.written.stderr.matchAll(/^([a-z-]+): (\{.*\})$/gm)
  const counted = [...lines].map(([, name = '', line = '']) => `${name}: ${countsOf(stack, name, line).join(', ')}`)
  expect(counted.sort()).toEqual([
    'admin: ',
    'authorizer: RefusedTokens',
    'login: LoginAttempts',
    'login: LoginAttempts, LoginFailures, WrongPasswords',
    'token: ',
    'token: ',
    'token: TokenReuse',
  ])
})

test('counts of one deployment have a namespace to themselves', async () => {
  const namespaces = async (stage: string) =>
    new Set(metricFilters(await synthesise({ stage })).map(({ MetricTransformations: [to] }) => to?.MetricNamespace))

  expect(await namespaces('sandbox')).toEqual(new Set(['Latchkey-sandbox/Auth']))
  expect(await namespaces('prod')).toEqual(new Set(['Latchkey-prod/Auth']))
})

test('a count is one metric, however many reasons there are, and none while nothing happens', async () => {
  for (const { MetricTransformations } of metricFilters(await synthesise())) {
    expect(MetricTransformations.map((made) => Object.keys(made))).toEqual([
      ['MetricName', 'MetricNamespace', 'MetricValue'],
    ])
  }
})
