import { describe, expect, test } from '@jest/globals'
import { createPasswordHasher } from '../../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../../functions/domain/passwords/password.ts'
import { fail } from '../../../functions/domain/result.ts'
import { createAuthenticate } from '../../../functions/domain/sign-in/authenticate.ts'
import type { Throttle } from '../../../functions/domain/throttling/throttle.ts'
import { unthrottled } from '../../support/fakes/unthrottled.ts'

const address = '203.0.113.7'
const hasher = createPasswordHasher()
const secret = readPassword('secret') as Password
const guess = readPassword('guess') as Password
const ada = {
  sub: 's-ada',
  username: 'ada',
  passwordHash: await hasher.hash(secret),
  scope: [],
  disabled: false,
  createdAt: 1,
  epoch: 0,
}
const gone = { ...ada, sub: 's-gone', username: 'gone', disabled: true }

function setUp(throttle: Partial<Throttle> = {}) {
  const [verified, sought]: [string[], string[]] = [[], []]
  const users = {
    findUser: async (name: string) => {
      sought.push(name)
      return [ada, gone].find(({ username }) => username === name)
    },
  }
  const counting = {
    ...hasher,
    verify: (password: Password, stored: string) => {
      verified.push(stored)
      return hasher.verify(password, stored)
    },
  }
  const authenticate = createAuthenticate({ users, hasher: counting, throttle: { ...unthrottled, ...throttle } })
  return { authenticate, verified, sought }
}

describe('authentication', () => {
  test('finds the user of a name and its password', async () => {
    const { authenticate } = setUp()

    expect(await authenticate({ username: 'ada', password: secret, address })).toEqual({ ok: true, value: ada })
  })

  test.each([
    ['eve', secret, { reason: 'unknown_user' }],
    ['ada', guess, { reason: 'wrong_password', sub: 's-ada' }],
    ['gone', guess, { reason: 'wrong_password', sub: 's-gone' }],
    ['gone', secret, { reason: 'user_disabled', sub: 's-gone' }],
  ])('of %s with %j fails with its reason', async (username, password, failure) => {
    const { authenticate } = setUp()

    expect(await authenticate({ username, password, address })).toEqual({ ok: false, failure })
  })

  // REQ-3
  test.each(['ada', 'gone', 'eve'])('computes exactly one hash for %s', async (username) => {
    const { authenticate, verified } = setUp()
    await authenticate({ username, password: guess, address })

    expect(verified).toEqual([username === 'eve' ? hasher.decoy : ada.passwordHash])
  })

  // REQ-27
  test('of a locked account reads nothing, counts no address and computes no hash', async () => {
    const locked = fail({ reason: 'account_locked', retryAfter: 30 } as const)
    const counted: string[] = []
    const { authenticate, verified, sought } = setUp({
      reserveOnAccount: async () => locked,
      reserveOnAddress: async (from) => {
        counted.push(from)
        return unthrottled.reserveOnAddress(from)
      },
    })

    expect(await authenticate({ username: 'ada', password: secret, address })).toEqual(locked)
    expect([counted, sought, verified]).toEqual([[], [], []])
  })

  // REQ-27, REQ-28
  test('from an address that is full computes no hash', async () => {
    const full = fail({ reason: 'address_limited', retryAfter: 30 } as const)
    const { authenticate, verified } = setUp({ reserveOnAddress: async () => full })

    expect(await authenticate({ username: 'ada', password: secret, address })).toEqual(full)
    expect(verified).toEqual([])
  })
})
