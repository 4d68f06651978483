import { finishAll } from './finish-all.ts'
import type { Password } from './password.ts'
import type { PasswordHasher } from './password-hash.ts'
import type { Throttle } from './throttle.ts'
import type { User, UserStore } from './user.ts'

/** What follows when a password has matched: a user as it was authenticated, and with which password. */
export type RecordSuccess = (user: User, password: Password) => Promise<void>

type Dependencies = {
  readonly users: Pick<UserStore, 'renewHash'>
  readonly hasher: Pick<PasswordHasher, 'hash' | 'isRenewable'>
  readonly throttle: Pick<Throttle, 'clear'>
}

/** Forgets the failures before, and makes an imported or outdated hash anew from the password that has just matched it. */
export function createSuccessRecorder({ users, hasher, throttle }: Dependencies): RecordSuccess {
  // Who changed the password meanwhile wins: the write holds only while the hash is the one that was matched.
  const renew = async ({ username, passwordHash }: User, password: Password): Promise<void> => {
    await users.renewHash(username, passwordHash, await hasher.hash(password))
  }
  return async (user, password) => {
    const outdated = hasher.isRenewable(password, user.passwordHash)
    await finishAll([throttle.clear(user.username), outdated && renew(user, password)])
  }
}
