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

/** Where accounts are kept. Every name is canonical; each change is one conditional write. */
export type UserStore = {
  readonly findUser: (username: string) => Promise<User | undefined>
  /** False, and nothing changed, where the name is taken. */
  readonly putNewUser: (user: User) => Promise<boolean>
  /** The changed account; undefined where there is no such name. Disabling raises the epoch in the same write. */
  readonly setDisabled: (username: string, disabled: boolean) => Promise<User | undefined>
  /** The changed account; undefined where there is none of this name, or it is not the subject's (any more). */
  readonly raiseEpoch: (username: string, sub?: string) => Promise<User | undefined>
  readonly deleteUser: (username: string) => Promise<void>
}
