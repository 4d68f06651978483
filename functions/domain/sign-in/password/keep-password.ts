import type { PasswordHasher } from '../../passwords/hashing/password-hasher.ts'
import type { Password } from '../../passwords/password.ts'
import type { PasswordStore } from '../../passwords/password-store.ts'
import type { Authenticated } from '../authenticate.ts'

type Used = { readonly password: Password; readonly sent?: string | undefined }

/** What follows a right password, whatever else is to be proved. */
export type KeepPassword = (authenticated: Authenticated, used: Used) => Promise<void>

type Dependencies = {
  readonly passwords: Pick<PasswordStore, 'renewHash' | 'confirmHash'>
  readonly hasher: Pick<PasswordHasher, 'hash' | 'isRenewable'>
}

/**
 * Replaces an imported or outdated hash by a new one of the same password. An imported account is no longer one that
 * `import-users --update` changes. A password change in the meantime wins: the write only replaces the hash that was
 * matched, or only confirms that one.
 */
export const createKeepPassword =
  ({ passwords, hasher }: Dependencies): KeepPassword =>
  async ({ account: { sub }, passwordHash, isImported }, { password, sent }) => {
    if (await hasher.isRenewable(password, passwordHash, sent))
      await passwords.renewHash(sub, passwordHash, await hasher.hash(password))
    else if (isImported) await passwords.confirmHash(sub, passwordHash)
  }
