import type { Clock } from '../clock.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { User, UserStore } from './account.ts'
import type { SubjectStore } from './subject.ts'

/** An account of another system, as far as it can be taken over. `username` is canonical. */
export type ForeignAccount = {
  readonly username: string
  readonly passwordHash: string
  readonly scope: readonly string[]
  readonly disabled: boolean
  readonly sub: string | undefined
}

export type ImportFailure = {
  readonly reason: 'unverifiable_hash' | 'unknown_scope' | 'subject_taken' | 'username_taken'
}

export type ImportAccount = (user: ForeignAccount) => Promise<Result<User, ImportFailure>>

export type ImportDependencies = {
  readonly users: Pick<UserStore, 'putNewUser'>
  readonly subjects: SubjectStore
  readonly hasher: Pick<PasswordHasher, 'isVerifiable'>
  readonly scopes: readonly string[]
  readonly clock: Clock
  readonly newId: () => string
}

/**
 * Takes an account over with the hash that it has. Who is there already is left alone, so that an import can be run again
 * from the start; the password itself is held against no policy, for nobody knows it.
 */
export function createImportAccount(dependencies: ImportDependencies): ImportAccount {
  const { users, subjects, hasher, scopes, clock, newId } = dependencies
  return async ({ sub, ...foreign }) => {
    if (!hasher.isVerifiable(foreign.passwordHash)) return fail({ reason: 'unverifiable_hash' })
    if (!foreign.scope.every((token) => scopes.includes(token))) return fail({ reason: 'unknown_scope' })
    // Claimed first: should the second write not be made, the next run finds the claim to be this name's.
    if (sub !== undefined && !(await subjects.claimSubject(sub, foreign.username)))
      return fail({ reason: 'subject_taken' })
    const user: User = { ...foreign, sub: sub ?? newId(), createdAt: clock(), epoch: 0 }
    return (await users.putNewUser(user)) ? succeed(user) : fail({ reason: 'username_taken' })
  }
}
