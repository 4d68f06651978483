import { createAccountLifecycle } from '../domain/accounts/account-lifecycle.ts'
import { createCreateAccount } from '../domain/accounts/create-account.ts'
import { createImportAccount } from '../domain/accounts/import-account.ts'
import { createSetAddress } from '../domain/accounts/set-address.ts'
import { createTryPassword } from '../domain/accounts/try-password.ts'
import type { Clock } from '../domain/clock.ts'
import type { PasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import { randomId } from '../domain/random-id.ts'
import type { EnrolmentStore } from '../domain/sign-in/enrolment/enrolment-store.ts'
import { createResetFactors } from '../domain/sign-in/enrolment/reset-factors.ts'
import { createSetPassword } from '../domain/sign-in/password/set-password.ts'
import type { Stores } from './stores.ts'

type Parts = {
  readonly stores: Stores
  readonly enrolments: Pick<EnrolmentStore, 'resetFactors'>
  readonly hasher: PasswordHasher
  readonly clock: Clock
}

/** What administrators do to accounts. */
export function wireAdministration(
  { stores, enrolments, ...parts }: Parts,
  policy: PasswordPolicy,
  scopes: readonly string[],
) {
  const common = { ...stores, enrolments, ...parts, policy, scopes, newId: randomId }
  return {
    accounts: stores.accounts,
    passwords: stores.passwords,
    createAccount: createCreateAccount(common),
    importAccount: createImportAccount(common),
    tryPassword: createTryPassword(common),
    setPassword: createSetPassword(common),
    setAddress: createSetAddress(common),
    findCredentials: stores.findCredentials,
    resetFactors: createResetFactors(common),
    lifecycle: createAccountLifecycle(common),
  }
}
