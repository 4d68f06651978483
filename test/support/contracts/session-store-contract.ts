import { describe, expect, test } from '@jest/globals'
import type { Session, SessionStore } from '../../../functions/domain/sessions/session.ts'

/** A session as a log-in begins it. */
export const aSession = (changes: Partial<Session> = {}): Session => ({
  id: 'id-1',
  sub: 'subject',
  clientId: 'web',
  scope: ['a', 'b'],
  epoch: 0,
  authTime: 1_799_999_000.5,
  amr: ['pwd', 'otp', 'mfa'],
  createdAt: 1_800_000_000.25,
  lastUsedAt: 1_800_000_000.25,
  secretHash: 'hash-1',
  lateRetries: [],
  ...changes,
})

const expiresAt = 1_800_000_100.5

/** What every store of sessions must do; `open` gives an empty one, or one where nobody else has these subjects. */
export function describeSessionStore(name: string, open: () => SessionStore): void {
  let made = 0
  function setUp() {
    made += 1
    const sub = `${name}-${made}`
    return { sessions: open(), sub, put: (changes: Partial<Session> = {}) => aSession({ sub, ...changes }) }
  }

  describe(`a session in ${name}`, () => {
    test('is found as it was put, by its subject and id together', async () => {
      const { sessions, sub, put } = setUp()
      await sessions.putNewSession(put(), expiresAt)

      expect(await sessions.findSession(sub, 'id-1')).toEqual(put())
      expect(await sessions.findSession(sub, 'id-2')).toBeUndefined()
      expect(await sessions.findSession(`${sub}0`, 'id-1')).toBeUndefined()
    })

    test('keeps an empty scope', async () => {
      const { sessions, sub, put } = setUp()
      await sessions.putNewSession(put({ scope: [] }), expiresAt)

      expect(await sessions.findSession(sub, 'id-1')).toEqual(put({ scope: [] }))
    })

    test('may be put twice, but not in the place of another', async () => {
      const { sessions, sub, put } = setUp()
      await sessions.putNewSession(put(), expiresAt)
      await sessions.putNewSession(put(), expiresAt)

      await expect(sessions.putNewSession(put({ secretHash: 'hash-2' }), expiresAt)).rejects.toThrow()
      expect(await sessions.findSession(sub, 'id-1')).toEqual(put())
    })

    test('is listed only among those of its subject', async () => {
      const { sessions, sub, put } = setUp()
      const mine = [put(), put({ id: 'id-2' }), put({ id: 'id-3' })]
      for (const session of [...mine, put({ sub: `${sub}0` })]) await sessions.putNewSession(session, expiresAt)

      const listed = (await sessions.listSessions(sub)).sessions
      expect(listed.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(mine)
      expect(await sessions.listSessions(`${sub}-nobody`)).toEqual({ epoch: 0, sessions: [] })
    })

    test('takes its next state, and goes on from there', async () => {
      const { sessions, sub, put } = setUp()
      await sessions.putNewSession(put(), expiresAt)
      const second = put({ secretHash: 'hash-2', salt: 'salt-2', lastUsedAt: 1_800_000_001 })
      const third = put({ secretHash: 'hash-3', salt: 'salt-3', lastUsedAt: 1_800_000_002.125 })

      expect(await sessions.replaceSession(put(), second, expiresAt)).toEqual({ isReplaced: true, session: second })
      expect(await sessions.replaceSession(second, third, expiresAt)).toEqual({ isReplaced: true, session: third })
      expect(await sessions.findSession(sub, 'id-1')).toEqual(third)
    })

    test('that another request has rotated is returned as that request left it', async () => {
      const { sessions, put } = setUp()
      await sessions.putNewSession(put(), expiresAt)
      const winner = put({ secretHash: 'hash-2', salt: 'salt-2' })
      await sessions.replaceSession(put(), winner, expiresAt)

      const loser = put({ secretHash: 'hash-x', salt: 'salt-x' })
      expect(await sessions.replaceSession(put(), loser, expiresAt)).toEqual({ isReplaced: false, session: winner })
    })

    // REQ-157
    test('counts every late retry, even if several requests have read the same state', async () => {
      const { sessions, put } = setUp()
      const rotated = put({ secretHash: 'hash-2', salt: 'salt-2' })
      await sessions.putNewSession(rotated, expiresAt)
      const first = { ...rotated, lateRetries: [1_800_000_010.5] }
      const second = { ...rotated, lateRetries: [1_800_000_010.5, 1_800_000_011] }

      expect(await sessions.replaceSession(rotated, first, expiresAt)).toEqual({ isReplaced: true, session: first })
      expect(await sessions.replaceSession(rotated, first, expiresAt)).toEqual({ isReplaced: false, session: first })
      expect(await sessions.replaceSession(first, second, expiresAt)).toEqual({ isReplaced: true, session: second })
    })

    // REQ-83, REQ-134
    test('is rotated once, however many try at once, and all are told how', async () => {
      const { sessions, sub, put } = setUp()
      await sessions.putNewSession(put(), expiresAt)
      const rivals = Array.from({ length: 50 }, (_, i) => put({ secretHash: `hash-${i}+`, salt: `salt-${i}` }))
      const told = await Promise.all(rivals.map((rival) => sessions.replaceSession(put(), rival, expiresAt)))

      const kept = await sessions.findSession(sub, 'id-1')
      expect(rivals).toContainEqual(kept)
      expect(told.map(({ session }) => session)).toEqual(rivals.map(() => kept))
      expect(told.filter(({ isReplaced }) => isReplaced)).toHaveLength(1)
    })

    test('that has ended is not brought back by a rotation', async () => {
      const { sessions, sub, put } = setUp()
      await sessions.putNewSession(put(), expiresAt)
      await sessions.deleteSession(sub, 'id-1')

      const next = put({ secretHash: 'hash-2', salt: 's' })
      expect(await sessions.replaceSession(put(), next, expiresAt)).toEqual({ isReplaced: false, session: undefined })
      expect(await sessions.findSession(sub, 'id-1')).toBeUndefined()
    })

    test('is deleted once, and no other with it', async () => {
      const { sessions, sub, put } = setUp()
      await sessions.putNewSession(put(), expiresAt)
      await sessions.putNewSession(put({ id: 'id-2' }), expiresAt)

      expect(await sessions.deleteSession(sub, 'id-1')).toBe(true)
      expect(await sessions.deleteSession(sub, 'id-1')).toBe(false)
      expect((await sessions.listSessions(sub)).sessions).toEqual([put({ id: 'id-2' })])
    })
  })

  describe(`an epoch in ${name}`, () => {
    test('is 0 until it is raised, and is its subject’s only', async () => {
      const { sessions, sub } = setUp()
      expect(await sessions.readEpoch(sub)).toBe(0)
      await Promise.all(Array.from({ length: 20 }, () => sessions.raiseEpoch(sub)))

      expect(await sessions.readEpoch(sub)).toBe(20)
      expect(await sessions.readEpoch(`${sub}0`)).toBe(0)
    })

    test('is listed with the sessions of its subject, which are still there', async () => {
      const { sessions, sub, put } = setUp()
      await sessions.putNewSession(put(), expiresAt)
      await sessions.raiseEpoch(sub)

      expect(await sessions.listSessions(sub)).toEqual({ epoch: 1, sessions: [put()] })
    })
  })
}
