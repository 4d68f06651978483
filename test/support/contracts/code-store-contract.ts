import { describe, expect, test } from '@jest/globals'
import type { CodeStore } from '../../../functions/domain/codes/code-store.ts'

const [now, later, max] = [1_800_000_000, 1_800_000_600, 5]
const binding = { sub: 'subject-of-ada', epoch: 3, address: 'ada@example.com' }

let made = 0

/** What every store of codes must do; `open` gives one where nobody else uses these ids. */
export function describeCodeStore(kind: string, open: () => CodeStore): void {
  const payload = { identifier: 'ada@example.com' }
  async function setUp() {
    made += 1
    const codes = open()
    const key = { purpose: 'recover', id: `${kind}-${made}` } as const
    await codes.putNewCode(key, payload, later)
    return {
      codes,
      key,
      set: (hash: string, bound = binding, at = now) => codes.setCode(key, { hash, binding: bound }, at, max),
      attempt: (hash: string, at = now) => codes.tryCode(key, hash, at, max),
      find: (at = now) => codes.findCode(key, at),
    }
  }
  const wrong = (wrongTries: number) => ({ wrongTries })

  // REQ-161
  describe(`a code in ${kind}`, () => {
    test('is found by what its ticket was opened for, until it expires', async () => {
      const { codes, key, find } = await setUp()

      expect(await find()).toEqual({ payload, binding: undefined, hasCode: false })
      expect(await find(later - 1)).toEqual({ payload, binding: undefined, hasCode: false })
      expect(await find(later)).toBeUndefined()
      expect(await codes.findCode({ ...key, purpose: 'email' }, now)).toBeUndefined()
    })

    test('is put once: a second put changes nothing', async () => {
      const { codes, key, set, attempt } = await setUp()
      await set('right')
      await codes.putNewCode(key, { identifier: 'eve' }, later + 600)

      expect(await attempt('right')).toEqual({ payload, binding, hasCode: true })
    })

    test('that is right can be tried again and again: it changes nothing', async () => {
      const { set, attempt } = await setUp()
      await set('right')

      for (let tries = 0; tries < 3 * max; tries += 1)
        expect(await attempt('right')).toEqual({ payload, binding, hasCode: true })
      expect(await attempt('wrong')).toEqual(wrong(1))
    })

    test('is no longer good after five wrong tries, nor is one that is set later', async () => {
      const { set, attempt } = await setUp()
      await set('right')

      for (let tries = 1; tries <= max; tries += 1) expect(await attempt('wrong')).toEqual(wrong(tries))
      expect(await attempt('right')).toEqual(wrong(0))
      expect(await attempt('wrong')).toEqual(wrong(0))
      expect(await set('another')).toBe(false)
      expect(await attempt('another')).toEqual(wrong(0))
    })

    test('that a later mail replaced is wrong, and the wrong tries stay', async () => {
      const { set, attempt } = await setUp()
      await set('first')
      for (let tries = 1; tries < max; tries += 1) await attempt('wrong')

      expect(await set('second')).toBe(true)
      expect(await attempt('first')).toEqual(wrong(max))
      expect(await attempt('second')).toEqual(wrong(0))
    })

    test('that was never mailed has no right try, and wrong ones count', async () => {
      const { attempt } = await setUp()

      expect(await attempt('anything')).toEqual(wrong(1))
    })

    test('is good until the second in which it expires, and cannot be set later', async () => {
      const { set, attempt } = await setUp()
      await set('right')

      expect(await attempt('right', later - 1)).toEqual({ payload, binding, hasCode: true })
      expect(await attempt('right', later)).toEqual(wrong(0))
      expect(await attempt('wrong', later)).toEqual(wrong(0))
      expect(await set('another', binding, later)).toBe(false)
    })

    test('of no ticket, or of a ticket for something else, is wrong', async () => {
      const { codes, key, set } = await setUp()
      await set('right')

      expect(await codes.tryCode({ ...key, id: 'unknown' }, 'right', now, max)).toEqual(wrong(0))
      expect(await codes.tryCode({ ...key, purpose: 'email' }, 'right', now, max)).toEqual(wrong(0))
      expect(await codes.setCode({ ...key, id: 'unknown' }, { hash: 'right', binding }, now, max)).toBe(false)
      expect(await codes.tryCode({ ...key, id: 'unknown' }, 'right', now, max)).toEqual(wrong(0))
    })

    // REQ-151
    test('is bound by the first mail, and a later one cannot bind it to anything else', async () => {
      const { set, attempt, find } = await setUp()

      expect(await set('first')).toBe(true)
      expect(await set('second', { ...binding, epoch: 4 })).toBe(false)
      expect(await set('second', { ...binding, sub: 'subject-of-eve' })).toBe(false)
      expect(await set('second', { ...binding, address: 'eve@example.com' })).toBe(false)
      expect(await find()).toEqual({ payload, binding, hasCode: true })
      expect(await attempt('first')).toEqual({ payload, binding, hasCode: true })
      expect(await set('third')).toBe(true)
    })

    test('of a purpose that has no binding is set without one', async () => {
      made += 1
      const codes = open()
      const key = { purpose: 'register', id: `${kind}-${made}` } as const
      const registration = { username: 'ada', address: 'ada@example.com', passwordHash: '$argon2id$…' }
      await codes.putNewCode(key, registration, later)

      expect(await codes.setCode(key, { hash: 'right', binding: undefined }, now, max)).toBe(true)
      expect(await codes.tryCode(key, 'right', now, max)).toEqual({
        payload: registration,
        binding: undefined,
        hasCode: true,
      })
    })

    // REQ-134, REQ-161
    test('is compared with five wrong ones, however many are tried at once', async () => {
      const { set, attempt } = await setUp()
      await set('right')
      const tries = await Promise.all(Array.from({ length: 40 }, (_, index) => attempt(`wrong ${index}`)))

      const counted = tries.map((tried) => ('wrongTries' in tried ? tried.wrongTries : Number.NaN))
      expect(counted.filter((count) => count > 0).sort()).toEqual([1, 2, 3, 4, 5])
      expect(await attempt('right')).toEqual(wrong(0))
    })
  })
}
