/** An account. `username` is canonical; `sub` is random and never reused; `createdAt` is a NumericDate. */
export type User = {
  readonly sub: string
  readonly username: string
  readonly passwordHash: string
  readonly scope: readonly string[]
  readonly disabled: boolean
  readonly createdAt: number
}

/** Where accounts are kept. Every name is canonical; each change is one conditional write. */
export type UserStore = {
  readonly findUser: (username: string) => Promise<User | undefined>
  /** False, and nothing changed, where the name is taken. */
  readonly putNewUser: (user: User) => Promise<boolean>
  /** The changed account; undefined where there is no such name. */
  readonly setDisabled: (username: string, disabled: boolean) => Promise<User | undefined>
}
