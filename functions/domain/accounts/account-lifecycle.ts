import type { SessionStore } from '../sessions/session.ts'
import type { User, UserStore } from './account.ts'

/** Each gives the account as it was left; undefined where there is none of this name. */
export type AccountLifecycle = {
  /** Ends its sessions. */
  readonly revokeSessions: (username: string) => Promise<User | undefined>
  /** Ends its sessions, and there are no new ones. */
  readonly disableUser: (username: string) => Promise<User | undefined>
  readonly deleteUser: (username: string) => Promise<User | undefined>
}

export type AccountLifecycleDependencies = {
  readonly users: Pick<UserStore, 'setDisabled' | 'raiseEpoch' | 'deleteUser'>
  readonly sessions: Pick<SessionStore, 'deleteSessions'>
}

/** What ends an account's sessions. Whatever fails on the way can be done again, to the same end. */
export function createAccountLifecycle({ users, sessions }: AccountLifecycleDependencies): AccountLifecycle {
  // The account is marked in one write, and no session outlives that; what is deleted afterwards is their remains.
  const endSessionsOf = async (user: User | undefined): Promise<User | undefined> => {
    if (user) await sessions.deleteSessions(user.sub)
    return user
  }
  const disableUser = async (username: string) => endSessionsOf(await users.setDisabled(username, true))
  return {
    disableUser,
    revokeSessions: async (username) => endSessionsOf(await users.raiseEpoch(username)),
    deleteUser: async (username) => {
      const user = await disableUser(username)
      if (user) await users.deleteUser(username)
      return user
    },
  }
}
