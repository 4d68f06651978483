/** `isImported`: it came with `import-users`, and nobody has logged in with it here yet. `hash` is absent if it came without a password. */
export type StoredPassword = { readonly hash: string | undefined; readonly isImported: boolean }

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
}

type HashChange = { readonly from: string; readonly to: string; readonly epoch: number }

type ImportedPassword = { readonly identifier: string; readonly sub: string; readonly hash: string | undefined }
