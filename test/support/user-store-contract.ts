import { describe, expect, test } from '@jest/globals'
import type { User, UserStore } from '../../functions/domain/user.ts'

/** An account as it is created. */
export const aUser = (changes: Partial<User> = {}): User => ({
  sub: 'subject-of-ada',
  username: 'ada',
  passwordHash: '$argon2id$…',
  scope: ['orders:read', 'orders:write'],
  disabled: false,
  createdAt: 1_700_000_000,
  epoch: 0,
  ...changes,
})

/** What every store of accounts must do. */
export function describeUserStore(name: string, open: () => UserStore): void {
  const users = open()
  const ada = aUser()

  describe(`an account in ${name}`, () => {
    test('is found as it was put, and only by its own name', async () => {
      const user = { ...ada, username: 'found' }
      expect(await users.putNewUser(user)).toBe(true)

      expect(await users.findUser('found')).toEqual(user)
      expect(await users.findUser('Found')).toBeUndefined()
      expect(await users.findUser('unfound')).toBeUndefined()
    })

    // SECURITY 40, 134
    test('is one, however many ask for its name at once', async () => {
      const rivals = Array.from({ length: 50 }, (_, index) => ({ ...ada, username: 'wanted', sub: `subject-${index}` }))
      const won = await Promise.all(rivals.map((rival) => users.putNewUser(rival)))

      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await users.findUser('wanted')).toEqual(rivals[won.indexOf(true)])
    })

    test('can be disabled and enabled again', async () => {
      const user = { ...ada, username: 'switched' }
      await users.putNewUser(user)

      expect(await users.setDisabled('switched', true)).toEqual({ ...user, disabled: true, epoch: 1 })
      expect(await users.findUser('switched')).toEqual({ ...user, disabled: true, epoch: 1 })
      expect(await users.setDisabled('switched', false)).toEqual({ ...user, epoch: 1 })
    })

    test('counts the times that its sessions were ended, however many do so at once', async () => {
      const user = { ...ada, username: 'ended' }
      await users.putNewUser(user)
      await Promise.all(Array.from({ length: 20 }, () => users.raiseEpoch('ended')))

      expect(await users.raiseEpoch('ended', user.sub)).toEqual({ ...user, epoch: 21 })
    })

    test('does not have its sessions ended by the subject that had its name before', async () => {
      await users.putNewUser({ ...ada, username: 'reused' })

      expect(await users.raiseEpoch('reused', 'the-subject-before')).toBeUndefined()
      expect(await users.findUser('reused')).toMatchObject({ epoch: 0 })
    })

    test('is gone once it is deleted, and its name is free', async () => {
      await users.putNewUser({ ...ada, username: 'deleted' })
      await users.deleteUser('deleted')
      await users.deleteUser('deleted')

      expect(await users.findUser('deleted')).toBeUndefined()
      expect(await users.putNewUser({ ...ada, username: 'deleted', sub: 'another' })).toBe(true)
    })

    test('does not come to be by being disabled or having its sessions ended', async () => {
      expect(await users.setDisabled('nobody', true)).toBeUndefined()
      expect(await users.raiseEpoch('nobody')).toBeUndefined()
      expect(await users.raiseEpoch('nobody', ada.sub)).toBeUndefined()
      expect(await users.findUser('nobody')).toBeUndefined()
    })
  })
}
