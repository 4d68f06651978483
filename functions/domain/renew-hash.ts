import type { Authenticate } from './authenticate.ts'
import type { PasswordHasher } from './password-hash.ts'
import type { UserStore } from './user.ts'

type Dependencies = {
  readonly users: Pick<UserStore, 'renewHash'>
  readonly hasher: Pick<PasswordHasher, 'hash' | 'isRenewable'>
}

/**
 * Authenticates, and makes an imported or outdated hash anew from the password that has just matched it. Who changed
 * the password meanwhile wins: the write holds only while the hash is the one that was matched.
 */
export function createRenewingAuthenticate(authenticate: Authenticate, { users, hasher }: Dependencies): Authenticate {
  return async (credentials) => {
    const outcome = await authenticate(credentials)
    if (outcome.ok && hasher.isRenewable(credentials.password, outcome.value.passwordHash)) {
      const { username, passwordHash } = outcome.value
      await users.renewHash(username, passwordHash, await hasher.hash(credentials.password))
    }
    return outcome
  }
}
