/**
 * An account. `username` is canonical; `sub` is random and never reused; `createdAt` is a NumericDate. `epoch` is the
 * mark that ends sessions: it only grows, and a session that began under another one is over.
 */
export type User = {
  readonly sub: string
  readonly username: string
  readonly passwordHash: string
  readonly scope: readonly string[]
  readonly disabled: boolean
  readonly createdAt: number
  readonly epoch: number
}

/** Some accounts, and from where to go on; undefined after the last. */
type UserPage = { readonly users: readonly User[]; readonly next: string | undefined }

/** Where accounts are kept. Every name is canonical; each change is one conditional write. */
export type UserStore = {
  readonly findUser: (username: string) => Promise<User | undefined>
  /** False, and nothing changed, where the name is taken. */
  readonly putNewUser: (user: User) => Promise<boolean>
  /** The changed account; undefined where there is no such name. Disabling raises the epoch in the same write. */
  readonly setDisabled: (username: string, disabled: boolean) => Promise<User | undefined>
  /**
   * Gives an account a new hash and ends its sessions, by raising the epoch in the same write. With `from` only from that
   * hash, so that of two changes at once one wins. The changed account; undefined where nothing changed.
   */
  readonly setPassword: (username: string, to: string, from?: string) => Promise<User | undefined>
  readonly setScope: (username: string, scope: readonly string[]) => Promise<User | undefined>
  /** False, and nothing changed, where the account is gone or its hash is no longer `from`. */
  readonly renewHash: (username: string, from: string, to: string) => Promise<boolean>
  /** The changed account; undefined where there is none of this name, or it is not the subject's (any more). */
  readonly raiseEpoch: (username: string, sub?: string) => Promise<User | undefined>
  /** All accounts, page by page, in no order. For administrators alone: it reads the whole table. Undefined for a `from` that is none. */
  readonly listUsers: (from?: string) => Promise<UserPage | undefined>
  readonly deleteUser: (username: string) => Promise<void>
}
