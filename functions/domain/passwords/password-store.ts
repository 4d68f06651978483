/**
 * `isImported`: it came with `import-users`, and nobody has logged in with it here yet. `isInOldSystem`: only the old system
 * can verify it. `hash` is absent then, and where an import came without a password.
 */
export type StoredPassword = {
  readonly hash: string | undefined
  readonly isImported: boolean
  readonly isInOldSystem: boolean
}

/** Where password hashes are kept, by subject. An account may have none. Reads are strongly consistent. */
export type PasswordStore = {
  readonly findHash: (sub: string) => Promise<string | undefined>
  readonly findPassword: (sub: string) => Promise<StoredPassword | undefined>
  /**
   * Replaces a hash by one of the same password, which is not imported any more. False, and nothing changed, where the
   * hash is no longer `from`.
   */
  readonly renewHash: (sub: string, from: string, to: string) => Promise<boolean>
  /** Notes a log-in with an imported hash that stays. False, and nothing changed, where the hash is another by now. */
  readonly confirmHash: (sub: string, hash: string) => Promise<boolean>
  /**
   * Replaces a password and raises the epoch, in one transaction, so that of two changes at once one wins and no session
   * outlives it. The new epoch; undefined, and nothing changed, where hash or epoch is no longer as given.
   */
  readonly changeHash: (sub: string, change: HashChange) => Promise<number | undefined>
  /** Sets the password of an account, whatever it had, and raises the epoch. False where there is no such account. */
  readonly setHash: (sub: string, to: string) => Promise<boolean>
  /**
   * Replaces an imported password, or removes it, and raises the epoch, in one transaction: a log-in with the old one
   * that is under way leaves nothing. False, and nothing changed, where the identifier no longer points to the subject or
   * the password is not imported any more.
   */
  readonly replaceImported: (imported: ImportedPassword) => Promise<boolean>
  /**
   * Sets the password of an account whose password was in the old system, which was asked about `identifier`. That must
   * be the one that the account came with, or an address that is `verified` there as the person's own. False, and nothing
   * changed, where the identifier no longer points to the subject or a password was set meanwhile.
   */
  readonly setMigratedHash: (migrated: MigratedPassword) => Promise<boolean>
}

type HashChange = { readonly from: string; readonly to: string; readonly epoch: number }

type MigratedPassword = {
  readonly identifier: string
  readonly sub: string
  readonly hash: string
  readonly verified: boolean
}

type ImportedPassword = { readonly identifier: string; readonly sub: string; readonly hash: string | undefined }
