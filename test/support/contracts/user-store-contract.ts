import { describe, expect, test } from '@jest/globals'
import type { User, UserStore } from '../../../functions/domain/accounts/account.ts'

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

    // REQ-40, REQ-134
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

    test('changes its hash only from the one that was matched', async () => {
      const user = { ...ada, username: 'renewed' }
      await users.putNewUser(user)

      expect(await users.renewHash('renewed', 'another', 'new')).toBe(false)
      expect(await users.findUser('renewed')).toEqual(user)
      expect(await users.renewHash('renewed', ada.passwordHash, 'new')).toBe(true)
      expect(await users.findUser('renewed')).toEqual({ ...user, passwordHash: 'new' })
    })

    test('is given a password, which ends its sessions', async () => {
      const user = { ...ada, username: 'given' }
      await users.putNewUser(user)

      expect(await users.setPassword('given', 'new')).toEqual({ ...user, passwordHash: 'new', epoch: 1 })
      expect(await users.setPassword('given', 'newer', 'another')).toBeUndefined()
      expect(await users.findUser('given')).toEqual({ ...user, passwordHash: 'new', epoch: 1 })
    })

    // REQ-101
    test('changes its password once, however many change it at once', async () => {
      const user = { ...ada, username: 'torn' }
      await users.putNewUser(user)
      const changed = await Promise.all(
        Array.from({ length: 20 }, (_, index) => users.setPassword('torn', `new ${index}`, ada.passwordHash)),
      )
      const won = changed.filter((each) => each !== undefined)

      expect(won).toHaveLength(1)
      expect(await users.findUser('torn')).toEqual(won[0])
      expect(won[0]?.epoch).toBe(1)
    })

    test('is given another scope, and none', async () => {
      const user = { ...ada, username: 'scoped' }
      await users.putNewUser(user)

      expect(await users.setScope('scoped', ['b', 'a'])).toEqual({ ...user, scope: ['b', 'a'] })
      expect(await users.setScope('scoped', [])).toEqual({ ...user, scope: [] })
      expect(await users.findUser('scoped')).toEqual({ ...user, scope: [] })
    })

    test('is gone once it is deleted, and its name is free', async () => {
      await users.putNewUser({ ...ada, username: 'deleted' })
      await users.deleteUser('deleted')
      await users.deleteUser('deleted')

      expect(await users.findUser('deleted')).toBeUndefined()
      expect(await users.putNewUser({ ...ada, username: 'deleted', sub: 'another' })).toBe(true)
    })

    test('does not come to be by being disabled, changed or having its sessions ended', async () => {
      expect(await users.setDisabled('nobody', true)).toBeUndefined()
      expect(await users.raiseEpoch('nobody')).toBeUndefined()
      expect(await users.raiseEpoch('nobody', ada.sub)).toBeUndefined()
      expect(await users.renewHash('nobody', ada.passwordHash, 'new')).toBe(false)
      expect(await users.setPassword('nobody', 'new')).toBeUndefined()
      expect(await users.setPassword('nobody', 'new', ada.passwordHash)).toBeUndefined()
      expect(await users.setScope('nobody', ['a'])).toBeUndefined()
      expect(await users.findUser('nobody')).toBeUndefined()
    })
  })
}
