import type { User, UserStore } from '../../../functions/domain/accounts/account.ts'

/** Accounts in memory, held to the same contract as those in DynamoDB. */
export function createMemoryUsers(...users: readonly User[]): UserStore {
  const kept = new Map(users.map((user) => [user.username, user]))
  const change = (username: string, changed: (user: User) => User): User | undefined => {
    const user = kept.get(username)
    if (user) kept.set(username, changed(user))
    return kept.get(username)
  }
  return {
    findUser: async (username) => kept.get(username),
    putNewUser: async (user) => {
      if (kept.has(user.username)) return false
      kept.set(user.username, user)
      return true
    },
    setDisabled: async (username, disabled) =>
      change(username, (user) => ({ ...user, disabled, epoch: user.epoch + (disabled ? 1 : 0) })),
    raiseEpoch: async (username, sub) => {
      if (sub !== undefined && kept.get(username)?.sub !== sub) return undefined
      return change(username, (user) => ({ ...user, epoch: user.epoch + 1 }))
    },
    setPassword: async (username, to, from) => {
      if (from !== undefined && kept.get(username)?.passwordHash !== from) return undefined
      return change(username, (user) => ({ ...user, passwordHash: to, epoch: user.epoch + 1 }))
    },
    setScope: async (username, scope) => change(username, (user) => ({ ...user, scope })),
    renewHash: async (username, from, to) => {
      if (kept.get(username)?.passwordHash !== from) return false
      return change(username, (user) => ({ ...user, passwordHash: to })) !== undefined
    },
    listUsers: async () => ({ users: [...kept.values()], next: undefined }),
    deleteUser: async (username) => {
      kept.delete(username)
    },
  }
}
