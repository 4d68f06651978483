import {
  type Account,
  type AccountStore,
  addressOf,
  type NewAccount,
  usernameOf,
  withIdentifier,
} from '../../../functions/domain/accounts/account.ts'
import type { ConfirmationStore } from '../../../functions/domain/accounts/confirmation-store.ts'
import { kindOf } from '../../../functions/domain/accounts/identifier.ts'
import type { CodeStore } from '../../../functions/domain/codes/code-store.ts'
import { noFactors } from '../../../functions/domain/factors/factors.ts'
import type { PasswordStore } from '../../../functions/domain/passwords/password-store.ts'
import { fail, succeed } from '../../../functions/domain/result.ts'
import type { Session, SessionStore } from '../../../functions/domain/sessions/session.ts'
import type { AuthSessionStore } from '../../../functions/domain/sign-in/auth-session.ts'
import type { FindCredentials } from '../../../functions/domain/sign-in/factor-store.ts'
import { createMemoryCodes } from './memory-codes.ts'
import { noAuthSessions } from './unthrottled.ts'

type Kept = Omit<NewAccount, 'subject'>

export type MemoryStores = {
  readonly accounts: AccountStore
  readonly passwords: PasswordStore
  readonly findCredentials: FindCredentials
  readonly authSessions: AuthSessionStore
  readonly sessions: SessionStore
}

/** Those and what belongs to codes that are mailed. */
export type ConfirmingStores = MemoryStores & {
  readonly codes: CodeStore
  readonly confirmations: ConfirmationStore
}

/** Accounts, passwords, sessions and codes in memory, held to the same contracts as those in DynamoDB. */
export function createMemoryStores(...kept: readonly Kept[]): ConfirmingStores {
  const accounts = new Map<string, Account>()
  const hashes = new Map<string, string>()
  const imported = new Set<string>()
  const oldUsernames = new Map<string, string>()
  const subjects = new Map<string, string>()
  const epochs = new Map<string, number>()
  const deleted = new Set<string>()
  const sessions = new Map<string, Session>()
  const codes = createMemoryCodes()
  const sessionKey = (sub: string, id: string) => JSON.stringify([sub, id])
  const epochOf = (sub: string) => epochs.get(sub) ?? 0
  const raise = (sub: string) => epochs.set(sub, epochOf(sub) + 1)

  function put({ account, passwordHash, isImported = false, oldUsername }: Kept) {
    if (isImported) imported.add(account.sub)
    if (oldUsername !== undefined) oldUsernames.set(account.sub, oldUsername)
    accounts.set(account.sub, account)
    for (const identifier of account.identifiers) subjects.set(identifier, account.sub)
    if (passwordHash !== undefined) hashes.set(account.sub, passwordHash)
  }
  function change(sub: string, changes: Partial<Account>): Account | undefined {
    const account = accounts.get(sub)
    if (account) accounts.set(sub, { ...account, ...changes })
    return accounts.get(sub)
  }
  const isUnchanged = ({ sub, identifiers }: Account) =>
    JSON.stringify(accounts.get(sub)?.identifiers) === JSON.stringify(identifiers)
  const findPassword = (sub: string) => {
    const marks = { isImported: imported.has(sub), isInOldSystem: oldUsernames.has(sub) }
    return hashes.has(sub) || marks.isImported || marks.isInOldSystem ? { hash: hashes.get(sub), ...marks } : undefined
  }
  for (const each of kept) put(each)

  const confirmations: ConfirmationStore = {
    confirmAccount: async (account, code) => {
      if (!codes.isGood(code)) return fail({ reason: 'wrong_code' })
      const taken = account.identifiers.filter((identifier) => subjects.has(identifier)).map(kindOf)
      if (taken.length > 0) return fail({ reason: taken.includes('email') ? 'address_taken' : 'username_taken' })
      codes.consume(code)
      put({ account, passwordHash: code.payload.passwordHash })
      return succeed(undefined)
    },
    confirmPassword: async (passwordHash, code) => {
      const { sub, epoch, address } = code.binding
      const account = accounts.get(sub)
      const isOwner = account && !account.disabled && addressOf(account) === address && epochOf(sub) === epoch
      if (!isOwner || !codes.isGood(code)) return fail({ reason: 'wrong_code' })
      codes.consume(code)
      hashes.set(sub, passwordHash)
      imported.delete(sub)
      oldUsernames.delete(sub)
      raise(sub)
      return succeed(undefined)
    },
    confirmAddress: async (account, code) => {
      const { sub, epoch, address } = code.payload
      if (!codes.isGood(code) || epochOf(sub) !== epoch) return fail({ reason: 'wrong_code' })
      const from = addressOf(account)
      if (from !== address && subjects.has(address)) return fail({ reason: 'address_taken' })
      if (!isUnchanged(account)) return fail({ reason: 'changed_meanwhile' })
      codes.consume(code)
      if (from !== undefined) subjects.delete(from)
      subjects.set(address, sub)
      const confirmed = withIdentifier(account, from, address, true)
      change(sub, { identifiers: confirmed.identifiers, emailVerified: true })
      return succeed(confirmed)
    },
  }

  return {
    codes: codes.store,
    confirmations,
    authSessions: noAuthSessions,
    // There are no second factors in memory.
    findCredentials: async (sub) => ({ password: findPassword(sub), factors: noFactors }),
    accounts: {
      findSubject: async (identifier) => subjects.get(identifier),
      findAccount: async (sub) => accounts.get(sub),
      isSubjectDeleted: async (sub) => deleted.has(sub),
      putNewAccount: async ({ subject, ...added }) => {
        const { sub, identifiers } = added.account
        if (identifiers.some((identifier) => subjects.has(identifier))) return fail({ reason: 'username_taken' })
        if (accounts.has(sub)) return fail({ reason: 'subject_taken' })
        if (subject === 'imported' && deleted.has(sub)) return fail({ reason: 'subject_deleted' })
        if (subject === 'restored') raise(sub)
        deleted.delete(sub)
        put(added)
        return succeed(undefined)
      },
      disableAccount: async (sub) => {
        if (!change(sub, { disabled: true })) return false
        raise(sub)
        return true
      },
      enableAccount: async (sub) => change(sub, { disabled: false }),
      setScope: async (sub, scope) => change(sub, { scope }),
      setGroups: async (sub, groups) => change(sub, { groups: groups.length > 0 ? groups : undefined }),
      replaceIdentifier: async (account, from, to) => {
        if (subjects.has(to)) return fail({ reason: 'username_taken' })
        if (!isUnchanged(account)) return fail({ reason: 'unknown_user' })
        subjects.delete(from)
        subjects.set(to, account.sub)
        const { identifiers, emailVerified } = withIdentifier(account, from, to)
        change(account.sub, { identifiers, ...(kindOf(to) === 'email' && { emailVerified }) })
        return succeed(withIdentifier(account, from, to))
      },
      setAddress: async (account, address, isVerified) => {
        const from = addressOf(account)
        if (from !== address && subjects.has(address)) return fail({ reason: 'address_taken' })
        if (!isUnchanged(account)) return fail({ reason: 'changed_meanwhile' })
        if (from !== undefined) subjects.delete(from)
        subjects.set(address, account.sub)
        const changed = withIdentifier(account, from, address, isVerified)
        change(account.sub, { identifiers: changed.identifiers, emailVerified: isVerified })
        return succeed(changed)
      },
      deleteAccount: async (account) => {
        if (!isUnchanged(account)) return false
        for (const identifier of account.identifiers) subjects.delete(identifier)
        accounts.delete(account.sub)
        hashes.delete(account.sub)
        imported.delete(account.sub)
        oldUsernames.delete(account.sub)
        deleted.add(account.sub)
        raise(account.sub)
        return true
      },
      listAccounts: async ({ prefix, after, limit }) => {
        const bytes = (account: Account) => Buffer.from(usernameOf(account))
        const found = [...accounts.values()]
          .filter((account) => usernameOf(account).startsWith(prefix))
          .sort((a, b) => Buffer.compare(bytes(a), bytes(b)))
          .filter((account) => after === undefined || Buffer.compare(bytes(account), Buffer.from(after)) > 0)
        const page = found.slice(0, limit)
        const last = page.at(-1)
        return { accounts: page, cursor: last && found.length > limit ? usernameOf(last) : undefined }
      },
    },
    passwords: {
      findHash: async (sub) => hashes.get(sub),
      findPassword: async (sub) => findPassword(sub),
      renewHash: async (sub, from, to) => {
        if (hashes.get(sub) !== from) return false
        hashes.set(sub, to)
        imported.delete(sub)
        return true
      },
      confirmHash: async (sub, hash) => {
        if (hashes.get(sub) !== hash) return false
        imported.delete(sub)
        return true
      },
      changeHash: async (sub, { from, to, epoch }) => {
        if (hashes.get(sub) !== from || epochOf(sub) !== epoch) return undefined
        hashes.set(sub, to)
        imported.delete(sub)
        raise(sub)
        return epochOf(sub)
      },
      setHash: async (sub, to) => {
        if (!accounts.has(sub)) return false
        hashes.set(sub, to)
        imported.delete(sub)
        oldUsernames.delete(sub)
        raise(sub)
        return true
      },
      replaceImported: async ({ identifier, sub, hash }) => {
        if (subjects.get(identifier) !== sub || !accounts.has(sub) || !imported.has(sub)) return false
        if (hash === undefined) hashes.delete(sub)
        else hashes.set(sub, hash)
        raise(sub)
        return true
      },
      setMigratedHash: async ({ identifier, sub, hash, verified }) => {
        const oldUsername = oldUsernames.get(sub)
        const isConfirmed = oldUsername !== undefined && (verified || oldUsername === identifier)
        if (subjects.get(identifier) !== sub || !isConfirmed) return false
        oldUsernames.delete(sub)
        hashes.set(sub, hash)
        return true
      },
    },
    sessions: {
      readEpoch: async (sub) => epochOf(sub),
      raiseEpoch: async (sub) => void raise(sub),
      findSession: async (sub, id) => sessions.get(sessionKey(sub, id)),
      listSessions: async (sub) => ({
        epoch: epochOf(sub),
        sessions: [...sessions.values()].filter((session) => session.sub === sub),
      }),
      putNewSession: async (session) => {
        const key = sessionKey(session.sub, session.id)
        const there = sessions.get(key)
        if (there && there.secretHash !== session.secretHash) throw new Error('There is such a session.')
        sessions.set(key, session)
      },
      replaceSession: async (from, to) => {
        const key = sessionKey(to.sub, to.id)
        const stateOf = (session?: Session) => JSON.stringify([session?.secretHash, session?.lateRetries])
        const isReplaced = stateOf(sessions.get(key)) === stateOf(from)
        if (isReplaced) sessions.set(key, to)
        return { isReplaced, session: sessions.get(key) }
      },
      deleteSession: async (sub, id) => sessions.delete(sessionKey(sub, id)),
    },
  }
}
