import { allSettledThenThrow } from '../all-settled-then-throw.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import type { PasswordStore } from '../passwords/password-store.ts'
import type { Throttle } from '../throttling/throttle.ts'
import type { Authenticated } from './authenticate.ts'

/** What follows a right password, beside the session that it starts. */
export type RecordSuccess = (
  authenticated: Authenticated,
  used: { readonly username: string; readonly password: Password },
) => Promise<void>

type Dependencies = {
  readonly passwords: Pick<PasswordStore, 'renewHash'>
  readonly hasher: Pick<PasswordHasher, 'hash' | 'isRenewable'>
  readonly throttle: Pick<Throttle, 'clear'>
}

/** Clears the failures of the identifier, and replaces an imported or outdated hash by a new one of the same password. */
export function createRecordSuccess({ passwords, hasher, throttle }: Dependencies): RecordSuccess {
  // A password change in the meantime wins: the write only replaces the hash that was matched.
  const renew = async ({ account: { sub }, passwordHash }: Authenticated, password: Password): Promise<void> => {
    await passwords.renewHash(sub, passwordHash, await hasher.hash(password))
  }
  return async (authenticated, { username, password }) => {
    const isOutdated = hasher.isRenewable(password, authenticated.passwordHash)
    await allSettledThenThrow([throttle.clear({ identifier: username }), isOutdated && renew(authenticated, password)])
  }
}
