import { checkNewPassword, type PasswordPolicy, type PasswordRefusal } from '../passwords/password-policy.ts'
import type { Result } from '../result.ts'
import type { Account } from './account.ts'
import { type AccountRequest, type AddDependencies, createAddAccount } from './add-account.ts'

export type CreateAccountFailure = PasswordRefusal | { readonly reason: 'username_taken' }

export type CreateAccount = (request: AccountRequest) => Promise<Result<Account, CreateAccountFailure>>

type Dependencies = AddDependencies & { readonly policy: PasswordPolicy }

/** Creates accounts whose passwords are new, so that they must keep to the policy. */
export function createCreateAccount({ policy, ...dependencies }: Dependencies): CreateAccount {
  const addAccount = createAddAccount(dependencies)
  return async (request) => {
    const checked = checkNewPassword(policy, request.password, [request.username])
    return checked.ok ? addAccount(request) : checked
  }
}
