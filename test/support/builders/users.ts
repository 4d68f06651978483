import { usernameOf } from '../../../functions/domain/accounts/account.ts'
import type { MemoryStores } from '../fakes/memory-stores.ts'

/** An account with what else is kept of it, as tests speak of it. */
export type TestUser = {
  readonly sub: string
  readonly username: string
  readonly passwordHash: string
  readonly scope: readonly string[]
  readonly disabled: boolean
  readonly createdAt: number
  readonly epoch: number
}

/** A user as one is created. */
export const aUser = (changes: Partial<TestUser> = {}): TestUser => ({
  sub: 'subject-of-ada',
  username: 'ada',
  passwordHash: '$argon2id$…',
  scope: ['orders:read', 'orders:write'],
  disabled: false,
  createdAt: 1_700_000_000,
  epoch: 0,
  ...changes,
})

/** A user as stores in memory begin with it. */
export const keptUser = ({ sub, username, scope, disabled, createdAt, passwordHash }: TestUser) => ({
  account: { sub, identifiers: [username], emailVerified: false, scope, disabled, createdAt },
  passwordHash,
})

/** Users by name, in stores of any kind. */
export function createUsers({ accounts, passwords, sessions }: MemoryStores) {
  const find = async (username: string) => {
    const sub = await accounts.findSubject(username)
    return sub === undefined ? undefined : accounts.findAccount(sub)
  }
  return {
    findUser: async (username: string): Promise<TestUser | undefined> => {
      const account = await find(username)
      if (!account) return undefined
      const { identifiers: _, emailVerified: __, ...rest } = account
      const passwordHash = (await passwords.findHash(account.sub)) ?? ''
      return { ...rest, username: usernameOf(account), passwordHash, epoch: await sessions.readEpoch(account.sub) }
    },
    putNewUser: async (user: TestUser): Promise<boolean> =>
      (await accounts.putNewAccount({ ...keptUser(user), subject: 'new' })).ok,
    setDisabled: async (username: string, disabled: boolean): Promise<void> => {
      const account = await find(username)
      if (account) await (disabled ? accounts.disableAccount(account.sub) : accounts.enableAccount(account.sub))
    },
    setPassword: async (username: string, passwordHash: string): Promise<void> => {
      const account = await find(username)
      if (account) await passwords.setHash(account.sub, passwordHash)
    },
    deleteUser: async (username: string): Promise<void> => {
      const account = await find(username)
      if (account) await accounts.deleteAccount(account)
    },
  }
}
