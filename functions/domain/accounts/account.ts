import type { Result } from '../result.ts'
import { type IdentifierKind, kindOf } from './identifier.ts'

/**
 * An account is its `sub`: random or imported, never reused for anyone else. `identifiers` point to it: at least one,
 * canonical, at most one of each kind. `emailVerified` says that its owner proved to receive mail at its address; false
 * without an address. `createdAt` is a NumericDate. Credentials and sessions are kept elsewhere.
 */
export type Account = {
  readonly sub: string
  readonly identifiers: readonly string[]
  readonly emailVerified: boolean
  readonly scope: readonly string[]
  /** The groups that it is in; absent where it is in none. */
  readonly groups?: readonly string[] | undefined
  readonly disabled: boolean
  readonly createdAt: number
}

const find = ({ identifiers }: Account, kind: IdentifierKind): string | undefined =>
  identifiers.find((identifier) => kindOf(identifier) === kind)

/** What an account is called: its name if it has one, else its e-mail address. */
export const usernameOf = (account: Account): string => find(account, 'name') ?? account.identifiers[0] ?? ''

/** Where mail to an account goes: its stored address, never one that was typed (REQ-111). */
export const addressOf = (account: Account): string | undefined => find(account, 'email')

/** An account before and after its address was changed: both addresses are told. */
export type AddressChange = { readonly before: Account; readonly after: Account }

/** The addresses that are told of a change: those that only one of the two has. */
export const changedAddresses = ({ before, after }: AddressChange): readonly string[] => {
  const [from, to] = [addressOf(before), addressOf(after)]
  return from === to ? [] : [from, to].filter((address) => address !== undefined)
}

/** The account with `to` in the place of `from`, or beside what it has. `emailVerified` is about a new address. */
export const withIdentifier = (
  account: Account,
  from: string | undefined,
  to: string,
  emailVerified = false,
): Account => ({
  ...account,
  identifiers:
    from === undefined ? [...account.identifiers, to] : account.identifiers.map((each) => (each === from ? to : each)),
  emailVerified: kindOf(to) === 'email' ? emailVerified : account.emailVerified,
})

/** Why an account was not created. */
export type NewAccountFailure = { readonly reason: 'username_taken' | 'subject_taken' | 'subject_deleted' }

/**
 * `passwordHash` is absent for an account without a password. `isImported` marks it, hash or not, until the first log-in.
 * `oldUsername`, in the place of a hash, is the identifier whose password a log-in asks the old system about.
 * `restored` allows the subject of a deleted account.
 */
export type NewAccount = {
  readonly account: Account
  readonly passwordHash?: string
  readonly isImported?: boolean
  readonly oldUsername?: string
  readonly subject: 'new' | 'imported' | 'restored'
}

/** Some accounts by identifier, ascending, and the cursor of the next page; undefined after the last. */
export type AccountPage = { readonly accounts: readonly Account[]; readonly cursor: string | undefined }

/** `after` is the cursor of a previous page. */
export type PageRequest = {
  readonly prefix: string
  readonly after: string | undefined
  readonly limit: number
}

/** Where accounts are kept. Reads are strongly consistent; each change is one conditional write or one transaction. */
export type AccountStore = {
  readonly findSubject: (identifier: string) => Promise<string | undefined>
  readonly findAccount: (sub: string) => Promise<Account | undefined>
  /** Whether the account with this subject was deleted, and no other has the subject now. */
  readonly isSubjectDeleted: (sub: string) => Promise<boolean>
  /** Puts account, identifiers and password hash, or nothing at all. */
  readonly putNewAccount: (account: NewAccount) => Promise<Result<void, NewAccountFailure>>
  /** Disables an account and ends its sessions by raising the epoch. False if there is no such account. */
  readonly disableAccount: (sub: string) => Promise<boolean>
  /** The changed account; undefined if there is no such account. */
  readonly enableAccount: (sub: string) => Promise<Account | undefined>
  /** The changed account; undefined if there is no such account. */
  readonly setScope: (sub: string, scope: readonly string[]) => Promise<Account | undefined>
  /** The changed account; undefined if there is no such account. */
  readonly setGroups: (sub: string, groups: readonly string[]) => Promise<Account | undefined>
  /** Replaces an identifier of the account; a new address is unverified. Fails where the account no longer has `from`, or `to` belongs to another. */
  readonly replaceIdentifier: (
    account: Account,
    from: string,
    to: string,
  ) => Promise<Result<Account, { readonly reason: 'unknown_user' | 'username_taken' }>>
  /**
   * Makes `address` the address of the account, in the place of the one before, or says whether it is verified. Fails with
   * `changed_meanwhile` where the account no longer has the identifiers as given; another try may succeed.
   */
  readonly setAddress: (
    account: Account,
    address: string,
    isVerified: boolean,
  ) => Promise<Result<Account, { readonly reason: 'address_taken' | 'changed_meanwhile' }>>
  /**
   * Deletes account, identifiers and credentials and ends its sessions by raising the epoch, which stays. False, and
   * nothing changed, where the account is no longer as given.
   */
  readonly deleteAccount: (account: Account) => Promise<boolean>
  readonly listAccounts: (request: PageRequest) => Promise<AccountPage>
}
