import { describe, expect, test } from '@jest/globals'
import { noFactors } from '../../../functions/domain/factors/factors.ts'
import { createPasswordHasher } from '../../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../../functions/domain/passwords/password.ts'
import { fail, succeed } from '../../../functions/domain/result.ts'
import { createAuthenticate } from '../../../functions/domain/sign-in/authenticate.ts'
import type { KnownDevices } from '../../../functions/domain/throttling/known-devices.ts'
import type { Throttle } from '../../../functions/domain/throttling/throttle.ts'
import { createMemoryStores } from '../../support/fakes/memory-stores.ts'
import { unthrottled } from '../../support/fakes/unthrottled.ts'

const address = '203.0.113.7'
const hasher = createPasswordHasher()
const secret = readPassword('secret') as Password
const guess = readPassword('guess') as Password
const passwordHash = await hasher.hash(secret)
const ada = { sub: 's-ada', identifiers: ['ada'], emailVerified: false, scope: [], disabled: false, createdAt: 1 }
const gone = { ...ada, sub: 's-gone', identifiers: ['gone'], disabled: true }
const bare = { ...ada, sub: 's-bare', identifiers: ['bare'] }

function setUp(throttle: Partial<Throttle> = {}, reserve: KnownDevices['reserve'] = async () => undefined) {
  const [verified, calls]: [string[], string[]] = [[], []]
  const stores = createMemoryStores({ account: ada, passwordHash }, { account: gone, passwordHash }, { account: bare })
  const noting =
    <Args extends readonly unknown[], T>(name: string, call: (...args: Args) => T) =>
    (...args: Args): T => {
      calls.push(name)
      return call(...args)
    }
  const accounts = {
    findSubject: noting('subject', stores.accounts.findSubject),
    findAccount: noting('account', stores.accounts.findAccount),
  }
  const findCredentials = noting('hash', stores.findCredentials)
  const sessions = { readEpoch: noting('epoch', stores.sessions.readEpoch) }
  const counting = {
    ...hasher,
    verify: (password: Password, stored: string, sent?: string) => {
      verified.push(stored)
      return hasher.verify(password, stored, sent)
    },
  }
  const authenticate = createAuthenticate({
    ...{ accounts, findCredentials, sessions },
    hasher: counting,
    knownDevices: { reserve: noting('device', reserve), forget: noting('forget', async () => undefined) },
    throttle: {
      ...unthrottled,
      reserveOnAddress: noting('address', throttle.reserveOnAddress ?? unthrottled.reserveOnAddress),
      reserveOnAccount: noting('count', throttle.reserveOnAccount ?? unthrottled.reserveOnAccount),
    },
  })
  return { authenticate, verified, calls }
}

describe('authentication', () => {
  test('finds the user of a name and its password', async () => {
    const { authenticate } = setUp()

    expect(await authenticate({ username: 'ada', password: secret, address, clientId: 'web' })).toEqual({
      ok: true,
      value: { account: ada, passwordHash, isImported: false, factors: noFactors, epoch: 0, knownDevice: undefined },
    })
  })

  test.each([
    ['eve', secret, { reason: 'unknown_user' }],
    ['ada', guess, { reason: 'wrong_password', sub: 's-ada' }],
    ['gone', guess, { reason: 'wrong_password', sub: 's-gone' }],
    ['gone', secret, { reason: 'user_disabled', sub: 's-gone' }],
    ['bare', secret, { reason: 'wrong_password', sub: 's-bare' }],
  ])('of %s with %j fails with its reason', async (username, password, failure) => {
    const { authenticate } = setUp()

    expect(await authenticate({ username, password, address, clientId: 'web' })).toEqual({ ok: false, failure })
  })

  // REQ-3
  test.each(['ada', 'gone', 'bare', 'eve'])(
    'computes exactly one hash for %s, after the same calls',
    async (username) => {
      const { authenticate, verified, calls } = setUp()
      await authenticate({ username, password: guess, address, clientId: 'web' })

      expect(verified).toEqual([['ada', 'gone'].includes(username) ? passwordHash : hasher.decoy])
      expect(calls).toEqual(['address', 'subject', 'count', 'epoch', 'account', 'hash'])
    },
  )

  test.each([
    ['eve', guess, { reason: 'unknown_user', threshold: 10 }],
    ['ada', guess, { reason: 'wrong_password', sub: 's-ada', threshold: 10 }],
    ['gone', secret, { reason: 'user_disabled', sub: 's-gone', threshold: 10 }],
  ])('of %s with %j that fails at a threshold says so', async (username, password, failure) => {
    const { authenticate } = setUp({ reserveOnAccount: async () => succeed({ threshold: 10 }) })

    expect(await authenticate({ username, password, address, clientId: 'web' })).toEqual({ ok: false, failure })
  })

  // REQ-27, REQ-160
  test('of a locked account counts the address, reads neither account nor hash, and computes no hash', async () => {
    const locked = fail({ reason: 'account_locked', retryAfter: 30 } as const)
    const { authenticate, verified, calls } = setUp({ reserveOnAccount: async () => locked })

    expect(await authenticate({ username: 'ada', password: secret, address, clientId: 'web' })).toEqual(locked)
    expect([calls, verified]).toEqual([['address', 'subject', 'count', 'epoch'], []])
  })

  // REQ-156
  test('from a known device counts the device instead of the account', async () => {
    const { authenticate, calls } = setUp({}, async () => 0)
    const authenticated = await authenticate({
      username: 'ada',
      password: secret,
      address,
      clientId: 'web',
      deviceToken: 'token',
    })

    expect(authenticated).toMatchObject({ ok: true, value: { knownDevice: 'token' } })
    expect(calls).toEqual(['address', 'subject', 'device', 'epoch', 'account', 'hash'])
  })

  // REQ-156
  test.each([
    ['unknown', undefined, []],
    ['from another epoch', 7, ['forget']],
  ])('from a device that is %s counts the account', async (_, rememberedIn, forgotten) => {
    const { authenticate, calls } = setUp({}, async () => rememberedIn)
    const authenticated = await authenticate({
      ...{ username: 'ada', password: secret, address },
      ...{ clientId: 'web', deviceToken: 'token' },
    })

    expect(authenticated).toMatchObject({ ok: true, value: { knownDevice: undefined } })
    expect(calls).toEqual(['address', 'subject', 'device', 'epoch', 'count', ...forgotten, 'account', 'hash'])
  })

  // REQ-27, REQ-28
  test('from an address that has used up its attempts counts no account and computes no hash', async () => {
    const limited = fail({ reason: 'address_limited', retryAfter: 30 } as const)
    const { authenticate, verified, calls } = setUp({ reserveOnAddress: async () => limited })

    expect(await authenticate({ username: 'ada', password: secret, address, clientId: 'web' })).toEqual(limited)
    expect([calls, verified]).toEqual([['address', 'subject'], []])
  })
})
