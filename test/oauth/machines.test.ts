import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createSessionLookUp } from '../../functions/adapters/dynamodb/sessions/session-look-up.ts'
import { createOAuthService, type OAuthService } from '../support/builders/oauth-service.ts'
import { createTestKey } from '../support/builders/signing-key.ts'
import { countCalls } from '../support/count-calls.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const calls = countCalls(table.client)
const { signer } = await createTestKey()
const isAlive = createSessionLookUp(table.client, table.name)

const aMachine = {
  ...{ grant_types: ['client_credentials'], redirect_uris: [], first_party: false },
  ...{ token_endpoint_auth_method: 'client_secret_basic', scope: 'orders:read orders:write' },
}

const basic = (id: string, secret: string | undefined) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})

// Failures are counted by address and quarter of an hour, and all tests have one address.
let quarters = 0
function inAQuarterOfItsOwn() {
  quarters += 1
  const clock = stoppedClock()
  clock.advance(quarters * 900)
  return clock
}

async function setUp(metadata: object = {}, settings: Parameters<typeof createOAuthService>[1] = {}) {
  const service = await createOAuthService(table, { clock: inAQuarterOfItsOwn(), ...settings })
  const { id, secret } = await service.putClient({ ...aMachine, ...metadata })
  const ask = (more: Readonly<Record<string, string>> = {}, headers = basic(id, secret)) =>
    askFor(service, { ...more }, headers)
  return { service, id, secret, ask }
}

async function askFor(service: OAuthService, form: Readonly<Record<string, string>>, headers = {}) {
  const whole = { grant_type: 'client_credentials', ...form }
  const { status, text, headers: sent } = await service.call('POST /token', { form: whole, headers })
  return { status, headers: sent, json: JSON.parse(text) }
}

const sidOf = (token: string) => String(decodeJwt(token)['sid'])

describe('a machine', () => {
  // REQ-192
  test('gets a token of its own for its secret, and no refresh token', async () => {
    const { service, id, ask } = await setUp()
    const { status, json } = await ask()

    expect([status, json]).toEqual([
      200,
      {
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 900,
        scope: 'orders:read orders:write',
      },
    ])
    const now = Math.floor(service.clock())
    expect(decodeJwt(json.access_token)).toEqual({
      ...{ iss: 'https://auth.example.com', aud: 'https://api.example.com', sub: id, client_id: id },
      ...{ iat: now, exp: now + 900, jti: expect.any(String), sid: expect.any(String) },
      scope: 'orders:read orders:write',
    })
    expect(await isAlive(id, sidOf(json.access_token))).toBe(true)
    expect(service.logged().at(-1)).toMatchObject({ event: 'authn_token_created', outcome: 'success', client_id: id })
  })

  test('may send its secret in the body, if it is registered so', async () => {
    const { service, id, secret = '' } = await setUp({ token_endpoint_auth_method: 'client_secret_post' })

    expect(await askFor(service, { client_id: id, client_secret: secret })).toMatchObject({ status: 200 })
    expect(await askFor(service, {}, basic(id, secret))).toMatchObject({ status: 401 })
  })

  // REQ-203
  test.each([
    ['orders:read', 'orders:read'],
    ['orders:read orders:write admin', 'orders:read orders:write'],
    ['admin', ''],
    ['', 'orders:read orders:write'],
  ])('that asks for "%s" gets "%s": its own scopes within those of the service', async (scope, granted) => {
    const { ask } = await setUp()

    expect(await ask({ scope })).toMatchObject({ status: 200, json: { scope: granted } })
  })

  // REQ-203
  test('gets none of the scopes that the service has dropped', async () => {
    const { service, id, secret } = await setUp()
    const later = await createOAuthService(table, { existing: service.account, scopes: ['orders:write'] })

    expect(await askFor(later, {}, basic(id, secret))).toMatchObject({ status: 200, json: { scope: 'orders:write' } })
  })

  // REQ-192
  test.each(['openid', 'orders:read profile', 'email', 'offline_access'])('is nobody: %s is refused', async (scope) => {
    const { service, id, ask } = await setUp()

    expect(await ask({ scope })).toMatchObject({ status: 400, json: { error: 'invalid_scope' } })
    expect(service.logged().at(-1)).toMatchObject({ outcome: 'failure', reason: 'identity_scope', client_id: id })
  })

  test('must be registered for client_credentials', async () => {
    const { ask } = await setUp({
      grant_types: ['authorization_code'],
      redirect_uris: ['https://app.example.com/callback'],
    })

    expect(await ask()).toMatchObject({ status: 400, json: { error: 'unauthorized_client' } })
  })

  test.each([
    ['no client', {}, {}, 'invalid_request'],
    ['a malformed scope', { scope: 'a  b' }, basic('x', 'y'), 'invalid_scope'],
  ])('with %s gets %j', async (_, form, headers, error) => {
    const { service } = await setUp()

    expect(await askFor(service, form, headers)).toMatchObject({ status: 400, json: { error } })
  })
})

describe('the tokens of a machine', () => {
  // REQ-190
  test('share a session, however many are asked for at once', async () => {
    const { id, ask } = await setUp()
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask()))

    const sids = answers.map(({ json }) => sidOf(json.access_token))
    expect(new Set(sids).size).toBe(1)
    expect(new Set(answers.map(({ json }) => decodeJwt(json.access_token).jti)).size).toBe(8)
    expect(await isAlive(id, sids[0] ?? '')).toBe(true)
  })

  test('have a session that is renewed before it is forgotten', async () => {
    const { service, ask } = await setUp()
    const sid = sidOf((await ask()).json.access_token)
    service.clock.advance(27 * 86_400)
    const before = calls.length
    expect(sidOf((await ask()).json.access_token)).toBe(sid)
    expect(calls.slice(before).filter((call) => call.startsWith('PutItem'))).toEqual([])
    service.clock.advance(2 * 86_400)

    expect(sidOf((await ask()).json.access_token)).toBe(sid)
    expect(calls.slice(before).filter((call) => call.startsWith('PutItem'))).toHaveLength(1)
  })

  // REQ-190
  test('end when one of them is revoked, and never come back: the next one has another session', async () => {
    const { service, id, secret, ask } = await setUp()
    const { access_token: token } = (await ask()).json
    const revoke = () => service.call('POST /revoke', { form: { token }, headers: basic(id, secret) })

    expect(await revoke()).toMatchObject({ status: 200 })
    expect(await isAlive(id, sidOf(token))).toBe(false)
    const next = (await ask()).json.access_token
    expect(sidOf(next)).not.toBe(sidOf(token))
    expect([await isAlive(id, sidOf(token)), await isAlive(id, sidOf(next))]).toEqual([false, true])
    // An old token ends nothing any more.
    expect(await revoke()).toMatchObject({ status: 200 })
    expect(sidOf((await ask()).json.access_token)).toBe(sidOf(next))
  })

  test('are not ended by another client, nor by somebody without the secret', async () => {
    const { service, id, ask } = await setUp()
    const other = await service.putClient(aMachine)
    const { access_token: token } = (await ask()).json

    for (const headers of [{}, basic(id, 'wrong'), basic(other.id, other.secret)])
      expect((await service.call('POST /revoke', { form: { token }, headers })).status).toBeGreaterThanOrEqual(400)
    expect(await isAlive(id, sidOf(token))).toBe(true)
  })

  // REQ-190
  test.each([
    ['is deleted', (service: OAuthService, id: string) => service.deleteClient(id)],
    [
      'loses the grant',
      (service: OAuthService, id: string) => service.putClient({ ...aMachine, client_id: id, grant_types: [] }),
    ],
    [
      'is registered again',
      async (service: OAuthService, id: string) => {
        await service.deleteClient(id)
        await service.putClient({ ...aMachine, client_id: id })
      },
    ],
  ])('end when the client %s', async (_, end) => {
    const { service, id, ask } = await setUp()
    const sid = sidOf((await ask()).json.access_token)
    await end(service, id)

    expect(await isAlive(id, sid)).toBe(false)
    expect((await ask()).status).toBeGreaterThanOrEqual(400)
  })

  test('go on when the client is changed otherwise, or gets another secret', async () => {
    const { service, id, ask } = await setUp()
    const sid = sidOf((await ask()).json.access_token)
    await service.putClient({ ...aMachine, client_id: id, scope: 'orders:read' })

    expect(await isAlive(id, sid)).toBe(true)
    expect(await ask()).toMatchObject({ status: 200, json: { scope: 'orders:read' } })
  })
})

describe('guesses', () => {
  const limited = { addressFailures: 3 }

  // REQ-191
  test('all get the same answer, whether the client exists or not, until the address is told to wait', async () => {
    const { service, id, secret = '' } = await setUp({}, limited)
    const guesses = [
      () => askFor(service, {}, basic(id, 'wrong')),
      () => askFor(service, {}, basic('nobody', 'wrong')),
      () => askFor(service, { client_id: id, client_secret: secret }),
      () => askFor(service, {}, basic(id, 'wrong')),
      () => askFor(service, {}, basic('nobody', 'wrong')),
    ]
    const answers = []
    for (const guess of guesses) answers.push(await guess())

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429])
    expect(new Set(answers.slice(0, 3).map(({ json }) => JSON.stringify(json))).size).toBe(1)
    expect(answers[0]).toMatchObject({
      headers: { 'www-authenticate': 'Basic realm="clients"' },
      json: { error: 'invalid_client' },
    })
    expect(answers[3]).toMatchObject({ headers: { 'retry-after': expect.stringMatching(/^\d+$/) } })
  })

  // REQ-191
  test('never keep the machine itself from its token, also from their address', async () => {
    const { service, id, ask } = await setUp({}, limited)
    await Promise.all(Array.from({ length: 20 }, () => askFor(service, {}, basic(id, 'wrong'))))

    expect(await askFor(service, {}, basic(id, 'wrong'))).toMatchObject({ status: 429 })
    expect(await ask()).toMatchObject({ status: 200 })
  })

  // REQ-191
  test('are counted together, also many at once and at /revoke, and name the client in the log if there is one', async () => {
    const { service, id } = await setUp({}, limited)
    const codeGrant = { code: 'a', code_verifier: 'a'.repeat(43), grant_type: 'authorization_code' }
    const guesses = await Promise.all([
      ...Array.from({ length: 5 }, () => askFor(service, {}, basic(id, 'wrong'))),
      ...Array.from({ length: 5 }, () => askFor(service, codeGrant, basic(id, 'wrong'))),
      ...Array.from({ length: 5 }, () =>
        service.call('POST /revoke', { form: { token: 'a' }, headers: basic(id, 'wrong') }),
      ),
    ])

    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(3)
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(12)
    const refused = service.logged().filter(({ reason }) => reason === 'wrong_client_secret')
    expect(refused.map(({ client_id }) => client_id)).toEqual([id, id, id])
    const elsewhere = (await setUp()).service
    await askFor(elsewhere, {}, basic('a-secret-in-the-wrong-field', 'wrong'))
    expect(elsewhere.logged().at(-1)).toMatchObject({ reason: 'unknown_client', status: 401 })
    expect(JSON.stringify(elsewhere.logged())).not.toContain('a-secret-in-the-wrong-field')
  })
})

// DESIGN 19: at most 3 reads and 1 signature; a failed guess is 1 write.
describe('the cost', () => {
  async function costOf(act: () => Promise<unknown>, signatures: readonly unknown[]) {
    const before = [calls.length, signatures.length] as const
    await act()
    const made = calls.slice(before[0])
    const reads = made.filter((call) => /^(GetItem|Query)/.test(call)).length
    return { reads, writes: made.length - reads, signatures: signatures.length - before[1] }
  }

  async function counted(settings: object = {}) {
    const signatures: unknown[] = []
    const sign = (input: Uint8Array) => {
      signatures.push(input)
      return signer.sign(input)
    }
    return { ...(await setUp({}, { sign, ...settings })), signatures }
  }

  test('of a token is 2 reads and 1 signature, of the first 3 reads and 1 write', async () => {
    const { ask, signatures } = await counted()

    expect(await costOf(ask, signatures)).toEqual({ reads: 3, writes: 1, signatures: 1 })
    expect(await costOf(ask, signatures)).toEqual({ reads: 2, writes: 0, signatures: 1 })
  })

  test('of a failed guess is 2 reads and 1 write, and no write from an address that must wait', async () => {
    const { service, id, signatures } = await counted({ addressFailures: 1 })
    const guess = (name: string) => () => askFor(service, {}, basic(name, 'wrong'))

    for (const writes of [1, 1, 0])
      expect(await costOf(guess(id), signatures)).toEqual({ reads: 2, writes, signatures: 0 })
    const other = await counted()
    const stranger = () => askFor(other.service, {}, basic('nobody', 'wrong'))
    expect(await costOf(stranger, signatures)).toEqual({ reads: 2, writes: 1, signatures: 0 })
    // No client can have this id, and no key of the table either.
    const long = () => askFor(other.service, {}, basic('a'.repeat(2500), 'wrong'))
    expect(await costOf(long, signatures)).toEqual({ reads: 0, writes: 1, signatures: 0 })
  })
})
