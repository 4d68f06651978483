import { afterAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { createSessionLookUp } from '../../functions/adapters/dynamodb/sessions/session-look-up.ts'
import { newApiKey } from '../../functions/domain/clients/api-key.ts'
import { askToken, basic, createKeyOwner, exchange, logIn, requestsOf, sidOf } from '../support/builders/api-keys.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { createTestKey } from '../support/builders/signing-key.ts'
import { countCalls } from '../support/count-calls.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const calls = countCalls(table.client)
const { signer } = await createTestKey()
const isAlive = createSessionLookUp(table.client, table.name)

const day = 86_400

// Failures are counted by address and quarter of an hour, and all tests have one address.
let quarters = 0
function inAQuarterOfItsOwn() {
  quarters += 1
  const clock = stoppedClock()
  clock.advance(quarters * 900)
  return clock
}

async function setUp(settings: Parameters<typeof createOAuthService>[1] = {}, asked: object = {}) {
  const account = { scope: ['orders:read', 'orders:write'] }
  const service = await createOAuthService(table, { clock: inAQuarterOfItsOwn(), account, ...settings })
  const owner = await createKeyOwner(service)
  const { id, key } = (await owner.create(asked)).json
  return { service, owner, id, key, sub: service.account.sub, ask: (form = {}) => exchange(service, key, form) }
}

const tokenOf = (answer: { readonly json: { readonly access_token?: unknown } }) => String(answer.json.access_token)

describe('an API key', () => {
  // REQ-190, REQ-192
  test('is exchanged for a token of its owner, and no refresh token', async () => {
    const { service, id, sub, ask } = await setUp()
    const { status, json } = await ask()

    expect([status, json]).toEqual([
      200,
      { access_token: expect.any(String), token_type: 'Bearer', expires_in: 900, scope: 'orders:read orders:write' },
    ])
    const now = Math.floor(service.clock())
    expect(decodeJwt(json.access_token)).toEqual({
      ...{ iss: 'https://auth.example.com', aud: 'https://api.example.com', sub, client_id: `lk_${id}` },
      ...{ iat: now, exp: now + 900, jti: expect.any(String), sid: expect.any(String) },
      scope: 'orders:read orders:write',
    })
    expect(await isAlive(sub, sidOf(json.access_token))).toBe(true)
    const logged = { event: 'authn_token_created', outcome: 'success', sub, client_id: `lk_${id}` }
    expect(service.logged().at(-1)).toMatchObject(logged)
  })

  // REQ-191
  test('may be sent in each way that a client secret is sent, with its client or without', async () => {
    const { service, id, key } = await setUp()
    const other = await setUp()

    for (const asked of [
      { form: { client_secret: key } },
      { form: { client_secret: key, client_id: `lk_${id}` } },
      { headers: basic(`lk_${id}`, key) },
      { headers: basic('', key) },
      { headers: basic('', key), form: { client_id: `lk_${id}` } },
    ])
      expect([asked, (await askToken(service, asked)).status]).toEqual([asked, 200])
    for (const [asked, status] of [
      [{ form: { client_secret: key, client_id: `lk_${other.id}` } }, 401],
      [{ form: { client_secret: key, client_id: id } }, 401],
      [{ form: { client_secret: key, client_id: 'web' } }, 401],
      [{ form: { client_id: `lk_${id}` } }, 401],
      [{ headers: basic(`lk_${other.id}`, key) }, 401],
      [{ headers: basic(key, '') }, 401],
      [{ headers: basic(key, key) }, 401],
      [{ headers: basic('', 'secret') }, 400],
      [{ form: { client_secret: 'secret' } }, 400],
      [{ headers: basic('', key), form: { client_secret: key } }, 400],
      [{ headers: basic('', key), form: { client_id: 'web' } }, 400],
    ] as const)
      expect([asked, (await askToken(service, asked)).status]).toEqual([asked, status])
  })

  // REQ-203
  test.each([
    ['orders:read', 'orders:read'],
    ['orders:read orders:write admin', 'orders:read orders:write'],
    ['admin openid', ''],
    ['', 'orders:read orders:write'],
  ])('that asks for "%s" gets "%s"', async (scope, granted) => {
    const { ask } = await setUp()

    expect(await ask({ scope })).toMatchObject({ status: 200, json: { scope: granted } })
  })

  // REQ-203
  test('gets what its owner still has, and what the service still has', async () => {
    const { service, key, sub, ask } = await setUp({}, { scope: 'orders:read' })
    await service.stores.accounts.setScope(sub, ['orders:write'])
    expect(await ask()).toMatchObject({ status: 200, json: { scope: '' } })
    await service.stores.accounts.setScope(sub, ['orders:write', 'orders:read'])
    expect(await ask()).toMatchObject({ status: 200, json: { scope: 'orders:read' } })
    const later = await createOAuthService(table, {
      ...{ existing: service.account, clock: service.clock, scopes: ['orders:write'] },
    })

    expect(await exchange(later, key)).toMatchObject({ status: 200, json: { scope: '' } })
  })

  // REQ-191, REQ-192
  test.each(['refresh_token', 'authorization_code'])('proves nothing at the grant %s', async (grant_type) => {
    const { service, key } = await setUp()
    const form = { grant_type, refresh_token: 'a', code: 'a', code_verifier: 'a'.repeat(43), client_secret: key }

    expect(await askToken(service, { form })).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
  })

  test('cannot be registered as a client', async () => {
    const { service, id } = await setUp()

    await expect(service.putClient({ client_id: `lk_${id}` })).rejects.toThrow('client_id')
  })
})

describe('the tokens of an API key', () => {
  // REQ-151
  test('share a session, however many are asked for at once', async () => {
    const { sub, ask } = await setUp()
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask()))

    const sids = new Set(answers.map((answer) => sidOf(tokenOf(answer))))
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(sids.size).toBe(1)
    expect(await isAlive(sub, [...sids][0] ?? '')).toBe(true)
  })

  test('have a session that is renewed before it is forgotten', async () => {
    const { service, sub, ask } = await setUp()
    const sid = sidOf(tokenOf(await ask()))
    service.clock.advance(27 * day)
    const before = calls.length
    expect(sidOf(tokenOf(await ask()))).toBe(sid)
    expect(calls.slice(before).filter((call) => call.startsWith('TransactWrite'))).toEqual([])
    service.clock.advance(2 * day)

    expect(sidOf(tokenOf(await ask()))).toBe(sid)
    expect(calls.slice(before).filter((call) => call.startsWith('TransactWrite'))).toHaveLength(1)
    expect(await isAlive(sub, sid)).toBe(true)
  })

  // REQ-190
  test('end when one of them is revoked, which needs no more than the token, and never come back', async () => {
    const { service, id, sub, ask } = await setUp()
    const token = tokenOf(await ask())
    const revoke = () => service.call('POST /revoke', { form: { token } })

    expect(await revoke()).toMatchObject({ status: 200 })
    expect(service.logged().at(-1)).toMatchObject({ event: 'session_logout', sub, client_id: `lk_${id}` })
    expect(await isAlive(sub, sidOf(token))).toBe(false)
    const next = tokenOf(await ask())
    expect([await isAlive(sub, sidOf(token)), await isAlive(sub, sidOf(next))]).toEqual([false, true])
    // An old token ends nothing any more.
    expect(await revoke()).toMatchObject({ status: 200 })
    expect(await isAlive(sub, sidOf(next))).toBe(true)
  })

  test('are not ended in the name of another client', async () => {
    const { service, key, sub, ask } = await setUp()
    const token = tokenOf(await ask())

    expect(await service.call('POST /revoke', { form: { token, client_id: 'web' } })).toMatchObject({ status: 400 })
    expect(await service.call('POST /revoke', { form: { token, client_secret: key } })).toMatchObject({ status: 401 })
    expect(await isAlive(sub, sidOf(token))).toBe(true)
  })

  test('are no log-ins: they are not listed, not ended one by one, and push none out', async () => {
    const { service, owner, ask } = await setUp()
    const token = tokenOf(await ask())
    const sessions = async () => (await service.sessionsOf(owner.token)).json.sessions

    expect(await sessions()).toMatchObject([{ current: true }])
    expect(await service.sessionsOf(owner.token, 'DELETE', sidOf(token))).toMatchObject({ status: 404 })
    // No more at once than the throttle admits.
    for (let batch = 0; batch < 6; batch += 1) await Promise.all(Array.from({ length: 9 }, () => logIn(service)))
    expect(await isAlive(service.account.sub, sidOf(token))).toBe(true)
  })

  test('end with all sessions of their owner, while the key stays', async () => {
    const { service, owner, sub, ask } = await setUp()
    const sid = sidOf(tokenOf(await ask()))
    expect(await service.sessionsOf(owner.token, 'DELETE')).toMatchObject({ status: 204 })

    expect(await isAlive(sub, sid)).toBe(false)
    const next = tokenOf(await ask())
    expect(sidOf(next)).not.toBe(sid)
    expect(await isAlive(sub, sidOf(next))).toBe(true)
  })
})

describe('the end of an API key', () => {
  type End = (scene: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>

  const ends: Readonly<Record<string, End>> = {
    'its owner revokes it': ({ owner, id }) => owner.revoke(id),
    'its owner is disabled': ({ service }) => service.lifecycle.disable(service.username),
    'its owner is disabled and enabled again': async ({ service }) => {
      await service.lifecycle.disable(service.username)
      await service.lifecycle.enable(service.username)
    },
    'its owner is deleted': ({ service }) => service.lifecycle.remove(service.username),
    'its owner is deleted and restored': async ({ service }) => {
      const { account } = service
      await service.lifecycle.remove(service.username)
      await service.stores.accounts.putNewAccount({ account, subject: 'restored' })
    },
    'an administrator sets a password': ({ service, sub }) => service.stores.passwords.setHash(sub, 'another hash'),
  }

  // REQ-166, REQ-190
  test.each(Object.entries(ends))('has come when %s', async (_, end) => {
    const scene = await setUp()
    const sid = sidOf(tokenOf(await scene.ask()))
    await end(scene)

    expect(await scene.ask()).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
    await scene.service.stores.sessions
      .listSessions(scene.sub)
      .then(({ epoch, sessions }) =>
        expect(sessions.filter((session) => session.id === sid && session.epoch === epoch)).toEqual([]),
      )
  })

  // REQ-166
  test('leaves a list that is empty, and room for new keys', async () => {
    const { service, ask } = await setUp()
    await service.lifecycle.disable(service.username)
    await service.lifecycle.enable(service.username)
    const again = requestsOf(service, await logIn(service))

    expect((await again.list()).json).toEqual({ api_keys: [] })
    const { id, key } = (await again.create()).json
    expect((await again.list()).json.api_keys).toMatchObject([{ id }])
    expect(await exchange(service, key)).toMatchObject({ status: 200 })
    expect(await ask()).toMatchObject({ status: 401 })
  })

  test('leaves the other keys alone', async () => {
    const { service, owner, id, key } = await setUp()
    const other = (await owner.create()).json
    await owner.revoke(id)

    expect(await exchange(service, key)).toMatchObject({ status: 401 })
    expect(await exchange(service, other.key)).toMatchObject({ status: 200 })
  })

  test('comes with its time, to the second', async () => {
    const { service, ask } = await setUp({}, { expires_in: 60 })
    service.clock.advance(59)
    expect(await ask()).toMatchObject({ status: 200 })
    service.clock.advance(1)

    expect(await ask()).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
    expect(service.logged().at(-1)).toMatchObject({ reason: 'key_expired' })
  })
})

describe('guesses', () => {
  // REQ-191
  test('all get the same answer, whether the key exists or not, until the address is told to wait', async () => {
    const { service, owner, key } = await setUp({ addressFailures: 5 })
    const revoked = (await owner.create()).json
    await owner.revoke(revoked.id)
    const other = newApiKey((count) => Buffer.alloc(count, 7)).key
    const guesses = [
      key.replace(/.$/, (last: string) => (last === 'a' ? 'b' : 'a')),
      withSecretOf(key, other),
      other,
      revoked.key,
      'lk_',
      other,
      withSecretOf(key, other),
    ]
    const answers = []
    for (const guess of guesses) answers.push(await exchange(service, guess))

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429])
    expect(new Set(answers.slice(0, 5).map(({ json }) => JSON.stringify(json))).size).toBe(1)
    expect(answers[0]?.headers).toMatchObject({ 'www-authenticate': 'Basic realm="clients"' })
    expect(service.logged().map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['malformed_key', 'wrong_key', 'unknown_key']),
    )
    for (const text of [key, other].map((each) => each.slice(21)))
      expect(JSON.stringify(service.logged())).not.toContain(text)
  })

  // REQ-191
  test('never keep the owner of a key from their token, also from their address', async () => {
    const { service, ask } = await setUp({ addressFailures: 1 })
    await Promise.all(Array.from({ length: 5 }, () => exchange(service, 'lk_wrong')))

    expect(await exchange(service, 'lk_wrong')).toMatchObject({ status: 429 })
    expect(await ask()).toMatchObject({ status: 200 })
  })

  /** The id of one key with the secret of another, and the right checksum. */
  function withSecretOf(key: string, other: string): string {
    const secret = other.slice(21, -6)
    const forged = newApiKey((count) => (count === 12 ? bytesOf(key.slice(3, 20), 12) : bytesOf(secret, 32))).key
    expect([forged.slice(3, 20), forged.slice(21, -6)]).toEqual([key.slice(3, 20), secret])
    return forged
  }

  function bytesOf(digits: string, length: number): Buffer {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    const value = [...digits].reduce((sum, digit) => sum * 62n + BigInt(alphabet.indexOf(digit)), 0n)
    return Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex')
  }
})

// DESIGN 19: at most 3 reads and 1 signature; a failed guess is 1 write, and the last use at most one a day.
describe('the cost', () => {
  async function costOf(act: () => Promise<unknown>, signatures: readonly unknown[]) {
    const before = [calls.length, signatures.length] as const
    await act()
    const made = calls.slice(before[0])
    const reads = made.filter((call) => /^(GetItem|Query)/.test(call)).length
    return { reads, writes: made.length - reads, signatures: signatures.length - before[1] }
  }

  async function counted() {
    const signatures: unknown[] = []
    const sign = (input: Uint8Array) => {
      signatures.push(input)
      return signer.sign(input)
    }
    const { service: whole, key } = await setUp()
    const service = await createOAuthService(table, { existing: whole.account, clock: whole.clock, sign })
    return { service, key, ask: () => exchange(service, key), signatures }
  }

  test('of a token is 3 reads and 1 signature, and one write on the first of a day', async () => {
    const { service, ask, signatures } = await counted()

    expect(await costOf(ask, signatures)).toEqual({ reads: 3, writes: 1, signatures: 1 })
    expect(await costOf(ask, signatures)).toEqual({ reads: 3, writes: 0, signatures: 1 })
    service.clock.advance(day)
    expect(await costOf(ask, signatures)).toEqual({ reads: 3, writes: 1, signatures: 1 })
    expect(await costOf(ask, signatures)).toEqual({ reads: 3, writes: 0, signatures: 1 })
  })

  test('of a failed guess is 1 read and 1 write, for a key that exists or not; none for what is no key', async () => {
    const { service, signatures } = await counted()
    const guess = (secret: string) => () => exchange(service, secret)
    const unknown = newApiKey((count) => Buffer.alloc(count, 9)).key

    expect(await costOf(guess(unknown), signatures)).toEqual({ reads: 1, writes: 1, signatures: 0 })
    expect(await costOf(guess('lk_wrong'), signatures)).toEqual({ reads: 0, writes: 1, signatures: 0 })
    expect(await costOf(guess(`lk_${'a'.repeat(5000)}`), signatures)).toEqual({ reads: 0, writes: 1, signatures: 0 })
  })
})
