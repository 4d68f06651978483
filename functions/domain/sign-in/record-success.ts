import type { User, UserStore } from '../accounts/account.ts'
import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import type { Throttle } from '../throttling/throttle.ts'

/** What follows when a password has matched: a user as it was authenticated, and with which password. */
export type RecordSuccess = (user: User, password: Password) => Promise<void>

type Dependencies = {
  readonly users: Pick<UserStore, 'renewHash'>
  readonly hasher: Pick<PasswordHasher, 'hash' | 'isRenewable'>
  readonly throttle: Pick<Throttle, 'clear'>
}

/** Forgets the failures before, and makes an imported or outdated hash anew from the password that has just matched it. */
export function createRecordSuccess({ users, hasher, throttle }: Dependencies): RecordSuccess {
  // Who changed the password meanwhile wins: the write holds only while the hash is the one that was matched.
  const renew = async ({ username, passwordHash }: User, password: Password): Promise<void> => {
    await users.renewHash(username, passwordHash, await hasher.hash(password))
  }
  return async (user, password) => {
    const outdated = hasher.isRenewable(password, user.passwordHash)
    await allSettledThenThrow([throttle.clear(user.username), outdated && renew(user, password)])
  }
}
