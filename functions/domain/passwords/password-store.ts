/** Where password hashes are kept, by subject. An account may have none. Reads are strongly consistent. */
export type PasswordStore = {
  readonly findHash: (sub: string) => Promise<string | undefined>
  /** Replaces a hash by one of the same password. False, and nothing changed, where the hash is no longer `from`. */
  readonly renewHash: (sub: string, from: string, to: string) => Promise<boolean>
  /**
   * Replaces a password and raises the epoch, in one transaction, so that of two changes at once one wins and no session
   * outlives it. The new epoch; undefined, and nothing changed, where hash or epoch is no longer as given.
   */
  readonly changeHash: (sub: string, change: HashChange) => Promise<number | undefined>
  /** Sets the password of an account, whatever it had, and raises the epoch. False where there is no such account. */
  readonly setHash: (sub: string, to: string) => Promise<boolean>
}

type HashChange = { readonly from: string; readonly to: string; readonly epoch: number }
