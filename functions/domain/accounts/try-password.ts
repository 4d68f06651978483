import type { HashFailure } from '../passwords/hashing/hash-part.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { EnteredPassword } from '../passwords/password.ts'
import { type Result, succeed } from '../result.ts'
import type { ForeignAccount } from './import-account.ts'

/** Whether an account that could be imported has this password. Reads and writes nothing. */
export type TryPassword = (account: ForeignAccount, password: EnteredPassword) => Promise<Result<boolean, HashFailure>>

type Dependencies = { readonly hasher: Pick<PasswordHasher, 'prepareImport' | 'verify'> }

export function createTryPassword({ hasher }: Dependencies): TryPassword {
  return async ({ passwordHash }, { password, sent }) => {
    const prepared = passwordHash === undefined ? succeed(undefined) : await hasher.prepareImport(passwordHash)
    if (!prepared.ok) return prepared
    return succeed(prepared.value !== undefined && (await hasher.verify(password, prepared.value, sent)))
  }
}
