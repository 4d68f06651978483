import { fail, type Result, succeed } from '../result.ts'
import { deleteEndedSessions, endSessions } from '../sessions/end-sessions.ts'
import type { SessionStore } from '../sessions/session.ts'
import { Unavailable } from '../unavailable.ts'
import type { Account, AccountStore } from './account.ts'
import { kindOf } from './identifier.ts'

export type RenameFailure = { readonly reason: 'unknown_user' | 'username_taken' | 'other_kind' }

/** Each takes a canonical identifier and returns the account as it left it; undefined for an unknown identifier. */
export type AccountLifecycle = {
  readonly find: (username: string) => Promise<Account | undefined>
  /** Ends its sessions. */
  readonly revokeSessions: (username: string) => Promise<Account | undefined>
  /** Ends its sessions and refuses new ones. */
  readonly disable: (username: string) => Promise<Account | undefined>
  readonly enable: (username: string) => Promise<Account | undefined>
  readonly remove: (username: string) => Promise<Account | undefined>
  /** Replaces an identifier by another of the same kind; subject, sessions and scope stay. */
  readonly rename: (from: string, to: string) => Promise<Result<Account, RenameFailure>>
}

const maxTries = 5

type Dependencies = {
  readonly accounts: Pick<
    AccountStore,
    'findSubject' | 'findAccount' | 'disableAccount' | 'enableAccount' | 'replaceIdentifier' | 'deleteAccount'
  >
  readonly sessions: Pick<SessionStore, 'raiseEpoch' | 'listSessions' | 'deleteSession'>
}

/**
 * What an administrator does to whole accounts. What ends sessions first raises the epoch, which no session survives, and
 * then deletes what is left of them; a call that fails halfway can be repeated.
 */
export function createAccountLifecycle({ accounts, sessions }: Dependencies): AccountLifecycle {
  const find = async (username: string): Promise<Account | undefined> => {
    const sub = await accounts.findSubject(username)
    return sub === undefined ? undefined : accounts.findAccount(sub)
  }
  const disable = async (username: string): Promise<Account | undefined> => {
    const account = await find(username)
    if (!account || !(await accounts.disableAccount(account.sub))) return undefined
    await deleteEndedSessions(sessions, account.sub)
    return { ...account, disabled: true }
  }
  const remove = async (username: string, tries = maxTries): Promise<Account | undefined> => {
    // First disabled, while it can be found: should the rest fail, a second call still ends what is left of its sessions.
    const account = await disable(username)
    if (!account) return undefined
    if (await accounts.deleteAccount(account)) {
      await deleteEndedSessions(sessions, account.sub)
      return account
    }
    // Renamed or deleted since it was read: decide again on what is there now.
    if (tries === 1) throw new Unavailable('The account kept changing while it was being deleted.')
    return remove(username, tries - 1)
  }
  return {
    find,
    remove: (username) => remove(username),
    revokeSessions: async (username) => {
      const account = await find(username)
      if (account) await endSessions(sessions, account.sub)
      return account
    },
    disable,
    enable: async (username) => {
      const sub = await accounts.findSubject(username)
      return sub === undefined ? undefined : accounts.enableAccount(sub)
    },
    rename: async (from, to) => {
      if (kindOf(from) !== kindOf(to)) return fail({ reason: 'other_kind' })
      const account = await find(from)
      if (!account) return fail({ reason: 'unknown_user' })
      return from === to ? succeed(account) : accounts.replaceIdentifier(account, from, to)
    },
  }
}
